//! The little Markdown that replies use (paragraphs, lists, bold) as data to draw. Everything else stays the text it is.

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Bold(String),
}

/// A block of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    /// Its items; numbered or not.
    List(bool, Vec<Vec<Inline>>),
}

/// Reads a reply: blocks are divided by empty lines, or where a list begins or ends.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut paragraph = String::new();
    for line in text.lines().map(str::trim).chain([""]) {
        let item = list_item(line);
        if (line.is_empty() || item.is_some()) && !paragraph.is_empty() {
            blocks.push(Block::Paragraph(inlines(&std::mem::take(&mut paragraph))));
        }
        match item {
            Some((numbered, words)) => match blocks.last_mut() {
                Some(Block::List(kind, items)) if *kind == numbered => items.push(inlines(words)),
                _ => blocks.push(Block::List(numbered, vec![inlines(words)])),
            },
            None if line.is_empty() => {}
            None => {
                if !paragraph.is_empty() {
                    paragraph.push(' ');
                }
                paragraph.push_str(line);
            }
        }
    }
    blocks
}

/// `- words`, `• words` or `1. words`.
fn list_item(line: &str) -> Option<(bool, &str)> {
    if let Some(words) = ["- ", "* ", "• "].iter().find_map(|bullet| line.strip_prefix(bullet)) {
        return Some((false, words));
    }
    let digits = line.len() - line.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let words = line.get(digits..)?.strip_prefix(". ")?;
    (1..=2).contains(&digits).then_some((true, words))
}

fn inlines(text: &str) -> Vec<Inline> {
    let parts: Vec<&str> = text.split("**").collect();
    // An odd number of parts has all its pairs closed; otherwise the last `**` is only text.
    let closed = if parts.len() % 2 == 1 { parts.len() } else { parts.len() - 1 };
    let mut line: Vec<Inline> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if at >= closed {
            line.push(Inline::Text(format!("**{part}")));
        } else if !part.is_empty() {
            line.push(if at % 2 == 1 { Inline::Bold((*part).to_owned()) } else { Inline::Text((*part).to_owned()) });
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Inline {
        Inline::Text(words.to_owned())
    }

    #[test]
    fn paragraphs_lists_and_bold() {
        let read = blocks("So far:\n- **Tone:** calm\n- 2 goals\n\nIs that\nright?");
        assert_eq!(
            read,
            [
                Block::Paragraph(vec![text("So far:")]),
                Block::List(false, vec![vec![Inline::Bold("Tone:".into()), text(" calm")], vec![text("2 goals")]]),
                Block::Paragraph(vec![text("Is that right?")]),
            ]
        );
    }

    #[test]
    fn what_is_not_allowed_stays_text() {
        let read = blocks("<b>x</b> [a](javascript:1) ** 2 * 3");
        let Block::Paragraph(words) = &read[0] else { panic!("a paragraph") };
        let joined: String = words
            .iter()
            .map(|it| match it {
                Inline::Text(it) | Inline::Bold(it) => it.as_str(),
            })
            .collect();
        assert_eq!(joined, "<b>x</b> [a](javascript:1) ** 2 * 3");
    }

    #[test]
    fn a_number_alone_is_no_list() {
        assert_eq!(blocks("2026. It was"), [Block::Paragraph(vec![text("2026. It was")])]);
        assert_eq!(blocks(""), []);
    }
}
