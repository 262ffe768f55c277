//! Clients that talk through every fault, know what was acknowledged to them, and compare it with what the server has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{Server, client, until};

/// A client opens another session after that many turns: one takes 500 at most.
const TURNS: usize = 200;
/// How long a refused client pauses. It is told a second, and a crowd obeys; a few may be harder on the server.
const PAUSE: Duration = Duration::from_millis(50);
const TOLD: Duration = Duration::from_secs(1);

/// What one client knows.
#[derive(Default)]
pub struct Account {
    pub sessions: Vec<Talk>,
    /// When turns were acknowledged, and how long they took.
    pub turns: Vec<(Instant, Duration)>,
    /// How long each refusal (503, 429) took.
    pub refused: Vec<Duration>,
    /// Requests whose connection failed.
    pub broken: usize,
}

/// A session and the answer to each of its messages, in order.
pub struct Talk {
    pub id: String,
    pub acknowledged: Vec<Value>,
}

/// How the server's word and its deeds differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Turns acknowledged.
    pub of: usize,
    pub lost: usize,
    pub duplicated: usize,
}

enum Outcome {
    Answered(Value, Duration),
    Refused,
    Broken,
}

/// Clients at work.
pub struct Load {
    over: Arc<AtomicBool>,
    turns: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Account>>,
}

impl Load {
    pub fn new(server: &Server, count: usize) -> Load {
        Load::resume(server, (0..count).map(|_| Account::default()).collect())
    }

    /// Goes on where these accounts ended: what was not acknowledged is sent again, under the same id.
    pub fn resume(server: &Server, accounts: Vec<Account>) -> Load {
        Load::start(server, accounts, PAUSE)
    }

    /// More clients than can be served, who come back when they are told to.
    pub fn crowd(server: &Server, count: usize) -> Load {
        Load::start(server, (0..count).map(|_| Account::default()).collect(), TOLD)
    }

    fn start(server: &Server, accounts: Vec<Account>, pause: Duration) -> Load {
        let (over, turns, refused) = (Arc::default(), Arc::default(), Arc::default());
        let mut load = Load { over, turns, refused, clients: Vec::new() };
        let client = client();
        for account in accounts {
            let talker = Talker {
                client: client.clone(),
                base: server.base.clone(),
                account,
                pause,
                turns: load.turns.clone(),
                refused: load.refused.clone(),
            };
            load.clients.push(tokio::spawn(talker.talk(load.over.clone())));
        }
        load
    }

    /// Returns after that many more turns.
    pub async fn turns(&self, more: usize) {
        self.more("turns", &self.turns, more).await;
    }

    /// Returns after that many more refusals.
    pub async fn refusals(&self, more: usize) {
        self.more("refusals", &self.refused, more).await;
    }

    async fn more(&self, what: &str, counter: &AtomicUsize, more: usize) {
        let goal = counter.load(Ordering::Relaxed) + more;
        until(what, async || {
            assert!(self.clients.iter().all(|client| !client.is_finished()), "a client gave up");
            counter.load(Ordering::Relaxed) >= goal
        })
        .await;
    }

    /// Ends after the requests under way.
    pub async fn finish(self) -> Vec<Account> {
        self.over.store(true, Ordering::Relaxed);
        let mut accounts = Vec::new();
        for client in self.clients {
            accounts.push(client.await.unwrap());
        }
        accounts
    }
}

