//! From parts to a platform's text: headings, tags, bullets and numbers, and which field each line comes from.

use std::collections::HashSet;

use crate::intent::models::{FieldId, Provenance};

use super::models::{Line, LineSource, Section};
use super::parts::{Block, Group, Mark, Piece};
use super::texts::Markup;
use super::tokens;
use super::wording::{without_variables, xml};

/// A section about to be written.
pub(super) struct Draft {
    pub id: String,
    pub title: String,
    /// Whether the title announces the first list.
    pub titled: bool,
    pub blocks: Vec<Block>,
}

/// A prompt as written.
#[derive(Default)]
pub(super) struct Rendered {
    pub text: String,
    pub sources: Vec<LineSource>,
    pub sections: Vec<Section>,
}

/// Writes sections in a markup; an empty section and a line that was already there are left out. `variables` says that
/// the platform would fill in `{{…}}`, which owners' words must not trigger.
pub(super) fn render(drafts: Vec<Draft>, markup: Markup, variables: bool) -> Rendered {
    let mut seen = HashSet::new();
    let mut sheet = Sheet { markup, variables, line: 1, ..Sheet::default() };
    for mut draft in drafts {
        draft.blocks.iter_mut().for_each(|block| drop_repeated(block, &mut seen));
        draft.blocks.retain(|block| !block.is_empty());
        if let Some(first) = draft.blocks.first_mut().filter(|_| draft.titled) {
            first.lead = None;
        }
        if !draft.blocks.is_empty() {
            sheet.section(draft);
        }
    }
    Rendered { text: sheet.text, sources: sheet.sources, sections: sheet.sections }
}

/// List items are said once in a prompt, however many fields hold them. Lines inside groups and steps may come again.
fn drop_repeated(block: &mut Block, seen: &mut HashSet<String>) {
    if block.group.is_some() {
        return;
    }
    block.pieces.retain(|piece| {
        let key = piece.text.to_lowercase();
        piece.mark == Mark::Step || seen.insert(key.trim_end_matches('.').to_owned())
    });
}

struct Sheet {
    markup: Markup,
    variables: bool,
    text: String,
    /// Number of the next line.
    line: u32,
    sources: Vec<LineSource>,
    sections: Vec<Section>,
    /// Lines of the section being written.
    lines: Vec<Line>,
    /// Whether the last line is a list item, so that a sentence needs an empty line before it not to become part of it.
    in_list: bool,
}

impl Default for Sheet {
    fn default() -> Sheet {
        Sheet {
            markup: Markup::Plain,
            variables: false,
            text: String::new(),
            line: 1,
            sources: Vec::new(),
            sections: Vec::new(),
            lines: Vec::new(),
            in_list: false,
        }
    }
}

impl Sheet {
    fn section(&mut self, draft: Draft) {
        if !self.text.is_empty() {
            self.blank();
        }
        let start = self.text.len();
        match self.markup {
            Markup::Markdown => self.write(&format!("# {}", draft.title), None),
            Markup::Xml => self.write(&format!("<{}>", draft.id), None),
            Markup::Plain => self.write(&draft.title.to_uppercase(), None),
        }
        let first_line = self.line;
        for (at, block) in draft.blocks.iter().enumerate() {
            let apart =
                block.group.is_some() || block.lead.is_some() || draft.blocks[at.saturating_sub(1)].stands_apart();
            if at > 0 && apart {
                self.blank();
            }
            self.block(block);
        }
        let last_line = self.line - 1;
        if self.markup == Markup::Xml {
            self.write(&format!("</{}>", draft.id), None);
        }
        let tokens = tokens::estimate(&self.text[start..]);
        self.sections.push(Section {
            id: draft.id,
            title: draft.title,
            lines: std::mem::take(&mut self.lines),
            first_line,
            last_line,
            tokens,
        });
    }

    fn block(&mut self, block: &Block) {
        if let Some(group) = &block.group {
            self.open(group);
        }
        if let Some(lead) = &block.lead {
            self.piece(lead, 0);
        }
        let mut step = 0;
        for piece in &block.pieces {
            step += u32::from(piece.mark == Mark::Step);
            self.piece(piece, step);
        }
        if let (Some(group), Markup::Xml) = (&block.group, self.markup) {
            self.keep(format!("</{}>", group.tag), Some(group.field), Provenance::Default);
        }
    }

    fn open(&mut self, group: &Group) {
        let name = self.escape(&group.name);
        let line = match self.markup {
            Markup::Xml if name.is_empty() => format!("<{}>", group.tag),
            Markup::Xml => format!("<{} name=\"{name}\">", group.tag),
            _ if name.is_empty() => return,
            Markup::Markdown => format!("## {name}"),
            Markup::Plain => format!("{name}:"),
        };
        self.keep(line, Some(group.field), Provenance::Default);
    }

    fn piece(&mut self, piece: &Piece, step: u32) {
        let text = self.escape(&piece.text);
        let in_list = piece.mark != Mark::Text;
        if self.in_list && !in_list {
            self.blank();
        }
        let line = match piece.mark {
            Mark::Text => text,
            Mark::Bullet => format!("- {text}"),
            Mark::Step => format!("{step}. {text}"),
        };
        self.keep(line, piece.field, piece.provenance);
        self.in_list = in_list;
    }

    fn escape(&self, text: &str) -> String {
        let text = match self.markup {
            Markup::Xml => xml(text).into_owned(),
            Markup::Markdown | Markup::Plain => text.to_owned(),
        };
        if self.variables { without_variables(&text) } else { text }
    }

    fn blank(&mut self) {
        self.text.push('\n');
        self.line += 1;
        self.in_list = false;
    }

    /// A line that the page shows, too.
    fn keep(&mut self, line: String, field: Option<FieldId>, provenance: Provenance) {
        self.write(&line, field);
        self.lines.push(Line { text: line, field, provenance });
    }

    fn write(&mut self, line: &str, field: Option<FieldId>) {
        self.in_list = false;
        self.text.push_str(line);
        self.text.push('\n');
        let field = field.map_or("default", FieldId::as_str).to_owned();
        self.sources.push(LineSource { line: self.line, field, provenance: None });
        self.line += 1;
    }
}

impl Block {
    fn stands_apart(&self) -> bool {
        self.group.is_some() || self.lead.is_some()
    }
}
