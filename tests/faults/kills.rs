//! `kill -9` and SIGTERM at any moment: what was acknowledged is there once, and nothing is half there.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::load::{Load, Losses, compare, failures};
use crate::report::row;
use crate::servers::{new_database, own_postgres};
use crate::support::{Server, client, rounds};

/// Sessions that talk at the same time.
const CLIENTS: usize = 8;
/// Sessions whose version, messages and sequence do not belong together.
const UNSOUND: &str = "SELECT count(*) FROM sessions AS s WHERE s.message_count <> \
    (SELECT count(*) FROM messages WHERE session_id = s.id) OR s.message_count <> \
    (SELECT coalesce(max(seq), -1) + 1 FROM messages WHERE session_id = s.id) OR s.version <> \
    (SELECT count(*) + 1 FROM messages WHERE session_id = s.id AND role = 'user')";

pub async fn sqlite(folder: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", folder.join("faults.db").display())).await.unwrap()
}

/// Whether the file is whole, and each session with it.
pub async fn assert_sound_sqlite(folder: &Path) {
    let mut file = sqlite(folder).await;
    let integrity: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut file).await.unwrap();
    assert_eq!(integrity, "ok");
    let unsound: i64 = sqlx::query_scalar(UNSOUND).fetch_one(&mut file).await.unwrap();
    assert_eq!(unsound, 0, "sessions whose parts do not fit");
}

pub async fn assert_sound_postgres(url: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let unsound: i64 = sqlx::query_scalar(UNSOUND).fetch_one(&mut connection).await.unwrap();
    assert_eq!(unsound, 0, "sessions whose parts do not fit");
}

/// Kills the server again and again while it works. What is lost shows at the end.
async fn kill_often(folder: &Path, environment: &[(&str, &str)], kills: u64) -> Losses {
    let mut accounts = Vec::new();
    accounts.resize_with(CLIENTS, Default::default);
    for round in 0..kills {
        let server = Server::start(folder, environment).await;
        let load = Load::resume(&server, accounts);
        // On a busy machine the first answers take their time: only under load is a kill worth anything.
        load.turns(CLIENTS).await;
        // Moments spread over the round's work, the same in every run.
        tokio::time::sleep(Duration::from_millis(20 + round * 67 % 300)).await;
        server.kill();
        accounts = load.finish().await;
    }
    let server = Server::start(folder, environment).await;
    compare(&server, &accounts).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_on_sqlite_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let kills = rounds("AGENTWRIGHT_KILLS", 12);
    let losses = kill_often(folder.path(), &[], kills).await;
    assert_sound_sqlite(folder.path()).await;
    let seen = format!("{kills} kills; after each it starts again and the clients go on; integrity_check ok");
    row("10", "`kill -9` under load, SQLite", &seen, losses);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_on_postgres_loses_nothing() {
    let (folder, database) = (tempfile::tempdir().unwrap(), own_postgres());
    let url = new_database(&database, "faults").await;
    let kills = rounds("AGENTWRIGHT_KILLS", 8);
    let losses = kill_often(folder.path(), &[("DATABASE_URL", &url)], kills).await;
    assert_sound_postgres(&url).await;
    let seen = format!("{kills} kills; after each it starts again and the clients go on; every session whole");
    row("11", "`kill -9` under load, PostgreSQL", &seen, losses);
}

/// SIGTERM: what is under way is finished or refused, and the file is left whole without a log beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_is_orderly() {
    let (folder, client) = (tempfile::tempdir().unwrap(), client());
    let mut server = Server::start(folder.path(), &[]).await;
    let load = Load::new(&server, CLIENTS);
    load.turns(5 * CLIENTS).await;
    let began = Instant::now();
    server.ask_to_stop();
    let ready = client.get(server.url("/health/ready")).send().await;
    let ready = ready.map_or_else(|_| "no new connection".to_owned(), |answer| answer.status().as_u16().to_string());
    let status = server.ended().await;
    let took = began.elapsed();
    let accounts = load.finish().await;
    assert!(status.success(), "{status:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(!folder.path().join("faults.db-wal").exists(), "the log is folded into the file");
    assert_sound_sqlite(folder.path()).await;
    let (refused, _) = failures(&accounts);
    let server = Server::start(folder.path(), &[]).await;
    let losses = compare(&server, &accounts).await;
    let seen = format!(
        "status 0 after {} ms; {refused} requests refused with 503; meanwhile /health/ready: {ready}",
        took.as_millis()
    );
    row("12", "SIGTERM under load", &seen, losses);
}

#[test]
fn migrating_makes_the_database_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let migrate = |url: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_agentwright"));
        command.arg("migrate").current_dir(folder.path()).env("DATABASE_URL", url).output().unwrap()
    };
    assert!(migrate("sqlite://made/new.db").status.success());
    assert!(folder.path().join("made/new.db").exists());
    let refused = migrate("mysql://nowhere");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("DATABASE_URL"));
}
