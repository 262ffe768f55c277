//! Replies for those who listen: whole sentences, each once, as they are complete.

use leptos::prelude::*;

use crate::session::models::Role;
use crate::ui::state::OpenSession;

/// The sentences of a text; the last one only if it is `whole`.
fn sentences(text: &str, whole: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut sentence = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        sentence.push(letter);
        let ends = match letter {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | '…' | ':' => letters.peek().is_some_and(|next| next.is_whitespace()),
            _ => false,
        };
        if ends {
            found.push(std::mem::take(&mut sentence));
        }
    }
    if whole {
        found.push(sentence);
    }
    found.iter().map(|it| it.replace("**", "").trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

/// The last reply: its place in the transcript, or none while it is written, and its text.
fn latest(session: OpenSession) -> (Option<u32>, String) {
    if let Some(words) = session.writing.with(|it| it.as_ref().map(|it| it.words.clone())) {
        return (None, words);
    }
    session.workspace.with(|it| match it.messages.last() {
        Some(view) if view.role == Role::Assistant => (Some(view.seq), view.content.clone()),
        _ => (None, String::new()),
    })
}

/// Says nothing of what was there when the page opened.
#[component]
pub fn SpokenReplies() -> impl IntoView {
    let session = OpenSession::here();
    let spoken = RwSignal::new(Vec::<(usize, String)>::new());
    Effect::new(move |before: Option<(Option<u32>, usize)>| {
        let (seq, text) = latest(session);
        let said = sentences(&text, seq.is_some());
        let from = match before {
            None => said.len(),
            // The reply that was written is kept now, or goes on.
            Some((None, from)) => from.min(said.len()),
            Some((last, _)) if last == seq => said.len(),
            Some(_) => 0,
        };
        let count = said.len();
        let fresh = said.into_iter().skip(from);
        spoken.update(|all| {
            let first = all.last().map_or(0, |(at, _)| at + 1);
            all.extend(fresh.enumerate().map(|(at, text)| (first + at, text)));
        });
        (seq, count)
    });
    view! {
        <div class="vh" role="log" aria-label="Replies">
            <For each=move || spoken.get() key=|(at, _)| *at children=|(_, text)| view! { <p>{text}</p> } />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::sentences;

    #[test]
    fn sentences_are_said_when_they_are_whole() {
        assert_eq!(sentences("Noted. How sh", false), ["Noted."]);
        assert_eq!(sentences("Noted. How should it sound?", false), ["Noted."]);
        assert_eq!(sentences("Noted. How should it sound?", true), ["Noted.", "How should it sound?"]);
        assert_eq!(sentences("So far:\n- **Tone:** calm, 2.5 times\n", false), ["So far:", "- Tone: calm, 2.5 times"]);
        assert_eq!(sentences("我明白了。接下来", false), ["我明白了。"]);
    }
}
