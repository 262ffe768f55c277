//! The vendor-neutral description of an agent: fields, where each value came from, and nothing else.
//!
//! Pure types, shared by the server and the page.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

pub use super::field::{FieldId, FieldKind};
use super::tool_config::ToolConfig;

/// Version of the document that [`AgentSpec`] serialises to.
pub const SPEC_VERSION: &str = "1";

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Nobody said it: what is usual.
    Default,
    /// Concluded from what was said.
    Inferred,
    /// The user's words, quoted in the evidence.
    Said,
    /// Typed into the field itself.
    Edited,
}

impl Provenance {
    pub fn as_str(self) -> &'static str {
        match self {
            Provenance::Default => "default",
            Provenance::Inferred => "inferred",
            Provenance::Said => "said",
            Provenance::Edited => "edited",
        }
    }

    /// Whether the user should check it: nobody said it in so many words.
    pub fn is_assumption(self) -> bool {
        matches!(self, Provenance::Default | Provenance::Inferred)
    }
}

/// The words a value rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// The user's message, counted from 0 over the user's messages only.
    pub message: u32,
    /// Letters of that message, unchanged.
    pub quote: String,
}

/// One value of a field, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// An id of the vocabulary, a text, or `true` / `false`, as the field's kind says.
    pub value: String,
    /// How the user put it, where `value` is an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub provenance: Provenance,
    pub evidence: Option<Evidence>,
}

impl Item {
    pub fn said(value: impl Into<String>, message: u32, quote: impl Into<String>) -> Item {
        let evidence = Evidence { message, quote: quote.into() };
        Item { value: value.into(), label: None, provenance: Provenance::Said, evidence: Some(evidence) }
    }

    pub fn inferred(value: impl Into<String>, evidence: Option<Evidence>) -> Item {
        Item { value: value.into(), label: None, provenance: Provenance::Inferred, evidence }
    }

    pub fn default(value: impl Into<String>) -> Item {
        Item { value: value.into(), label: None, provenance: Provenance::Default, evidence: None }
    }

    pub fn edited(value: impl Into<String>) -> Item {
        Item { value: value.into(), label: None, provenance: Provenance::Edited, evidence: None }
    }

    pub fn with_label(mut self, label: impl Into<String>) -> Item {
        self.label = Some(label.into());
        self
    }
}

/// All values of one field. Never empty inside a spec.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub items: Vec<Item>,
}

impl Slot {
    pub fn one(item: Item) -> Slot {
        Slot { items: vec![item] }
    }

    /// The item that speaks for the whole field: the strongest provenance, the first among equals.
    pub fn lead(&self) -> Option<&Item> {
        self.items.iter().rev().max_by_key(|item| item.provenance)
    }

    pub fn provenance(&self) -> Option<Provenance> {
        self.lead().map(|item| item.provenance)
    }
}

/// What the interview fills. A field that is not there is not known.
///
/// On the wire every field is `{value, provenance, evidence, items}`: `value` in the field's own shape, `provenance` and
/// `evidence` of the strongest item, `items` with the source of each single value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentSpec {
    slots: BTreeMap<FieldId, Slot>,
    /// Configuration of each tool in the `tools` field, by id.
    pub tool_configs: BTreeMap<String, ToolConfig>,
}

impl AgentSpec {
    pub fn get(&self, field: FieldId) -> Option<&Slot> {
        self.slots.get(&field)
    }

    pub fn has(&self, field: FieldId) -> bool {
        self.slots.contains_key(&field)
    }

    /// Replaces a field; an empty slot removes it. Returns what was there.
    pub fn set(&mut self, field: FieldId, slot: Slot) -> Option<Slot> {
        if slot.items.is_empty() { self.slots.remove(&field) } else { self.slots.insert(field, slot) }
    }

    pub fn remove(&mut self, field: FieldId) -> Option<Slot> {
        self.slots.remove(&field)
    }

