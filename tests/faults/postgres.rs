//! The database goes away under load: clients hear so and lose nothing.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use crate::kills::assert_sound_postgres;
use crate::load::{Account, Load, Losses, compare, failures};
use crate::report::row;
use crate::servers::{Backend, new_database, own_postgres};
use crate::support::{Server, rounds};

const CLIENTS: usize = 8;
/// Turns before a fault, and after it.
const AROUND: usize = 40;

/// Clients talk while `hurt` is at work; it returns once the database is as it was.
async fn bear(
    folder: &Path,
    database: &Backend,
    hurt: impl AsyncFnOnce(&Load, &str),
) -> (Vec<Account>, Losses, Duration) {
    let url = new_database(database, "faults").await;
    let server = Server::start(folder, &[("DATABASE_URL", &url)]).await;
    let load = Load::new(&server, CLIENTS);
    load.turns(AROUND).await;
    hurt(&load, &url).await;
    let healed = Instant::now();
    load.turns(1).await;
    let back = healed.elapsed();
    load.turns(AROUND).await;
    let accounts = load.finish().await;
    let losses = compare(&server, &accounts).await;
    assert_sound_postgres(&url).await;
    assert_eq!(failures(&accounts).1, 0, "a connection failed");
    (accounts, losses, back)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_may_crash_and_come_back() {
    let (folder, database) = (tempfile::tempdir().unwrap(), own_postgres());
    let crash = async |load: &Load, _: &str| {
        database.crash();
        load.refusals(2 * CLIENTS).await;
        database.restart();
    };
    let (accounts, losses, back) = bear(folder.path(), &database, crash).await;
    let longest = accounts.iter().flat_map(|account| &account.refused).max().unwrap();
    let seen = format!(
        "{} × 503 with Retry-After, the longest after {} ms; turns again {} ms after its return",
        failures(&accounts).0,
        longest.as_millis(),
        back.as_millis()
    );
    row("30", "PostgreSQL crashes and restarts under load", &seen, losses);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_connections_to_postgres_may_be_cut() {
    let (folder, database) = (tempfile::tempdir().unwrap(), own_postgres());
    let times = rounds("AGENTWRIGHT_CUTS", 5);
    let cut = async |load: &Load, url: &str| {
        let mut connection = PgConnection::connect(url).await.unwrap();
        for _ in 0..times {
            sqlx::query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'agentwright'",
            )
            .execute(&mut connection)
            .await
            .unwrap();
            load.turns(AROUND).await;
        }
    };
    let (accounts, losses, _) = bear(folder.path(), &database, cut).await;
    let seen = format!("{} × 503 with Retry-After after {times} cuts, all else answered", failures(&accounts).0);
    row("31", "all connections to PostgreSQL cut under load", &seen, losses);
}
