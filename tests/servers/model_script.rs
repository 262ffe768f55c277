//! What a server of models is told to do.

use std::time::Duration;

use serde_json::Value;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub struct Script {
    pub(super) what: What,
    /// Before the head of the answer.
    pub(super) delay: Duration,
    /// Pieces that the text is cut into, by characters; 0 for one.
    pub(super) chunk: usize,
    /// Bytes that travel together; 0 for one event at a time. With 1, each character of several bytes is torn apart.
    pub(super) bytes: usize,
    /// Between what travels together.
    pub(super) pace: Duration,
    /// The connection breaks after as many bytes.
    pub(super) cut_after: Option<usize>,
}

#[derive(Clone, Debug)]
pub enum What {
    Say {
        text: String,
        calls: Vec<(String, Value)>,
        finish: Finish,
    },
    Raw(Vec<u8>),
    Status {
        status: u16,
        retry_after: Option<String>,
        message: String,
    },
    /// Not even a head.
    Never,
    /// A head and no more.
    Silence,
    Endless,
    /// This, unless the request has this field.
    Refuse {
        field: &'static str,
        otherwise: Box<Script>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finish {
    Done,
    Length,
    Refused,
}

impl Script {
    fn new(what: What) -> Script {
        let (delay, pace) = (Duration::ZERO, Duration::ZERO);
        Script { what, delay, chunk: 0, bytes: 0, pace, cut_after: None }
    }

    fn say(text: &str, finish: Finish) -> Script {
        Script::new(What::Say { text: text.to_owned(), calls: Vec::new(), finish })
    }

    pub fn text(text: &str) -> Script {
        Script::say(text, Finish::Done)
    }

    /// A document, in whichever form the request asks for it.
    pub fn json(document: Value) -> Script {
        Script::text(&document.to_string())
    }

    pub fn tool_call(name: &str, arguments: Value) -> Script {
        Script::text("").and_call(name, arguments)
    }

    /// Nothing, in good form.
    pub fn empty() -> Script {
        Script::text("")
    }

    /// Ends at the most tokens: with half a document, truncated JSON.
    pub fn truncated(text: &str) -> Script {
        Script::say(text, Finish::Length)
    }

    pub fn refusal() -> Script {
        Script::say("I can't help with that.", Finish::Refused)
    }

    /// An error of the server's, with a body in its dialect.
    pub fn status(status: u16) -> Script {
        let message = "This server is told to fail.".to_owned();
        Script::new(What::Status { status, retry_after: None, message })
    }

    /// 429.
    pub fn rate_limited(retry_after: Option<&str>) -> Script {
        let message = "Slow down.".to_owned();
        Script::new(What::Status { status: 429, retry_after: retry_after.map(str::to_owned), message })
    }

    /// 400, with these words.
    pub fn complaint(message: &str) -> Script {
        Script::complaint_as(400, message)
    }

    pub fn complaint_as(status: u16, message: &str) -> Script {
        Script::new(What::Status { status, retry_after: None, message: message.to_owned() })
    }

    pub fn never() -> Script {
        Script::new(What::Never)
    }

    pub fn silence() -> Script {
        Script::new(What::Silence)
    }

    /// Bytes that are no events.
    pub fn garbage() -> Script {
        Script::raw(b"<html>\xff\xfe\x00 502 Bad Gateway</html>\n\n")
    }

    /// These bytes as a stream of events.
    pub fn raw(bytes: &[u8]) -> Script {
        Script::new(What::Raw(bytes.to_vec()))
    }

    /// Words until somebody hangs up; 100 MB if nobody does.
    pub fn endless() -> Script {
        Script::new(What::Endless)
    }

    /// 400 as long as a request has this field, with its name in the complaint; then `self`.
    pub fn unless_asked_with(self, field: &'static str) -> Script {
        Script::new(What::Refuse { field, otherwise: Box::new(self) })
    }

    /// Calls this, too.
    pub fn and_call(mut self, name: &str, arguments: Value) -> Script {
        if let What::Say { calls, .. } = &mut self.what {
            calls.push((name.to_owned(), arguments));
        }
        self
    }

    /// In pieces of so many characters.
    pub fn in_chunks(self, characters: usize) -> Script {
        Script { chunk: characters, ..self }
    }

    /// So many bytes travel together, whatever they are part of.
    pub fn in_bytes(self, bytes: usize) -> Script {
        Script { bytes, ..self }
    }

    pub fn paced(self, pace: Duration) -> Script {
        Script { pace, ..self }
    }

    /// A byte a second.
    pub fn crawling(self) -> Script {
        self.in_bytes(1).paced(Duration::from_secs(1))
    }

    pub fn delayed(self, delay: Duration) -> Script {
        Script { delay, ..self }
    }

    /// The connection breaks after so many bytes of the answer.
    pub fn cut_after(self, bytes: usize) -> Script {
        Script { cut_after: Some(bytes), ..self }
    }
}