    pub fn items(&self, field: FieldId) -> &[Item] {
        self.slots.get(&field).map_or(&[], |slot| &slot.items)
    }

    pub fn values(&self, field: FieldId) -> impl Iterator<Item = &str> {
        self.items(field).iter().map(|item| item.value.as_str())
    }

    /// The first value: all there is for a field that is not a list.
    pub fn text(&self, field: FieldId) -> Option<&str> {
        self.items(field).first().map(|item| item.value.as_str())
    }

    pub fn agent_type(&self) -> Option<&str> {
        self.text(FieldId::AgentType)
    }

    pub fn use_tools(&self) -> Option<bool> {
        self.text(FieldId::UseTools).map(|value| value == "true")
    }

    /// Whether people talk to the agent rather than type.
    pub fn is_voice(&self) -> bool {
        self.text(FieldId::Channel) == Some("voice")
    }

    /// The configured tools, each once, in the order of the `tools` field.
    pub fn tools(&self) -> impl Iterator<Item = &ToolConfig> {
        let named_before = |at: usize, id: &str| self.values(FieldId::Tools).take(at).any(|before| before == id);
        let ids = self.values(FieldId::Tools).enumerate().filter(move |(at, id)| !named_before(*at, id));
        ids.filter_map(|(_, id)| self.tool_configs.get(id))
    }

    pub fn filled(&self) -> impl Iterator<Item = (FieldId, &Slot)> {
        self.slots.iter().map(|(field, slot)| (*field, slot))
    }

    fn wire_value(&self, field: FieldId, slot: &Slot) -> serde_json::Value {
        use serde_json::Value;
        let texts = || Value::from(slot.items.iter().map(|item| item.value.clone()).collect::<Vec<_>>());
        match field.kind() {
            FieldKind::Flag => Value::Bool(slot.items.first().is_some_and(|item| item.value == "true")),
            FieldKind::Id | FieldKind::Text => {
                slot.items.first().map_or(Value::Null, |item| Value::from(item.value.clone()))
            }
            FieldKind::Ids | FieldKind::Texts => texts(),
            FieldKind::Tools => self.tools().map(|tool| serde_json::to_value(tool).unwrap_or(Value::Null)).collect(),
        }
    }
}

#[derive(Serialize)]
struct WireField<'a> {
    value: serde_json::Value,
    provenance: Option<Provenance>,
    evidence: Option<&'a Evidence>,
    items: &'a [Item],
}

impl Serialize for AgentSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.slots.len() + 1))?;
        map.serialize_entry("spec_version", SPEC_VERSION)?;
        for (field, slot) in self.filled() {
            let lead = slot.lead();
            let wire = WireField {
                value: self.wire_value(field, slot),
                provenance: slot.provenance(),
                evidence: lead.and_then(|item| item.evidence.as_ref()),
                items: &slot.items,
            };
            map.serialize_entry(field.as_str(), &wire)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for AgentSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AgentSpec, D::Error> {
        #[derive(Deserialize)]
        struct Incoming {
            value: serde_json::Value,
            items: Vec<Item>,
        }
        let document = BTreeMap::<String, serde_json::Value>::deserialize(deserializer)?;
        let mut spec = AgentSpec::default();
        for (name, body) in document {
            let Some(field) = FieldId::parse(&name) else {
                continue;
            };
            let incoming: Incoming = serde_json::from_value(body).map_err(D::Error::custom)?;
            if field == FieldId::Tools {
                let tools: Vec<ToolConfig> = serde_json::from_value(incoming.value).map_err(D::Error::custom)?;
                spec.tool_configs = tools.into_iter().map(|tool| (tool.id.clone(), tool)).collect();
            }
            spec.set(field, Slot { items: incoming.items });
        }
        Ok(spec)
    }
}

/// One change of one field, for the strip under an answer, revisions and diffs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub field: FieldId,
    /// In plain words; empty when the field was not known before.
    pub before: Vec<String>,
    /// In plain words; empty when the field was cleared.
    pub after: Vec<String>,
}
