//! The catalogue of tools, read from `data/catalogue.toml` at build: what each tool is called, how people speak of it,
//! and its configuration by default. Pure; uses `models` alone.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::models::{Risk, ToolConfig};
pub use super::phrases::{Phrase, PhraseKind, phrases};

/// What a tool is for, in the words of the catalogue's headings. The set is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Knowledge,
    Data,
    Messaging,
    Handover,
    Scheduling,
    Customers,
    Commerce,
    Travel,
    Media,
    Documents,
    Engineering,
    Productivity,
    Records,
}

impl Category {
    pub const ALL: [Category; 13] = [
        Category::Knowledge,
        Category::Data,
        Category::Messaging,
        Category::Handover,
        Category::Scheduling,
        Category::Customers,
        Category::Commerce,
        Category::Travel,
        Category::Media,
        Category::Documents,
        Category::Engineering,
        Category::Productivity,
        Category::Records,
    ];

    /// The id on the wire and in the data file.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Knowledge => "knowledge",
            Category::Data => "data",
            Category::Messaging => "messaging",
            Category::Handover => "handover",
            Category::Scheduling => "scheduling",
            Category::Customers => "customers",
            Category::Commerce => "commerce",
            Category::Travel => "travel",
            Category::Media => "media",
            Category::Documents => "documents",
            Category::Engineering => "engineering",
            Category::Productivity => "productivity",
            Category::Records => "records",
        }
    }
}

/// A product people name when they mean a tool.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Product {
    /// As its maker spells it.
    pub name: String,
    /// How else people write it, lower-case.
    pub aliases: Vec<String>,
}

impl From<String> for Product {
    /// Reads the data file's `Name|alias|alias`.
    fn from(text: String) -> Product {
        let mut spellings = text.split('|').map(|spelling| spelling.trim().to_owned());
        let name = spellings.next().unwrap_or_default();
        Product { name, aliases: spellings.collect() }
    }
}

impl Product {
    /// Every spelling, lower-case, the maker's first.
    pub fn spellings(&self) -> impl Iterator<Item = String> {
        std::iter::once(self.name.to_lowercase()).chain(self.aliases.iter().cloned())
    }
}

/// One tool of the catalogue.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub id: String,
    pub name: String,
    pub category: Category,
    pub description: String,
    /// Nouns and systems that name the tool.
    pub synonyms: Vec<String>,
    /// Doings that suggest the tool.
    pub act_objects: Vec<String>,
    /// Products that are this tool before any other.
    pub products: Vec<Product>,
    /// Phrases and products of another tool that can mean this one too.
    #[serde(default)]
    pub also: Vec<String>,
    pub risk: Risk,
    pub usage_context: String,
    pub trigger_conditions: Vec<String>,
    pub needs_confirmation: bool,
    /// Empty where nothing ever needs a yes.
    #[serde(default)]
    pub confirmation: String,
    pub on_failure: String,
    pub output_use: String,
    required: Vec<String>,
    properties: Map<String, Value>,
}

impl Tool {
    /// JSON Schema of an object: what the agent must get from the conversation.
    pub fn parameters(&self) -> Map<String, Value> {
        let mut schema = Map::new();
        schema.insert("type".into(), json!("object"));
        schema.insert("properties".into(), Value::Object(self.properties.clone()));
        schema.insert("required".into(), json!(self.required));
        schema
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    ordinary_words: Vec<String>,
    subjects: Vec<String>,
    tool: Vec<Tool>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    // Embedded, and parsed by the tests below: it cannot fail in a build that passed them.
    toml::from_str(include_str!("data/catalogue.toml"))
        .unwrap_or_else(|error: toml::de::Error| panic!("data/catalogue.toml: {}", error.message()))
});

static BY_ID: LazyLock<HashMap<&'static str, &'static Tool>> =
    LazyLock::new(|| FILE.tool.iter().map(|tool| (tool.id.as_str(), tool)).collect());

static PRODUCT_NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let products = FILE.tool.iter().flat_map(|tool| &tool.products);
    products.flat_map(|product| product.spellings().map(|spelling| (spelling, product.name.as_str()))).collect()
});

/// Products that are words of everyday language too, unless they are written with a capital.
pub(crate) fn ordinary_words() -> &'static [String] {
    &FILE.ordinary_words
}

/// Phrases that are as often what people talk about or the way they talk.
pub(super) fn subjects() -> &'static [String] {
    &FILE.subjects
}

/// Every tool, in the order of the data file: tools of one category stand together.
pub fn catalogue() -> &'static [Tool] {
    &FILE.tool
}

/// The tool with this id.
pub fn get(id: &str) -> Option<&'static Tool> {
    BY_ID.get(id).copied()
}

/// The catalogue's name of a tool.
pub fn name(id: &str) -> Option<&'static str> {
    get(id).map(|tool| tool.name.as_str())
}

/// A product as its maker spells it, from any known spelling: "gcal" is "Google Calendar".
pub fn product_name(spelling: &str) -> Option<&'static str> {
    PRODUCT_NAMES.get(&spelling.trim().to_lowercase()).copied()
}

