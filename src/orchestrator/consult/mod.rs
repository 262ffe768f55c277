//! What a language model is asked about a message, and what of its answer is shown. Pure: who calls it is `service`.
//!
//! [`requests`] puts a request together, [`reader`] takes the streamed answer apart, [`wording`] lets a model's words stand
//! in a reply where they keep the rules of `rules`. What an answer tells of the agent is checked by
//! [`crate::intent::assisted`].

mod data;
mod escape;
pub mod reader;
pub mod requests;
mod rules;
pub mod wording;

use crate::intent::assisted::{self, Known, Suggestions, ToolNaming, Unusable};
use crate::intent::text::Text;
use crate::session::models::{Message, Role};
use crate::tools::{catalogue, mentions};

use super::models::Interview;

pub use requests::{combined_request, extraction_request, phrasing_request, repair_request};

/// Checks what an answer tells of the agent. `history` is what was said before `text`, the newest lines of it at least.
///
/// # Errors
/// Says why nothing of the answer can be used.
pub fn read(answer: &str, interview: &Interview, history: &[Message], text: &str) -> Result<Suggestions, Unusable> {
    let messages = user_messages(interview, history, text);
    assisted::read(answer, &Known { spec: &interview.spec, messages: &messages, tool: &tool_naming })
}

/// The user's messages with their numbers, the new one last.
fn user_messages<'a>(interview: &Interview, history: &'a [Message], text: &'a str) -> Vec<(u32, &'a str)> {
    let said = history.iter().filter(|line| line.role == Role::User).map(|line| line.content.as_str());
    let mut newest_first: Vec<(u32, &str)> = (0..interview.user_messages).rev().zip(said.rev()).collect();
    newest_first.reverse();
    newest_first.push((interview.user_messages, text));
    newest_first
}

/// How words stand to a tool of the catalogue.
fn tool_naming(id: &str, quote: &str) -> Option<ToolNaming> {
    let tool = catalogue::get(id)?;
    let talk = mentions::read(&Text::new(quote));
    let is_mentioned = talk.wanted.iter().chain(&talk.unwanted).any(|one| one.id == id && one.is_named);
    let is_named = is_mentioned || quote.to_lowercase().contains(&tool.name.to_lowercase());
    Some(if is_named { ToolNaming::Named } else { ToolNaming::Implied })
}
