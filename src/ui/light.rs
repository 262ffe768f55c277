//! The cross-light: pointing at words of the chat, a field, a step or a line of the prompt lights every place that
//! belongs to it, by mouse, by touch and by the focus.

use std::time::Duration;

use crate::ui::memo::memo;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::web_sys;

use crate::intent::models::FieldId;
use crate::orchestrator::schemas::Workspace;

/// How long the pointer rests on something before it lights: passing over is not pointing at.
const DELAY: Duration = Duration::from_millis(80);

/// What is pointed at; selected, it stays lit until Escape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Field(FieldId),
    Node(String),
    /// Words that these fields rest on, the first one most.
    Words(Vec<FieldId>),
}

/// Everything that is lit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lit {
    /// The field whose row opens, and whose words get the mark at the pane's edge.
    pub lead: Option<FieldId>,
    pub fields: Vec<FieldId>,
    pub node: Option<String>,
}

/// One light for the whole workspace.
#[derive(Clone, Copy)]
pub struct Light {
    hovered: RwSignal<Option<Chosen>>,
    pub chosen: RwSignal<Option<Chosen>>,
    pub lit: Memo<Lit>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Light {
    pub fn new(workspace: RwSignal<Workspace>) -> Light {
        let (hovered, chosen) = (RwSignal::new(None), RwSignal::new(None));
        let lit = memo(move || {
            let (pointed, selected) = (hovered.get(), chosen.get());
            let is_passing = pointed.is_some() && pointed != selected;
            match pointed.or(selected) {
                Some(Chosen::Field(field)) => Lit { lead: Some(field), fields: vec![field], node: None },
                Some(Chosen::Words(fields)) => Lit { lead: fields.first().copied(), fields, node: None },
                Some(Chosen::Node(id)) => workspace.with(|it| {
                    let fields = it.graph.node(&id).map(|node| node.fields.clone()).unwrap_or_default();
                    let is_known =
                        |field: &&FieldId| it.fields.iter().any(|view| view.field == **field && !view.items.is_empty());
                    // A row that opened for each step one passes over would be unrest.
                    let lead = if is_passing { None } else { fields.iter().find(is_known).copied() };
                    Lit { lead, fields, node: Some(id) }
                }),
                None => Lit::default(),
            }
        });
        Light { hovered, chosen, lit, waiting: StoredValue::new(None) }
    }

    /// The pointer or the focus came to, or left, something of these.
    pub fn hover(self, what: Option<Chosen>) {
        if let Some(timer) = self.waiting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if self.hovered.with_untracked(|it| *it == what) {
            return;
        }
        let hovered = self.hovered;
        let light = move || {
            hovered.try_set(what);
        };
        self.waiting.set_value(set_timeout_with_handle(light, DELAY).ok());
    }

    /// A pointer came to something. A finger does not rest on things: it selects.
    pub fn point(self, event: &web_sys::PointerEvent, what: Chosen) {
        if event.pointer_type() == "mouse" {
            self.hover(Some(what));
        }
    }

    /// Selects, or lets go of what was selected already.
    pub fn toggle(self, what: Chosen) {
        self.chosen.update(|chosen| *chosen = if chosen.as_ref() == Some(&what) { None } else { Some(what) });
    }

    pub fn choose(self, what: Chosen) {
        self.chosen.set(Some(what));
    }

    /// All lights out.
    pub fn clear(self) {
        self.hover(None);
        self.chosen.set(None);
    }

    pub fn has(self, field: FieldId) -> bool {
        self.lit.with(|lit| lit.fields.contains(&field))
    }

    pub fn has_any(self, fields: &[FieldId]) -> bool {
        self.lit.with(|lit| fields.iter().any(|field| lit.fields.contains(field)))
    }

    pub fn leads(self, field: FieldId) -> bool {
        self.lit.with(|lit| lit.lead == Some(field))
    }

    pub fn is_chosen(self, what: &Chosen) -> bool {
        self.chosen.with(|chosen| chosen.as_ref() == Some(what))
    }

    pub fn is_selected(self, node: &str) -> bool {
        self.chosen.with(|chosen| matches!(chosen, Some(Chosen::Node(id)) if id == node))
    }
}
