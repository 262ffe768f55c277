//! How an interview looks on a terminal: wrapped to its width, coloured where there are colours, plain in a pipe.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

use crate::intent::models::{AgentSpec, FieldId};
use crate::intent::vocabulary;
use crate::orchestrator::models::{Asking, Progress};

const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
const ACCENT: Style = AnsiColor::Cyan.on_default();
const ALARM: Style = AnsiColor::Red.on_default();
/// The widest that is pleasant to read.
const WIDEST: usize = 88;

/// Whether somebody types, so that prompts are of use.
pub fn is_attended() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

fn wrapped(text: &str, indent: &str) -> String {
    let width = textwrap::termwidth().min(WIDEST);
    let options = textwrap::Options::new(width).initial_indent(indent).subsequent_indent(indent);
    text.lines().map(|line| textwrap::fill(line, &options)).collect::<Vec<_>>().join("\n")
}

pub fn say(text: &str) {
    anstream::println!("\n{}", wrapped(text, ""));
}

pub fn note(text: &str) {
    anstream::println!("{QUIET}{}{QUIET:#}", wrapped(text, ""));
}

/// In one line, however long: to be copied.
pub fn line(text: &str) {
    anstream::println!("{QUIET}{text}{QUIET:#}");
}

pub fn alarm(text: &str) {
    anstream::println!("{ALARM}{}{ALARM:#}", wrapped(text, ""));
}

/// The answers on offer, by number.
pub fn choices(asking: &Asking) {
    if asking.choices.is_empty() {
        return;
    }
    anstream::println!();
    for (number, choice) in (1..).zip(&asking.choices) {
        anstream::println!("  {ACCENT}{number}{ACCENT:#}  {}", choice.label);
    }
    if asking.several {
        note("  Several may be taken: 1,3");
    }
}

/// How far it is, and what is still needed.
pub fn progress(progress: &Progress) {
    let needed: Vec<&str> = progress.missing_required.iter().map(|field| field.label()).collect();
    let rest =
        if needed.is_empty() { "nothing more is needed".to_owned() } else { format!("needed: {}", needed.join(", ")) };
    note(&format!("── {} % · {rest}", progress.progress_percentage));
}

/// Every known field with where it comes from.
pub fn spec(spec: &AgentSpec) {
    for (field, slot) in spec.filled() {
        anstream::println!("{STRONG}{}{STRONG:#}", field.label());
        for item in &slot.items {
            let value = shown(spec, field, &item.value);
            let source = item.evidence.as_ref().map_or_else(
                || item.provenance.as_str().to_owned(),
                |evidence| format!("{}: “{}”", item.provenance.as_str(), evidence.quote),
            );
            anstream::println!("{}\n{QUIET}{}{QUIET:#}", wrapped(&value, "  "), wrapped(&source, "    "));
        }
    }
}

fn shown(spec: &AgentSpec, field: FieldId, value: &str) -> String {
    let tool = spec.tool_configs.get(value).filter(|_| field == FieldId::Tools);
    tool.map_or_else(|| vocabulary::display(field, value), |tool| tool.name.clone())
}

/// What the user's line means where numbers stand for choices: "1,3" is what the first and third say.
pub fn chosen(line: &str, asking: Option<&Asking>) -> String {
    let pick = || {
        let asking = asking?;
        let numbers = line.split([',', ' ']).filter(|part| !part.is_empty());
        let numbers: Vec<usize> = numbers.map(|part| part.parse().ok()).collect::<Option<_>>()?;
        if numbers.is_empty() || numbers.len() > 1 && !asking.several {
            return None;
        }
        let choice = |number: &usize| Some(asking.choices.get(number.checked_sub(1)?)?.value.as_str());
        Some(numbers.iter().map(choice).collect::<Option<Vec<&str>>>()?.join(", "))
    };
    pick().unwrap_or_else(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orchestrator::models::Choice;

    #[test]
    fn numbers_stand_for_choices_only_where_there_are_such() {
        let mut asking = Asking {
            field: FieldId::Tone,
            question: "How should it sound?".to_owned(),
            why: None,
            choices: vec![Choice::saying("friendly"), Choice::saying("formal")],
            several: true,
            required: true,
        };
        assert_eq!(chosen("2", Some(&asking)), "formal");
        assert_eq!(chosen("1, 2", Some(&asking)), "friendly, formal");
        assert_eq!(chosen("3", Some(&asking)), "3");
        assert_eq!(chosen("24 hours", Some(&asking)), "24 hours");
        assert_eq!(chosen("0", Some(&asking)), "0");
        assert_eq!(chosen("1", None), "1");
        asking.several = false;
        assert_eq!(chosen("1,2", Some(&asking)), "1,2");
    }
}
