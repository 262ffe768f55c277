//! The table: what was measured, the bar, and what the machine itself can do.

use std::fmt::Write;
use std::fs;
use std::time::Duration;

/// One line of the table.
pub struct Row {
    pub what: &'static str,
    pub measured: String,
    pub bar: &'static str,
    /// What the machine reaches with nothing of ours in the way; empty where that has no meaning.
    pub raw: String,
}

pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("| what | measured | bar | the machine's own limit |\n|---|---|---|---|");
    for Row { what, measured, bar, raw } in rows {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n| {what} | {measured} | {bar} | {raw} |");
    }
    text
}

/// Processor, cores, memory, kernel and commit, in one line.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = value(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = value(&read("/proc/meminfo"), "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map_or_else(String::new, |kib| format!(", {} GB", kib.div_ceil(1 << 20)));
    let kernel = read("/proc/sys/kernel/osrelease");
    let commit = std::env::var("COMMIT").unwrap_or_else(|_| "unknown".to_owned());
    format!("{processor}, {cores} cores{memory}, Linux {}, commit {commit}", kernel.trim())
}

/// The weight of the page as the build left it; `make bench` hands it over.
pub fn first_load() -> Option<Row> {
    let bytes: f64 = std::env::var("FIRST_LOAD_BYTES").ok()?.parse().ok()?;
    Some(Row {
        what: "first load of the workspace, wasm + js + css, brotli",
        measured: format!("{:.0} KB", bytes / 1024.0),
        bar: "≤ 400 KB",
        raw: String::new(),
    })
}

/// The middle of the samples, which are put in order; zero where there is none.
pub fn median(samples: &mut [Duration]) -> Duration {
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}

pub fn milliseconds(time: Duration) -> String {
    let value = time.as_secs_f64() * 1000.0;
    if value < 10.0 { format!("{value:.2} ms") } else { format!("{value:.0} ms") }
}

/// A rate with its thousands divided.
pub fn per_second(rate: f64) -> String {
    let digits = format!("{rate:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "/s"
}
