//! The command line: each command as a process of its own, against a server that is one too.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A server in a folder of its own; it ends with the test.
struct Server {
    process: Child,
    url: String,
    folder: TempDir,
}

impl Server {
    fn start() -> Server {
        Server::start_in(tempfile::tempdir().unwrap(), &[("RUST_LOG", "error")])
    }

    fn start_in(folder: TempDir, variables: &[(&str, &str)]) -> Server {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = command(folder.path())
            .env("PORT", port.to_string())
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "the server did not start");
            std::thread::sleep(Duration::from_millis(25));
        }
        Server { process, url: format!("http://127.0.0.1:{port}"), folder }
    }

    /// Runs a command with these lines as its standard input.
    fn run(&self, args: &[&str], input: &str) -> Output {
        run(self.folder.path(), &[args, &["--server", &self.url]].concat(), input)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentwright"));
    command.current_dir(folder).env_remove("AGENTWRIGHT_URL").env_remove("AGENTWRIGHT_API_KEY");
    command
}

fn run(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut command = command(folder);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    process.wait_with_output().unwrap()
}

/// Its exit code, standard output and standard error.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

const OPENING: &str = "A friendly receptionist called Mia who answers the phone and books visits into Google Calendar. \
    Never give medical advice.";

#[test]
fn a_whole_interview_is_held_in_a_pipe_and_its_files_are_fetched() {
    let server = Server::start();
    let (code, said, errors) =
        told(&server.run(&["chat"], &format!("{OPENING}\n/spec\n/undo\n/redo\n/finish\n/export\n")));
    assert_eq!(code, 0, "{said}{errors}");
    for part in ["What should your agent do?", "  Mia", "said: “", "needed", "The interview is complete", "Kept."] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains('\u{1b}') && !said.contains("› "), "plain in a pipe: {said}");
    let zips: Vec<_> = fs::read_dir(server.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".zip"))
        .collect();
    assert_eq!(zips.len(), 1, "{zips:?}");

    let session = said.split("--session ").nth(1).unwrap().trim().to_owned();
    let (code, again, _) = told(&server.run(&["chat", "--session", &session], "/status\n"));
    assert!(code == 0 && again.contains("complete"), "{again}");

    let export = |more: &[&str]| told(&server.run(&[&["export", &session], more].concat(), ""));
    let (code, _, why) = export(&[]);
    assert!(code == 2 && why.contains("--force"), "{why}");
    assert_eq!(export(&["--force"]).0, 0);
    let (code, text, _) = export(&["--format", "markdown", "--output", "-"]);
    assert!(code == 0 && text.contains("Mia"), "{text}");
    assert!(
        fs::read_dir(server.folder.path())
            .unwrap()
            .all(|entry| { !entry.unwrap().file_name().to_str().unwrap().ends_with(".part") })
    );
}

#[test]
fn numbers_answer_where_choices_are_offered() {
    let server = Server::start();
    let (code, said, _) = told(&server.run(&["chat", "A", "receptionist"], "/status\n1\n/spec\n"));
    assert_eq!(code, 0, "{said}");
    let first = said.lines().find_map(|line| line.strip_prefix("  1  ")).unwrap().to_lowercase();
    let spec = said.rsplit("Agent type").next().unwrap().to_lowercase();
    assert!(spec.contains(first.split(' ').next().unwrap()), "{first} in {said}");
}

#[test]
fn each_way_to_fail_has_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = "http://127.0.0.1:9";
    for args in [&["chat"][..], &["export", "x"][..]] {
        let (code, _, why) = told(&run(folder.path(), &[args, &["--server", nowhere]].concat(), ""));
        assert!(code == 3 && why.contains("cannot be reached"), "{args:?}: {code} {why}");
    }
    let (code, _, _) = told(&run(folder.path(), &["chat", "--server", "nonsense"], ""));
    assert_eq!(code, 2);
    assert_eq!(told(&run(folder.path(), &["nonsense"], "")).0, 2);
    assert_eq!(told(&run(folder.path(), &["replay", "missing.txt"], "")).0, 1);
    let server = Server::start();
    let unknown = "00000000-0000-4000-8000-000000000000";
    let (code, _, why) = told(&server.run(&["export", unknown], ""));
    assert!(code == 1 && why.contains("no such interview"), "{why}");
    let (code, said, _) = told(&server.run(&["chat"], &format!("{}\n", "x".repeat(9_000))));
    assert!(code == 1 && said.contains("longer than 8,000") && said.contains("Your text is kept"), "{said}");
}

#[test]
fn an_interview_is_replayed_from_a_file_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::write(place("short.txt"), "# the clinic\nA receptionist who books visits\n").unwrap();
    fs::write(place("whole.json"), format!("{{\"messages\": [\"{OPENING}\"]}}")).unwrap();
    let (code, _, why) = told(&run(folder.path(), &["replay", "short.txt", "--require-complete", "-o", "a.zip"], ""));
    assert!(code == 4 && why.contains("not complete"), "{why}");
    assert!(place("a.zip").exists(), "what there is is written all the same");
    let args = ["replay", "whole.json", "--finish", "--require-complete", "--verbose", "-o", "b.zip"];
    let (code, _, why) = told(&run(folder.path(), &args, ""));
    assert!(code == 0 && why.contains("> finish now") && why.contains("completed · approved"), "{why}");
    assert!(fs::read(place("b.zip")).unwrap().starts_with(b"PK"));
    fs::write(place("wrong.json"), "[1]").unwrap();
    assert_eq!(told(&run(folder.path(), &["replay", "wrong.json"], "")).0, 2);
    let left = fs::read_dir(std::env::temp_dir()).unwrap();
    let left =
        left.filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with("agentwright-replay"));
    assert_eq!(left.count(), 0, "nothing is left behind");
}

/// Spans go to the collector, the last ones when the server stops.
#[test]
fn traces_reach_the_collector() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", collector.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint), ("RUST_LOG", "info")]);
    assert_eq!(told(&server.run(&["chat", "A", "tutor"], "")).0, 0);
    let received = std::thread::spawn(move || {
        let (mut stream, _) = collector.accept().unwrap();
        let mut bytes = vec![0; 65_536];
        let mut length = 0;
        while !bytes[..length].windows(11).any(|part| part == b"agentwright") {
            length += stream.read(&mut bytes[length..]).unwrap();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    assert!(Command::new("kill").arg(server.process.id().to_string()).status().unwrap().success());
    let sent = received.join().unwrap();
    assert!(sent.starts_with("POST /v1/traces"), "{sent}");
}

#[test]
fn the_document_is_printed_and_help_teaches() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text, _) = told(&run(folder.path(), &["openapi"], ""));
    let printed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(code, 0);
    assert_eq!(printed, serde_json::to_value(agentwright::server::router::openapi()).unwrap());
    let (_, help, _) = told(&run(folder.path(), &["--help"], ""));
    for part in ["chat", "replay", "export", "migrate", "openapi", "Exit codes"] {
        assert!(help.contains(part), "{part} in {help}");
    }
    let (_, help, _) = told(&run(folder.path(), &["chat", "--help"], ""));
    assert!(help.contains("AGENTWRIGHT_URL") && help.contains("agentwright chat --server"), "{help}");
}
