//! What the workspace shows beside the chat; it stands in the address, so that a link or a reload leads back to it.

use crate::ui::memo::memo;
use crate::ui::texts::t;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A pane of the workspace, or a tab of the outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    #[default]
    Chat,
    Fields,
    Diagram,
    Prompt,
    Tools,
    Try,
    Bundle,
}

impl Pane {
    pub const OUTPUTS: [Pane; 5] = [Pane::Diagram, Pane::Prompt, Pane::Tools, Pane::Try, Pane::Bundle];

    pub fn id(self) -> &'static str {
        match self {
            Pane::Chat => "chat",
            Pane::Fields => "fields",
            Pane::Diagram => "diagram",
            Pane::Prompt => "prompt",
            Pane::Tools => "tools",
            Pane::Try => "try",
            Pane::Bundle => "bundle",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Pane::Chat => t!(pane.chat),
            Pane::Fields => t!(common.fields),
            Pane::Diagram => t!(common.diagram),
            Pane::Prompt => t!(common.prompt),
            Pane::Tools => t!(common.tools),
            Pane::Try => t!(pane.try_it),
            Pane::Bundle => t!(common.bundle),
        }
    }

    /// The address that leads to it, within the same session.
    pub fn href(self) -> String {
        format!("?view={}", self.id())
    }

    pub fn is_output(self) -> bool {
        Pane::OUTPUTS.contains(&self)
    }

    /// What the outputs show while this is current.
    pub fn output(self) -> Pane {
        if self.is_output() { self } else { Pane::Diagram }
    }

    /// Whether its code comes apart from the workspace's.
    pub fn is_apart(self) -> bool {
        matches!(self, Pane::Prompt | Pane::Tools | Pane::Try | Pane::Bundle)
    }

    pub fn parse(id: &str) -> Option<Pane> {
        [Pane::Chat, Pane::Fields].into_iter().chain(Pane::OUTPUTS).find(|pane| pane.id() == id)
    }
}

/// The pane the address names.
pub fn current_pane() -> Memo<Pane> {
    let query = use_query_map();
    memo(move || query.with(|query| query.get_str("view").and_then(Pane::parse).unwrap_or_default()))
}
