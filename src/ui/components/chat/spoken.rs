//! A reply for those who listen while it is written: whole sentences, each once.

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

/// The reply that is written, or the one that was just kept.
fn latest(session: OpenSession) -> (bool, String) {
    if let Some(words) = session.writing.with(|it| it.as_ref().map(|it| it.words.clone())) {
        return (true, words);
    }
    session.workspace.with(|it| match it.messages.last() {
        Some(view) if view.role == Role::Assistant => (false, view.content.clone()),
        _ => (false, String::new()),
    })
}

/// The sentences of a reply that is written, for the log around to announce. Replies that come at once are announced as
/// they are.
#[component]
pub fn SpokenReply() -> impl IntoView {
    let session = OpenSession::here();
    let spoken = RwSignal::new(Vec::<String>::new());
    Effect::new(move |was_written: Option<bool>| {
        let (is_written, text) = latest(session);
        if is_written || was_written == Some(true) {
            let said = sentences(&text, !is_written);
            if spoken.with_untracked(|spoken| *spoken != said) {
                spoken.set(said);
            }
        }
        is_written
    });
    let lines = move || spoken.get().into_iter().enumerate().collect::<Vec<(usize, String)>>();
    view! {
        <div class="vh">
            <For each=lines key=|line| line.clone() children=|(_, text)| view! { <p>{text}</p> } />
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