/// The catalogue's default configuration of a tool, under the product's name if the user named one.
pub fn configure(id: &str, product: Option<&str>) -> Option<ToolConfig> {
    let tool = get(id)?;
    let product = product.map(str::trim).filter(|product| !product.is_empty());
    let name = product.map_or(tool.name.as_str(), |product| product_name(product).unwrap_or(product));
    Some(ToolConfig {
        id: tool.id.clone(),
        name: name.to_owned(),
        description: tool.description.clone(),
        category: tool.category.as_str().to_owned(),
        risk: tool.risk,
        endpoint: None,
        parameters: tool.parameters(),
        output_use: tool.output_use.clone(),
        usage_context: tool.usage_context.clone(),
        trigger_conditions: tool.trigger_conditions.clone(),
        needs_confirmation: tool.needs_confirmation,
        confirmation: tool.confirmation.clone(),
        on_failure: tool.on_failure.clone(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The vocabulary's ids.
    const IDS: &str = "web_search web_browse knowledge_base file_read spreadsheet sql_database code_interpreter http_api \
        email_send email_read calendar sms call_transfer team_chat whatsapp crm ticketing order_management inventory \
        payments shipping_tracking product_catalog reservations maps_places weather flight_search hotel_search \
        translation image_generation image_understanding document_generation e_signature git_repository issue_tracker \
        ci_cd monitoring social_media analytics market_data news calculator identity_verification account_lookup forms \
        hr_system learning_platform health_records device_control notifications human_handoff task_manager notes \
        video_meeting contacts memory_store media_search";

    /// They write down what was said, or bring in a person: nobody is asked for leave to do that.
    const WRITE_UNASKED: [&str; 8] =
        ["spreadsheet", "forms", "notes", "memory_store", "team_chat", "call_transfer", "human_handoff", "monitoring"];

    fn texts(tool: &Tool) -> Vec<&String> {
        let mut texts =
            vec![&tool.id, &tool.name, &tool.description, &tool.usage_context, &tool.on_failure, &tool.output_use];
        texts.extend(tool.synonyms.iter().chain(&tool.act_objects).chain(&tool.also).chain(&tool.trigger_conditions));
        texts.extend(tool.products.iter().flat_map(|product| product.aliases.iter().chain([&product.name])));
        texts
    }

    #[test]
    fn holds_exactly_the_vocabulary() {
        let ids: BTreeSet<&str> = catalogue().iter().map(|tool| tool.id.as_str()).collect();
        assert_eq!(ids, IDS.split_whitespace().collect());
        assert_eq!(catalogue().len(), 56);
    }

    #[test]
    fn no_text_is_empty() {
        for tool in catalogue() {
            for text in texts(tool) {
                assert!(!text.trim().is_empty() && text.trim() == text, "{}: {text:?}", tool.id);
            }
            assert!(!tool.synonyms.is_empty() && !tool.act_objects.is_empty() && !tool.products.is_empty());
            assert!(!tool.trigger_conditions.is_empty(), "{}", tool.id);
        }
    }

    #[test]
    fn categories_are_named_as_in_the_file() {
        for category in Category::ALL {
            assert_eq!(serde_json::to_value(category).unwrap(), category.as_str());
            assert!(catalogue().iter().any(|tool| tool.category == category), "{}", category.as_str());
        }
    }

    #[test]
    fn every_schema_is_an_object_whose_required_are_properties() {
        for tool in catalogue() {
            let config = configure(&tool.id, None).unwrap();
            assert_eq!(config.parameters["type"], "object");
            assert!(!config.required_parameters().is_empty(), "{}", tool.id);
            for name in config.required_parameters() {
                assert!(config.parameter_description(name).is_some(), "{}: {name}", tool.id);
            }
            for (name, property) in &tool.properties {
                let kind = property["type"].as_str().unwrap();
                assert!(["string", "integer", "number", "boolean"].contains(&kind), "{}: {name}", tool.id);
                let description = property["description"].as_str().unwrap();
                assert!(!description.is_empty() && description.len() <= 70, "{}: {name}", tool.id);
                let keys = property.as_object().unwrap().keys();
                assert!(keys.into_iter().all(|key| ["type", "description", "enum"].contains(&key.as_str())));
            }
        }
    }

    #[test]
    fn what_writes_pays_or_sends_asks_before_it_acts() {
        for tool in catalogue() {
            let asks = tool.risk != Risk::Read && !WRITE_UNASKED.contains(&tool.id.as_str());
            assert_eq!(tool.needs_confirmation, asks, "{}", tool.id);
            assert_eq!(tool.confirmation.is_empty(), tool.risk == Risk::Read, "{}", tool.id);
        }
    }

    #[test]
    fn confirmations_speak_of_required_parameters_only() {
        for tool in catalogue() {
            for part in tool.confirmation.split('{').skip(1) {
                let (placeholder, _) = part.split_once('}').expect("a closed placeholder");
                assert!(tool.required.iter().any(|name| name == placeholder), "{}: {placeholder}", tool.id);
            }
        }
    }

    #[test]
    fn no_product_is_spelled_twice() {
        let mut seen = BTreeSet::new();
        for tool in catalogue() {
            for product in &tool.products {
                for spelling in product.spellings() {
                    assert_eq!(spelling, spelling.to_lowercase());
                    assert!(seen.insert(spelling.clone()), "{}: {spelling}", tool.id);
                }
            }
        }
    }

    #[test]
    fn a_product_gives_its_name_to_the_tool() {
        assert_eq!(configure("calendar", Some("gcal")).unwrap().name, "Google Calendar");
        assert_eq!(configure("calendar", Some("Praxisplaner 3")).unwrap().name, "Praxisplaner 3");
        assert_eq!(configure("calendar", Some(" ")).unwrap().name, "Calendar");
        assert_eq!(configure("no_such_tool", None), None);
    }
}
