//! Whether a section may stand in other words. Pure.
//!
//! The same rules hold for what a model proposes and for what its owner takes, so that nothing else gets in.

use std::collections::{BTreeMap, BTreeSet};

use crate::intent::models::{AgentSpec, Provenance};
use crate::prompt::lint::{self, LintReport, forbids};
use crate::prompt::models::{Line, PlatformPrompt, Section};
use crate::prompt::texts::{Markup, texts};
use crate::prompt::wording::{clean, quoted, visible, xml};
use crate::tools::catalogue;
use crate::workflow::models::Graph;
use crate::workflow::words::{self, content_stems, short};

use super::apply::{body, with_sections};
use super::data::{DATA, Reason};
use super::facts;
use super::models::Polished;

/// The longest part of a line that a reason repeats, in characters.
const QUOTED: usize = 80;

/// Why a section may not stand, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// Looks at the words proposed for one generated prompt.
pub struct Examiner<'a> {
    spec: &'a AgentSpec,
    graph: &'a Graph,
    generated: &'a PlatformPrompt,
    markup: Markup,
    /// Everything the agent's description and its generated prompt say.
    known: Known,
    report: LintReport,
}

struct Known {
    text: String,
    words: BTreeSet<String>,
    stems: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl<'a> Examiner<'a> {
    pub fn new(spec: &'a AgentSpec, graph: &'a Graph, generated: &'a PlatformPrompt) -> Examiner<'a> {
        let text = facts::everything(spec, generated);
        let known = Known {
            words: words::tokens(&text).into_iter().collect(),
            stems: content_stems(&text),
            numbers: facts::numbers(&text),
            text,
        };
        let report = lint::check(spec, graph, std::slice::from_ref(generated));
        let markup = texts().format(generated.format).style;
        Examiner { spec, graph, generated, markup, known, report }
    }

    /// The lint's score of the generated prompt.
    pub fn score(&self) -> u8 {
        self.report.score
    }

    pub fn section(&self, id: &str) -> Option<&'a Section> {
        self.generated.sections.iter().find(|section| section.id == id)
    }

    /// The generated text of a section.
    pub fn base(&self, section: &Section) -> String {
        body(self.generated, section)
    }

    /// A text as it would stand in the prompt: visible letters, one empty line at most, escaped where tags are.
    pub fn tidy(&self, section: &Section, text: &str) -> String {
        let mut lines: Vec<String> = Vec::new();
        for line in text.replace("\r\n", "\n").lines().map(visible) {
            let line = line.strip_prefix("* ").map_or(line.clone(), |rest| format!("- {rest}"));
            let line =
                if self.markup == Markup::Xml && !self.is_structure(section, &line) { escaped(&line) } else { line };
            let doubled = line.is_empty() && lines.last().is_none_or(String::is_empty);
            if !doubled {
                lines.push(line);
            }
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.join("\n")
    }

    /// Whether a section may stand in these words (as [`Examiner::tidy`] writes them).
    pub fn examine(&self, section: &Section, text: &str) -> Result<(), Refused> {
        let base = self.base(section);
        let rules: [&dyn Fn() -> Option<String>; 8] = [
            &|| length(&base, text),
            &|| self.structure(section, &base, text),
            &|| self.numbers(&base, text),
            &|| self.addresses(&base, text),
            &|| self.tools(&base, text),
            &|| self.names(text),
            &|| self.lost(section, &base, text),
            &|| self.invented(section, text),
        ];
        match rules.iter().find_map(|rule| rule()) {
            Some(reason) => Err(Refused(reason)),
            None => Ok(()),
        }
    }

    /// The lint's score with these sections in other words, and what it would find that it does not find now.
    pub fn lint(&self, polished: &BTreeMap<String, Polished>) -> (u8, Result<(), Refused>) {
        let prompt = with_sections(self.generated.clone(), polished);
        let report = lint::check(self.spec, self.graph, &[prompt]);
        let count = |report: &LintReport, rule: &str| report.findings.iter().filter(|it| it.rule == rule).count();
        let worse = report.findings.iter().find(|finding| {
            let is_new = self.report.findings.iter().all(|known| known.message != finding.message);
            is_new && count(&report, &finding.rule) > count(&self.report, &finding.rule)
        });
        let verdict = match worse {
            Some(finding) => Err(Refused(Reason::Lint.about(&finding.message))),
            None => Ok(()),
        };
        (report.score, verdict)
    }

    /// Headings and tags inside the section: its structure, which is ours.
    fn is_structure(&self, section: &Section, line: &str) -> bool {
        let opens = match self.markup {
            Markup::Xml => line.starts_with('<'),
            Markup::Markdown => line.starts_with('#'),
            Markup::Plain => false,
        };
        opens && section.lines.iter().any(|known| known.text == line)
    }

    fn structure(&self, section: &Section, base: &str, text: &str) -> Option<String> {
        let own = |text: &str| -> Vec<String> {
            text.lines().filter(|line| self.is_structure(section, line)).map(str::to_owned).collect()
        };
        let foreign = |line: &str| {
            let block = ["#", "<", "&lt;", "```", "~~~", ">", "|", "---", "===", "***"];
            block.iter().any(|mark| line.trim_start().starts_with(mark)) && !base.lines().any(|known| known == line)
        };
        if own(base) != own(text) || text.lines().any(foreign) {
            return Some(Reason::Structure.about(""));
        }
        let variable = |mark: char| text.contains(mark) && !base.contains(mark);
        ['{', '}', '[', ']']
            .into_iter()
            .find(|mark| variable(*mark))
            .map(|mark| Reason::Placeholder.about(&mark.to_string()))
    }

    fn numbers(&self, base: &str, text: &str) -> Option<String> {
        let (before, after) = (facts::numbers(base), facts::numbers(text));
        let invented = after.difference(&self.known.numbers).next().cloned();
        let in_words = || {
            facts::number_words(text).into_iter().find(|word| !self.known.words.contains(word) && !self.is_part(word))
        };
        let invented = invented.or_else(in_words).map(|number| Reason::Number.about(&number));
        invented.or_else(|| before.difference(&after).next().map(|number| Reason::NumberLost.about(number)))
    }

    /// Whether a word is one half of a known word with a hyphen.
    fn is_part(&self, word: &str) -> bool {
        self.known.words.iter().any(|known| known.split('-').any(|part| part == word))
    }

    fn addresses(&self, base: &str, text: &str) -> Option<String> {
        let (before, after) = (facts::addresses(base), facts::addresses(text));
        let known = self.known.text.to_lowercase();
        let invented = after.iter().find(|address| !known.contains(address.as_str()));
        let lost = || before.difference(&after).next().map(|address| Reason::AddressLost.about(address));
        invented.map(|address| Reason::Address.about(address)).or_else(lost)
    }

    fn tools(&self, base: &str, text: &str) -> Option<String> {
        let (known, before, after) =
            (facts::code_words(&self.known.text), facts::code_words(base), facts::code_words(text));
        let code = |word: &String| format!("`{word}`");
        if let Some(word) = after.difference(&known).next() {
            return Some(Reason::Tool.about(&code(word)));
        }
        if let Some(product) = foreign_product(text, &self.known.text) {
            return Some(Reason::Tool.about(product));
        }
        let names = self.spec.tools().map(|tool| clean(&tool.name)).filter(|name| !name.is_empty());
        let lost = before.difference(&after).next().map(code);
        let lost = lost.or_else(|| names.into_iter().find(|name| base.contains(name) && !text.contains(name)));
        lost.map(|name| Reason::ToolLost.about(&name))
    }

    fn names(&self, text: &str) -> Option<String> {
        let known = |name: &String| words::tokens(name).iter().all(|word| self.known.words.contains(word));
        facts::names(text).into_iter().find(|name| !known(name)).map(|name| Reason::Name.about(&name))
    }

    /// What must stay: sentences given word for word, what the owner said, what is forbidden.
    fn lost(&self, section: &Section, base: &str, text: &str) -> Option<String> {
        let plain = facts::plain_marks(text);
        let unsaid = |quote: &String| !plain.contains(quote.as_str());
        if let Some(quote) = facts::quotes(base).into_iter().find(unsaid) {
            return Some(Reason::QuoteLost.about(&quoted(&short(&quote, QUOTED))));
        }
        let must_stay =
            |line: &&Line| forbids(&line.text) || matches!(line.provenance, Provenance::Said | Provenance::Edited);
        let lost = section.lines.iter().filter(must_stay).find(|line| !says(text, &line.text));
        lost.map(|line| Reason::LineLost.about(&quoted(&short(facts::without_mark(&line.text), QUOTED))))
    }

    /// A new line has to be about something that the description speaks of.
    fn invented(&self, section: &Section, text: &str) -> Option<String> {
        let added = text.lines().filter(|text| section.lines.iter().all(|line| line.text != *text));
        let foreign = |text: &&str| {
            let stems = content_stems(text);
            let known = stems.intersection(&self.known.stems).count();
            !stems.is_empty() && (known as f64) < DATA.known * stems.len() as f64
        };
        let mut found = added.filter(foreign);
        found.next().map(|line| Reason::Invented.about(&quoted(&short(facts::without_mark(line), QUOTED))))
    }
}

fn length(base: &str, text: &str) -> Option<String> {
    let (before, after) = (base.chars().count() as f64, text.chars().count() as f64);
    match after {
        0.0 => Some(Reason::Empty.about("")),
        _ if after < before * DATA.shortest => Some(Reason::Shorter.about("")),
        _ if after > before * DATA.longest => Some(Reason::Longer.about("")),
        _ => None,
    }
}

/// Whether one line of a text says what a line said, and forbids it if that did.
fn says(text: &str, line: &str) -> bool {
    let wanted = content_stems(line);
    let shares = |candidate: &str| {
        let shared = content_stems(candidate).intersection(&wanted).count();
        shared as f64 >= DATA.kept * wanted.len() as f64 && (!forbids(line) || forbids(candidate))
    };
    wanted.is_empty() || text.lines().any(shares)
}

/// A product of the catalogue that a text names and nothing known does. Everyday words are left to the names.
fn foreign_product(text: &str, known: &str) -> Option<&'static str> {
    let products = catalogue::catalogue().iter().flat_map(|tool| &tool.products).map(|product| product.name.as_str());
    let mut foreign = products.filter(|name| {
        let everyday = catalogue::ordinary_words().iter().any(|word| word.eq_ignore_ascii_case(name));
        !everyday && words::has_whole(text, name) && !known.contains(name)
    });
    foreign.next()
}

/// Text between tags: escaped once, however the model wrote it.
fn escaped(line: &str) -> String {
    let plain = line.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    xml(&plain).into_owned()
}
