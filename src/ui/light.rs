//! The cross-light: pointing at a field, a step or a line of the prompt lights every place that belongs to it.

use std::time::Duration;

use crate::ui::memo::memo;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::intent::models::FieldId;
use crate::orchestrator::schemas::Workspace;

/// How long the pointer rests on something before it lights: passing over is not pointing at.
const DELAY: Duration = Duration::from_millis(80);

/// What was selected and stays lit until Escape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Field(FieldId),
    Node(String),
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
    hovered: RwSignal<Option<FieldId>>,
    pub chosen: RwSignal<Option<Chosen>>,
    pub lit: Memo<Lit>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Light {
    pub fn new(workspace: RwSignal<Workspace>) -> Light {
        let (hovered, chosen) = (RwSignal::new(None), RwSignal::new(None));
        let lit = memo(move || match (hovered.get(), chosen.get()) {
            (Some(field), _) | (None, Some(Chosen::Field(field))) => {
                Lit { lead: Some(field), fields: vec![field], node: None }
            }
            (None, Some(Chosen::Node(id))) => workspace.with(|it| {
                let fields = it.graph.node(&id).map(|node| node.fields.clone()).unwrap_or_default();
                let is_known =
                    |field: &&FieldId| it.fields.iter().any(|view| view.field == **field && !view.items.is_empty());
                Lit { lead: fields.iter().find(is_known).copied(), fields, node: Some(id) }
            }),
            (None, None) => Lit::default(),
        });
        Light { hovered, chosen, lit, waiting: StoredValue::new(None) }
    }

    /// The pointer came to, or left, something of this field.
    pub fn hover(self, field: Option<FieldId>) {
        if let Some(timer) = self.waiting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if self.hovered.get_untracked() == field {
            return;
        }
        let hovered = self.hovered;
        let light = move || {
            hovered.try_set(field);
        };
        self.waiting.set_value(set_timeout_with_handle(light, DELAY).ok());
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

    pub fn is_selected(self, node: &str) -> bool {
        self.lit.with(|lit| lit.node.as_deref() == Some(node))
    }
}
