//! The catalogue of tools, read from `data/catalogue.toml` at build.

use super::models::ToolConfig;

/// The catalogue's default configuration of a tool, under the product's name if the user named one.
pub fn configure(id: &str, product: Option<&str>) -> Option<ToolConfig> {
    let _ = (id, product);
    None
}

/// The catalogue's name of a tool.
pub fn name(id: &str) -> Option<&'static str> {
    let _ = id;
    None
}

/// What kind of words name a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseKind {
    Product,
    Synonym,
    ActObject,
}

pub struct Phrase {
    pub phrase: &'static str,
    pub kind: PhraseKind,
    pub tool_ids: &'static [String],
}

pub fn phrases() -> impl Iterator<Item = Phrase> {
    std::iter::empty()
}

pub fn ids() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}