struct Talker {
    client: Client,
    base: String,
    account: Account,
    pause: Duration,
    turns: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

impl Talker {
    async fn talk(mut self, over: Arc<AtomicBool>) -> Account {
        while !over.load(Ordering::Relaxed) {
            if self.account.sessions.last().is_none_or(|talk| talk.acknowledged.len() == TURNS) {
                let create = self.client.post(format!("{}/api/v1/sessions/create", self.base)).json(&json!({}));
                if let Outcome::Answered(created, _) = self.send(create).await {
                    let id = created["session_id"].as_str().unwrap().to_owned();
                    self.account.sessions.push(Talk { id, acknowledged: Vec::new() });
                }
                continue;
            }
            let talk = self.account.sessions.last().unwrap();
            let place = talk.acknowledged.len();
            let message = message(&self.client, &self.base, &talk.id, place);
            if let Outcome::Answered(answer, took) = self.send(message).await {
                // The only one who talks in this session: any other version is a turn too few or too many.
                assert_eq!(answer["version"], json!(place + 2), "{answer}");
                self.account.sessions.last_mut().unwrap().acknowledged.push(answer);
                self.account.turns.push((Instant::now(), took));
                self.turns.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.account
    }

    async fn send(&mut self, request: RequestBuilder) -> Outcome {
        let began = Instant::now();
        let outcome = send(request).await;
        match outcome {
            Outcome::Answered(..) => return outcome,
            Outcome::Refused => {
                self.account.refused.push(began.elapsed());
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Broken => self.account.broken += 1,
        }
        tokio::time::sleep(self.pause).await;
        outcome
    }
}

/// Sends it. Anything but success, an explained refusal with a time to come back, or no answer is a failure.
async fn send(request: RequestBuilder) -> Outcome {
    let began = Instant::now();
    let Ok(answer) = request.send().await else { return Outcome::Broken };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let Ok(body) = answer.json::<Value>().await else { return Outcome::Broken };
    if status.is_success() {
        return Outcome::Answered(body, began.elapsed());
    }
    assert!(matches!(status.as_u16(), 429 | 503), "{status}: {body}");
    assert!(headers.contains_key("retry-after"), "{status} without Retry-After: {body}");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(body["status"], json!(status.as_u16()));
    Outcome::Refused
}

fn message(client: &Client, base: &str, id: &str, place: usize) -> RequestBuilder {
    let body = json!({"message": text(place), "client_message_id": format!("m{place}")});
    client.post(format!("{base}/api/v1/sessions/{id}/message")).json(&body)
}

fn text(place: usize) -> String {
    format!("This is message m{place}.")
}

/// Compares what all clients know with what the server has.
pub async fn compare(server: &Server, accounts: &[Account]) -> Losses {
    let client = client();
    let mut losses = Losses::default();
    for talk in accounts.iter().flat_map(|account| &account.sessions) {
        compare_one(&client, server, talk, &mut losses).await;
    }
    losses
}

async fn compare_one(client: &Client, server: &Server, talk: &Talk, losses: &mut Losses) {
    let messages = transcript(client, server, &talk.id).await;
    for (place, message) in messages.iter().enumerate() {
        let role = if place % 2 == 0 { "assistant" } else { "user" };
        assert_eq!((&message["seq"], &message["role"]), (&json!(place), &json!(role)), "half a turn in {}", talk.id);
    }
    assert_eq!(messages.len() % 2, 1, "the opening and whole turns");
    let turns = (messages.len() - 1) / 2;
    let sent = talk.acknowledged.len();
    for place in 0..=sent {
        let times = messages.iter().filter(|message| message["content"] == json!(text(place))).count();
        losses.lost += usize::from(place < sent && times == 0);
        losses.duplicated += times.saturating_sub(1);
    }
    losses.of += sent;
    let status = server.get(client, &format!("/api/v1/sessions/{}/status", talk.id)).await;
    assert_eq!(status["version"], json!(turns + 1), "state and messages belong together");
    assert_eq!(status["conversation_length"], json!(messages.len()));
    if turns < sent {
        return;
    }
    // At most the one turn that was under way is there without the client's knowledge.
    assert!(turns <= sent + 1, "{turns} turns, {sent} acknowledged");
    // The last acknowledged message, sent again, gets the answer it got.
    if let Some(answer) = talk.acknowledged.last() {
        match send(message(client, &server.base, &talk.id, sent - 1)).await {
            Outcome::Answered(again, _) => assert_eq!(&again, answer),
            _ => panic!("the repeated message was not answered"),
        }
    }
}

async fn transcript(client: &Client, server: &Server, id: &str) -> Vec<Value> {
    let (mut messages, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.get(client, &format!("/api/v1/sessions/{id}/messages{after}")).await;
        messages.extend(page["messages"].as_array().unwrap().iter().cloned());
        match page["next"].as_u64() {
            Some(next) => after = format!("?after={next}"),
            None => return messages,
        }
    }
}

/// Requests that were refused, and those whose connection failed.
pub fn failures(accounts: &[Account]) -> (usize, usize) {
    (accounts.iter().map(|it| it.refused.len()).sum(), accounts.iter().map(|it| it.broken).sum())
}

/// How long the turns took that were answered between these moments.
pub fn turns_between(accounts: &[Account], from: Instant, to: Instant) -> Vec<Duration> {
    let turns = accounts.iter().flat_map(|account| &account.turns);
    turns.filter(|(at, _)| (from..to).contains(at)).map(|(_, took)| *took).collect()
}

/// "p99 12 ms"
pub fn p99(mut times: Vec<Duration>) -> String {
    times.sort();
    match times.get((times.len() * 99 / 100).min(times.len().saturating_sub(1))) {
        Some(time) => format!("p99 {} ms", time.as_millis()),
        None => "none".to_owned(),
    }
}
