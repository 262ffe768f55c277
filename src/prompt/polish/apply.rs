//! A prompt with its polished sections in place, every line still traced. Pure.

use std::collections::BTreeMap;

use serde_json::json;

use crate::intent::models::{AgentSpec, Provenance};
use crate::prompt::generator::generate;
use crate::prompt::models::{Line, LineSource, PlatformPrompt, PromptFormat, Section};
use crate::prompt::tokens;
use crate::workflow::models::Graph;
use crate::workflow::words::content_stems;

use super::models::{PolishNote, Polished, PolishedSections};

/// The prompt as it is shown and handed over: the generated one with what its owner took from a model.
pub fn shown(spec: &AgentSpec, graph: &Graph, format: PromptFormat, polished: &PolishedSections) -> PlatformPrompt {
    let generated = generate(spec, graph, format);
    match polished.get(&format) {
        Some(sections) if !sections.is_empty() => with_sections(generated, sections),
        _ => generated,
    }
}

/// The text of a section, without its heading.
pub fn body(prompt: &PlatformPrompt, section: &Section) -> String {
    let (from, to) = (section.first_line as usize, section.last_line as usize);
    let lines = prompt.system_prompt.lines().skip(from.saturating_sub(1)).take((to + 1).saturating_sub(from));
    lines.collect::<Vec<_>>().join("\n")
}

/// A generated prompt with these sections in place; one that was made from another text is named as lapsed.
pub(super) fn with_sections(generated: PlatformPrompt, polished: &BTreeMap<String, Polished>) -> PlatformPrompt {
    let stands = |section: &Section| {
        let one = polished.get(&section.id)?;
        (one.base == body(&generated, section)).then_some(one.text.as_str())
    };
    let taken: BTreeMap<&str, &str> =
        generated.sections.iter().filter_map(|section| Some((section.id.as_str(), stands(section)?))).collect();
    let note = PolishNote {
        sections: taken.keys().map(|id| (*id).to_owned()).collect(),
        lapsed: polished.keys().filter(|id| !taken.contains_key(id.as_str())).cloned().collect(),
    };
    let mut sheet = Sheet::new(&generated);
    for section in &generated.sections {
        sheet.section(section, taken.get(section.id.as_str()).copied());
    }
    let (text, sources, sections) = sheet.finish();
    let instructions = instructions(&generated, &sections);
    let mut metadata = generated.metadata;
    metadata.insert("polished".to_owned(), json!(note));
    PlatformPrompt {
        system_prompt: text,
        instructions,
        tokens: sections.iter().map(|section| section.tokens).sum(),
        metadata,
        sources,
        sections,
        ..generated
    }
}

/// A prompt being written again, line by line.
struct Sheet<'a> {
    lines: Vec<&'a str>,
    /// The field of each line of the generated prompt.
    fields: BTreeMap<u32, &'a str>,
    /// Lines of the generated prompt that are done.
    done: usize,
    text: String,
    /// Number of the next line.
    line: u32,
    sources: Vec<LineSource>,
    sections: Vec<Section>,
}

impl<'a> Sheet<'a> {
    fn new(generated: &'a PlatformPrompt) -> Sheet<'a> {
        Sheet {
            lines: generated.system_prompt.lines().collect(),
            fields: generated.sources.iter().map(|source| (source.line, source.field.as_str())).collect(),
            done: 0,
            text: String::with_capacity(generated.system_prompt.len()),
            line: 1,
            sources: Vec::with_capacity(generated.sources.len()),
            sections: Vec::with_capacity(generated.sections.len()),
        }
    }

    fn section(&mut self, section: &Section, polished: Option<&str>) {
        let (from, to) = (section.first_line as usize, section.last_line as usize);
        // The line before the text is the heading.
        self.copy_to(from.saturating_sub(2));
        let start = self.text.len();
        self.copy_to(from - 1);
        let first_line = self.line;
        let lines = match polished {
            None => {
                self.copy_to(to);
                section.lines.clone()
            }
            Some(text) => {
                self.done = to;
                self.rewrite(section, text)
            }
        };
        let last_line = self.line - 1;
        // What follows is an empty line or, after a tag, the end of it.
        if self.lines.get(to).is_some_and(|line| line.starts_with("</")) {
            self.copy_to(to + 1);
        }
        let tokens = match polished {
            None => section.tokens,
            Some(_) => tokens::estimate(&self.text[start..]),
        };
        self.sections.push(Section { lines, first_line, last_line, tokens, ..section.clone() });
    }

    /// Lines as they are, with the fields they come from.
    fn copy_to(&mut self, end: usize) {
        for at in self.done..end.min(self.lines.len()) {
            let field = u32::try_from(at + 1).ok().and_then(|number| self.fields.get(&number).copied());
            self.write(self.lines[at], field, None);
        }
        self.done = self.done.max(end);
    }

    fn rewrite(&mut self, section: &Section, text: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        for text in text.lines() {
            if text.trim().is_empty() {
                self.write("", None, None);
                continue;
            }
            let (line, is_new) = traced(section, text);
            let added = is_new.then_some(Provenance::Inferred);
            self.write(text, Some(line.field.map_or("default", |field| field.as_str())), added);
            lines.push(line);
        }
        lines
    }

    fn write(&mut self, text: &str, field: Option<&str>, provenance: Option<Provenance>) {
        self.text.push_str(text);
        self.text.push('\n');
        if let Some(field) = field {
            self.sources.push(LineSource { line: self.line, field: field.to_owned(), provenance });
        }
        self.line += 1;
    }

    fn finish(mut self) -> (String, Vec<LineSource>, Vec<Section>) {
        self.copy_to(self.lines.len());
        (self.text, self.sources, self.sections)
    }
}

/// A line of a polished section and whether it is new: the generated one where it is the same, else inferred, from the
/// field whose line it shares the most words with.
fn traced(section: &Section, text: &str) -> (Line, bool) {
    if let Some(same) = section.lines.iter().find(|line| line.text == text) {
        return (same.clone(), false);
    }
    let stems = content_stems(text);
    let shared = |line: &Line| content_stems(&line.text).intersection(&stems).count();
    let nearest = section.lines.iter().rev().max_by_key(|line| shared(line)).filter(|line| shared(line) > 0);
    let field = nearest.and_then(|line| line.field);
    (Line { text: text.to_owned(), field, provenance: Provenance::Inferred }, true)
}

/// The rules one by one: each as generated where it still stands, else in the words that came for it.
fn instructions(generated: &PlatformPrompt, sections: &[Section]) -> Vec<String> {
    let bullet = |line: &Line| line.text.strip_prefix("- ").map(str::to_owned);
    let bullets =
        |all: &[Section]| -> Vec<String> { all.iter().flat_map(|section| &section.lines).filter_map(bullet).collect() };
    let (known, now) = (bullets(&generated.sections), bullets(sections));
    let added: Vec<String> = now.iter().filter(|rule| !known.contains(rule)).cloned().collect();
    let mut rules: Vec<String> = Vec::new();
    for rule in &generated.instructions {
        // A rule whose line is written with escapes is never told apart; it stays.
        let stands = now.contains(rule) || !known.contains(rule);
        let rule = if stands { Some(rule) } else { nearest(rule, &added) };
        rules.extend(rule.filter(|rule| !rules.contains(rule)).cloned());
    }
    rules
}

fn nearest<'a>(rule: &str, texts: &'a [String]) -> Option<&'a String> {
    let stems = content_stems(rule);
    let shared = |text: &&String| content_stems(text).intersection(&stems).count();
    texts.iter().rev().max_by_key(shared).filter(|text| shared(text) > 0)
}
