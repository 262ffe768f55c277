//! The SQLite file is held by somebody else, or its disk is full: writes are refused, reads go on, nothing is lost.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use sqlx::Executor;

use crate::kills::{assert_sound_sqlite, sqlite};
use crate::load::{Account, Load, Losses, compare, failures};
use crate::report::row;
use crate::support::{Server, client};

const CLIENTS: usize = 6;
/// Turns before a fault, and after it.
const AROUND: usize = 30;
/// How long the file is locked.
const LOCKED: Duration = Duration::from_secs(10);

fn longest(accounts: &[Account]) -> u128 {
    accounts.iter().flat_map(|account| &account.refused).max().map_or(0, Duration::as_millis)
}

/// A session can be read while writes are refused.
async fn assert_reads(server: &Server, id: &str) {
    server.get(&client(), &format!("/api/v1/sessions/{id}/messages")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_may_lock_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    let id = server.create(&client()).await;
    let load = Load::new(&server, CLIENTS);
    load.turns(AROUND).await;
    let mut other = sqlite(folder.path()).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    tokio::time::sleep(LOCKED / 2).await;
    assert_reads(&server, &id).await;
    tokio::time::sleep(LOCKED / 2).await;
    other.execute("ROLLBACK").await.unwrap();
    load.turns(AROUND).await;
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    assert_sound_sqlite(folder.path()).await;
    let (refused, broken) = failures(&accounts);
    assert_eq!(broken, 0, "a request had no answer");
    let seen = format!("reads go on; {refused} writes refused with 503, the longest after {} ms", longest(&accounts));
    row("40", "SQLite file locked by another process for 10 s", &seen, losses);
}

/// A disk of a few megabytes, as long as it lives.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this user may not mount one.
    fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(folder.path()).output();
        mount.is_ok_and(|it| it.status.success()).then_some(SmallDisk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the space there is, until the file is removed.
    fn fill(&self) {
        let mut ballast = std::fs::File::create(self.path().join("ballast")).unwrap();
        while ballast.write_all(&[1; 4096]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_may_be_full() {
    let fault = "disk full under load, SQLite";
    let Some(disk) = SmallDisk::mount() else {
        let why = "not tested: this user may not mount a small disk";
        // Seen also where the output of tests that pass is not shown.
        let _ = writeln!(std::io::stderr(), "{fault}: {why}");
        return row("41", fault, why, Losses::default());
    };
    // The log stays elsewhere.
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/faults.db", disk.path().display());
    let server = Server::start(folder.path(), &[("DATABASE_URL", &url)]).await;
    let id = server.create(&client()).await;
    let load = Load::new(&server, CLIENTS);
    load.turns(AROUND).await;
    disk.fill();
    load.refusals(2 * CLIENTS).await;
    assert_reads(&server, &id).await;
    disk.free();
    load.turns(AROUND).await;
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    drop(server);
    assert_sound_sqlite(disk.path()).await;
    let (refused, broken) = failures(&accounts);
    assert_eq!(broken, 0, "a request had no answer");
    let seen = format!("reads go on; {refused} writes refused with 503; with space again writes go on");
    row("41", fault, &seen, losses);
}
