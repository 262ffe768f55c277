//! Colours and type, read from the file that the style sheet is built from.

use std::fmt::Write;

use leptos::prelude::*;

const TOKENS: &str = include_str!("../../../style/tokens.css");

/// What the guide's own layout needs.
const LAYOUT: &str = include_str!("guide.css");

/// A custom property: its name, its value, what the file says of it.
struct Token {
    name: &'static str,
    value: &'static str,
    about: &'static str,
}

/// The tokens whose line passes; of those said twice, the first.
fn tokens(passes: impl Fn(&Token) -> bool) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for line in TOKENS.lines() {
        let Some((name, rest)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(':')) else { continue };
        let (value, rest) = rest.split_once(';').unwrap_or((rest, ""));
        let about =
            rest.split_once("/*").and_then(|(_, rest)| rest.split_once("*/")).map_or("", |(about, _)| about.trim());
        let token = Token { name, value: value.trim(), about };
        if passes(&token) && !found.iter().any(|it| it.name == name) {
            found.push(token);
        }
    }
    found
}

/// A colour for each theme, or another name for one.
fn colours() -> Vec<Token> {
    tokens(|it| it.value.starts_with("light-dark(") || it.value.starts_with("var(--accent"))
}

fn type_scale() -> Vec<Token> {
    tokens(|it| it.name.starts_with("t-"))
}

/// The guide's style sheet: its layout, and a class for each token.
pub fn sheet() -> String {
    let mut sheet = LAYOUT.to_owned();
    for Token { name, .. } in colours() {
        // Writing to a string cannot fail.
        let _ = writeln!(sheet, ".of-{name} {{ background: var(--{name}); }}");
    }
    for Token { name, .. } in type_scale() {
        let _ = writeln!(sheet, ".of-{name} {{ font: var(--{name}); }}");
    }
    sheet
}

#[component]
pub fn Tokens() -> impl IntoView {
    let colour = |Token { name, value, about }| {
        view! {
            <li data-token=name>
                <span class=format!("swatch of-{name}")></span>
                <code>{name}</code>
                <span>{about}</span>
                <code>{value}</code>
            </li>
        }
    };
    let role = |Token { name, value, about }| {
        view! {
            <li data-token=name>
                <code>{name}</code>
                <span class=format!("of-{name}")>"Every line shows its source"</span>
                <span class="meta">{value.split(" var(").next().unwrap_or(value)} " " {about}</span>
            </li>
        }
    };
    view! {
        <h2>"Colours"</h2>
        <p>"Each is one value for the light theme and one for the dark."</p>
        <ul class="colours">{colours().into_iter().map(colour).collect_view()}</ul>
        <h2>"Type"</h2>
        <p>"Serif is what is said or read aloud, sans is the tool, mono is files. Weights 400, 500 and 600."</p>
        <ul class="types">{type_scale().into_iter().map(role).collect_view()}</ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_those_of_the_style_sheet() {
        let names = |all: Vec<Token>| all.into_iter().map(|it| it.name).collect::<Vec<_>>();
        let colours = names(colours());
        assert!(
            ["desk", "ink-3", "accent", "said", "warn-tint"].iter().all(|name| colours.contains(name)),
            "{colours:?}"
        );
        let types = names(type_scale());
        assert!(["t-11", "t-read", "t-display"].iter().all(|name| types.contains(name)), "{types:?}");
        assert!(sheet().contains(".of-t-code { font: var(--t-code); }"));
        let display = type_scale().into_iter().find(|it| it.name == "t-display").expect("the start page's");
        assert_eq!(display.about, "start page only; 32/38 on a phone");
    }
}
