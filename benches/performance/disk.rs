//! What the disk can do: a durable turn cannot be quicker than one synchronised write.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Error;

const PAGE: usize = 4096;
const PAGES: u64 = 1024;

/// Synchronised page writes a second, one after another, into a file that is already there, as a write-ahead log is.
pub fn fsync_rate(folder: &Path, length: Duration) -> Result<f64, Error> {
    let path = folder.join("fsync");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    file.write_all(&vec![0; PAGE * PAGES as usize])?;
    file.sync_all()?;
    let page = [1; PAGE];
    let began = Instant::now();
    let mut writes: u64 = 0;
    while began.elapsed() < length {
        file.seek(SeekFrom::Start(writes % PAGES * PAGE as u64))?;
        file.write_all(&page)?;
        file.sync_data()?;
        writes += 1;
    }
    let rate = writes as f64 / began.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}
