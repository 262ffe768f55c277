//! PostgreSQL and Redis of the tests' own, on free ports in temporary folders. They end with the test program, however
//! that ends. Where they cannot be started the tests fail: nothing is skipped.

#![allow(dead_code, reason = "each test program uses its part")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

/// A server that lives as long as the pipe to it.
pub struct Backend {
    pub port: u16,
    talk: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    _process: Child,
}

impl Backend {
    /// Starts the script of this name in `.ci`.
    fn start(script: &str, options: &[&str]) -> Backend {
        let port = free_port();
        let path = format!("{}/.ci/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(path)
            .arg(port.to_string())
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let backend = Backend { port, talk: Mutex::new((input, BufReader::new(output))), _process: process };
        backend.expect("ready");
        backend
    }

    fn expect(&self, word: &str) {
        let mut line = String::new();
        self.talk.lock().unwrap().1.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), word, "the server did not start or stop: is it installed?");
    }

    fn tell(&self, word: &str, answer: &str) {
        writeln!(self.talk.lock().unwrap().0, "{word}").unwrap();
        self.expect(answer);
    }

    /// Ends it at once, as a crash would.
    pub fn crash(&self) {
        self.tell("stop", "stopped");
    }

    /// Starts it again, on the same port and folder.
    pub fn restart(&self) {
        self.tell("start", "ready");
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A PostgreSQL of one's own, to be crashed.
pub fn own_postgres() -> Backend {
    Backend::start("postgres", &[])
}

/// A Redis of one's own, to be crashed.
pub fn own_redis(options: &[&str]) -> Backend {
    Backend::start("redis", options)
}

/// The Redis that this program's tests share.
pub fn redis() -> &'static Backend {
    static REDIS: OnceLock<Backend> = OnceLock::new();
    REDIS.get_or_init(|| own_redis(&[]))
}

/// A fresh database on the PostgreSQL that this program's tests share.
pub async fn fresh_database() -> String {
    static POSTGRES: OnceLock<Backend> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // What these tests are about does not need the disk.
    let server = POSTGRES.get_or_init(|| Backend::start("postgres", &["-c fsync=off -c max_connections=400"]));
    new_database(server, &format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))).await
}

/// A database of this name; its address.
pub async fn new_database(server: &Backend, name: &str) -> String {
    use sqlx::Connection;
    let base = format!("postgres://postgres@127.0.0.1:{}", server.port);
    let mut connection = sqlx::PgConnection::connect(&format!("{base}/postgres")).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    format!("{base}/{name}")
}
