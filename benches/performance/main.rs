//! Makes the performance table of README.md: the pure core in this process, the release server as a process of its
//! own that is spoken to over REST. Run it with `make bench`, which builds the server first and names its folder in
//! `SITE`. Nothing here asserts a figure: machines differ, so each stands beside its bar and the machine's own limit.

mod assisted;
mod disk;
mod load;
#[path = "../../tests/servers/model.rs"]
mod model_server;
mod pure;
mod report;
mod server;
mod turns;

use std::time::Duration;

use report::{Row, machine};

pub type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Error> {
    // Two threads are enough to keep the server busy, and leave it the rest of the machine.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let rows = runtime.block_on(measure(Duration::from_secs(seconds)))?;
    println!("{}\n", machine());
    println!("{}", report::table(&rows));
    Ok(())
}

async fn measure(length: Duration) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    eprintln!("turns …");
    rows.extend(turns::rows(length).await?);
    eprintln!("status reads …");
    rows.push(turns::status_reads(length).await?);
    eprintln!("turns with a model …");
    rows.extend(assisted::rows().await?);
    eprintln!("synthesis, prompts, bundle …");
    rows.extend(pure::rows());
    eprintln!("start, memory …");
    rows.extend(server::rows().await?);
    rows.extend(report::first_load());
    Ok(rows)
}
