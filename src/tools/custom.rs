//! Tools that are not the catalogue's: described by a caller, or read from a document. What they may hold, and how an
//! agent uses them unless told otherwise. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::models::{Endpoint, Risk, ToolConfig};
use super::words::split_name;

/// The longest id, in characters: what the strictest vendor takes as the name of a function.
pub const MAX_ID: usize = 64;
/// The longest name, in characters.
pub const MAX_NAME: usize = 120;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 1_000;
/// The longest parameters, in bytes of JSON.
pub const MAX_PARAMETERS: usize = 20_000;
/// The longest address, in characters.
const MAX_URL: usize = 2_000;
/// The category of tools that name none.
pub const CATEGORY: &str = "custom";
/// Ids that are paths of the API.
const RESERVED: [&str; 3] = ["catalogs", "import", "select"];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A tool of somebody's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomTool {
    /// Lowercase snake case; unique among the owner's tools and the catalogue's.
    pub id: String,
    pub name: String,
    pub description: String,
    pub category: String,
    pub risk: Risk,
    /// JSON Schema of an object.
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    /// Where it is called, if that is known. Never called by this server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
}

impl CustomTool {
    /// The configuration an agent begins with: careful where the tool may change something.
    pub fn configure(&self) -> ToolConfig {
        let asks = self.risk != Risk::Read;
        let confirmation = if asks { format!("Shall I go ahead: {}?", self.name) } else { String::new() };
        ToolConfig {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            category: self.category.clone(),
            risk: self.risk,
            endpoint: self.endpoint.clone(),
            parameters: self.parameters.clone(),
            output_use: "Tell the user what came back, in plain words.".to_owned(),
            usage_context: format!("When the conversation needs it: {}", self.description),
            trigger_conditions: Vec::new(),
            needs_confirmation: asks,
            confirmation,
            on_failure: "Say that it did not work just now, and offer another way.".to_owned(),
        }
    }
}

/// What a call by this method can do to the world; writing is assumed where nothing is known.
pub fn risk_of(endpoint: Option<&Endpoint>) -> Risk {
    if endpoint.is_some_and(|endpoint| endpoint.method == "GET") { Risk::Read } else { Risk::Write }
}

/// The id made from a name: `listPets` is `list_pets`; `tool` where no letter is left.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in split_name(name).nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    if !slug.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        slug.insert_str(0, if slug.is_empty() { "tool" } else { "tool_" });
    }
    slug.truncate(MAX_ID);
    slug.trim_end_matches('_').to_owned()
}

/// What is wrong with an id.
pub fn id_problem(id: &str) -> Option<String> {
    if RESERVED.contains(&id) {
        return Some(format!("`{id}` is a path of the API; choose another id"));
    }
    (slug(id) != id)
        .then(|| format!("must be lowercase snake case of at most {MAX_ID} characters, like `{}`", slug(id)))
}

/// What is wrong with an address.
pub fn endpoint_problem(endpoint: &Endpoint) -> Option<String> {
    let is_web = endpoint.url.starts_with("https://") || endpoint.url.starts_with("http://");
    if !METHODS.contains(&endpoint.method.as_str()) {
        Some(format!("the method must be one of {}", METHODS.join(", ")))
    } else if !is_web || endpoint.url.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        Some("the url must be a web address, with https:// or http://".to_owned())
    } else if endpoint.url.chars().count() > MAX_URL {
        Some(format!("the url must have at most {MAX_URL} characters"))
    } else {
        None
    }
}

/// A text without control characters and surplus spaces, cut between words where it is longer than `most` characters.
pub fn clip(text: &str, most: usize) -> String {
    let mut clipped = String::new();
    let mut length = 0;
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty())
    {
        let added = word.chars().count() + usize::from(length > 0);
        if length + added > most {
            let rest: String = word.chars().take(if length == 0 { most - 1 } else { 0 }).collect();
            return clipped + &rest + "…";
        }
        if length > 0 {
            clipped.push(' ');
        }
        clipped.push_str(word);
        length += added;
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_snake_case_whatever_the_name() {
        for (name, id) in [
            ("listPets", "list_pets"),
            ("GET /pets/{petId}", "get_pets_pet_id"),
            ("Réserver une table", "reserver_une_table"),
            ("2FA check", "tool_2_fa_check"),
            ("天気", "tool"),
            ("", "tool"),
        ] {
            assert_eq!(slug(name), id);
            assert_eq!(id_problem(id), None, "{id}");
        }
        assert!(slug(&"long ".repeat(100)).len() <= MAX_ID);
        assert!(id_problem("Pets").is_some() && id_problem("import").is_some() && id_problem("").is_some());
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(clip("one  two\nthree\u{7}", 40), "one two three");
        assert_eq!(clip("one two three", 8), "one two…");
        assert_eq!(clip(&"é".repeat(50), 10).chars().count(), 10);
    }

    #[test]
    fn what_may_change_something_is_confirmed() {
        let endpoint = |method: &str| Endpoint { method: method.to_owned(), url: "https://a.example/b".to_owned() };
        assert_eq!(risk_of(Some(&endpoint("GET"))), Risk::Read);
        assert_eq!(risk_of(Some(&endpoint("DELETE"))), Risk::Write);
        assert_eq!(risk_of(None), Risk::Write);
        assert_eq!(endpoint_problem(&endpoint("GET")), None);
        assert!(endpoint_problem(&endpoint("FETCH")).is_some());
        assert!(
            endpoint_problem(&Endpoint { method: "GET".to_owned(), url: "file:///etc/passwd".to_owned() }).is_some()
        );
    }
}
