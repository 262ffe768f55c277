//! Where findings stand beside a prompt: at their line, else at the words of their field, else above everything. Pure.

use crate::intent::models::FieldId;
use crate::prompt::lint::{Finding, Severity};
use crate::prompt::models::{PlatformPrompt, Section};
use crate::ui::components::primitives::{NoteWeight, Variant};
use crate::ui::texts::t;

/// The findings of a prompt, each at its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Of the prompt or the workflow as a whole.
    pub above: Vec<Finding>,
    /// By section and line.
    pub beside: Vec<Vec<Vec<Finding>>>,
}

/// Gives each finding its place. `words` are the words of a value: a field and its position in it.
pub fn place(
    prompt: &PlatformPrompt,
    findings: Vec<Finding>,
    words: impl Fn(FieldId, u32) -> Option<String>,
) -> Placed {
    let beside = prompt.sections.iter().map(|section| vec![Vec::new(); section.lines.len()]).collect();
    let mut placed = Placed { above: Vec::new(), beside };
    for finding in findings {
        let at = &finding.place;
        let named = at.line.and_then(|line| at_line(prompt, line));
        let of_field = || {
            let field = at.field?;
            let words = at.item.and_then(|item| words(field, item));
            of_words(prompt, field, words.as_deref())
        };
        match named.or_else(of_field) {
            Some((section, line)) => placed.beside[section][line].push(finding),
            None => placed.above.push(finding),
        }
    }
    placed
}

/// Section and line that a line of the whole text is.
fn at_line(prompt: &PlatformPrompt, number: u32) -> Option<(usize, usize)> {
    let holds = |section: &Section| (section.first_line..=section.last_line).contains(&number);
    let at = prompt.sections.iter().position(holds)?;
    let section = &prompt.sections[at];
    let before = prompt.system_prompt.lines().skip(section.first_line.saturating_sub(1) as usize);
    let before = before.take((number - section.first_line) as usize);
    let line = before.filter(|text| !text.trim().is_empty()).count();
    Some((at, line)).filter(|_| line < section.lines.len())
}

/// The line that says these words of the field, else the first of the field.
fn of_words(prompt: &PlatformPrompt, field: FieldId, words: Option<&str>) -> Option<(usize, usize)> {
    let lines = || {
        let of = |(at, section): (usize, &'_ Section)| {
            let own = section.lines.iter().enumerate().filter(|(_, line)| line.field == Some(field));
            own.map(|(line, it)| (at, line, it.text.to_ascii_lowercase())).collect::<Vec<_>>()
        };
        prompt.sections.iter().enumerate().flat_map(of)
    };
    let words = words.map(str::to_ascii_lowercase);
    let said = words.and_then(|words| lines().find(|(_, _, text)| text.contains(&words)));
    said.or_else(|| lines().next()).map(|(section, line, _)| (section, line))
}

/// The rule in words: `no_stop_rule` is "No stop rule".
pub fn title(rule: &str) -> String {
    let mut words = rule.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => t!(notes.error),
        Severity::Warning => t!(notes.warning),
        Severity::Hint => t!(notes.hint),
    }
}

/// The class of a note's edge.
pub fn edge(severity: Severity) -> &'static str {
    let weight = match severity {
        Severity::Error => NoteWeight::Error,
        Severity::Warning => NoteWeight::Warning,
        Severity::Hint => NoteWeight::Hint,
    };
    weight.class()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::models::Provenance;
    use crate::prompt::lint::Place;
    use crate::prompt::models::{Line, PromptFormat};

    fn section(first_line: u32, last_line: u32, lines: &[(&str, Option<FieldId>)]) -> Section {
        let line = |(text, field): &(&str, Option<FieldId>)| Line {
            text: (*text).to_owned(),
            field: *field,
            provenance: Provenance::Said,
        };
        let lines = lines.iter().map(line).collect();
        Section { id: String::new(), title: String::new(), lines, first_line, last_line, tokens: 0 }
    }

    fn prompt() -> PlatformPrompt {
        PlatformPrompt {
            format: PromptFormat::Generic,
            system_prompt: "# Role\nYou are Mia.\n\n# Goals\n- Book visits\n\n- Tell prices\n".to_owned(),
            instructions: Vec::new(),
            examples: Vec::new(),
            first_message: String::new(),
            tokens: 0,
            metadata: serde_json::Map::new(),
            sources: Vec::new(),
            sections: vec![
                section(2, 2, &[("You are Mia.", Some(FieldId::AgentName))]),
                section(5, 7, &[("- Book visits", Some(FieldId::Goals)), ("- Tell prices", Some(FieldId::Goals))]),
            ],
        }
    }

    fn finding(place: Place) -> Finding {
        let (rule, message) = ("vague_goal".to_owned(), String::new());
        Finding { rule, severity: Severity::Hint, message, place, fix: None, can_fix: false }
    }

    /// Section and line of a finding; `None` above everything.
    fn placed(at: Place) -> Option<(usize, usize)> {
        let words = |_, item: u32| (item == 1).then(|| "tell Prices".to_owned());
        let placed = place(&prompt(), vec![finding(at)], words);
        let all = placed.beside.iter().enumerate();
        let found =
            all.flat_map(|(section, lines)| lines.iter().enumerate().map(move |(line, of)| (section, line, of)));
        let found = found.filter(|(_, _, of)| !of.is_empty()).map(|(section, line, _)| (section, line)).next();
        assert_eq!(found.is_none(), placed.above.len() == 1);
        found
    }

    #[test]
    fn a_finding_stands_at_its_line_else_at_its_words() {
        let line = |line| placed(Place { line: Some(line), ..Place::default() });
        assert_eq!([line(2), line(5), line(7)], [Some((0, 0)), Some((1, 0)), Some((1, 1))]);
        assert_eq!(line(1), None, "a heading");
        let field = |field, item| placed(Place { field: Some(field), item, ..Place::default() });
        assert_eq!(field(FieldId::Goals, None), Some((1, 0)));
        assert_eq!(field(FieldId::Goals, Some(1)), Some((1, 1)));
        assert_eq!(field(FieldId::Goals, Some(7)), Some((1, 0)));
        assert_eq!(field(FieldId::Tone, None), None);
        assert_eq!(placed(Place { node: Some("x".to_owned()), ..Place::default() }), None);
    }

    #[test]
    fn rules_are_named_in_words() {
        assert_eq!(title("no_stop_rule"), "No stop rule");
        assert_eq!(title(""), "");
    }
}
