//! In the browser the document is there already: nothing to read, nothing to set.

use std::sync::OnceLock;

use leptos::prelude::{LeptosOptions, document};

use crate::language::{FORMS, Language};
use crate::ui::texts::ELEMENT;

use super::{Address, Assets};

/// The theme the request's cookie names: known on the server alone.
pub fn chosen_theme() -> Option<&'static str> {
    None
}

/// The language of the document.
pub fn language() -> Language {
    let code = document().document_element().and_then(|root| root.get_attribute("lang"));
    code.and_then(|code| Language::parse(&code)).unwrap_or_default()
}

/// All texts of the page, which came with it. They stay for as long as it does.
pub fn texts() -> &'static [&'static str] {
    static TEXTS: OnceLock<Vec<&'static str>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let json = document().get_element_by_id(ELEMENT).and_then(|element| element.text_content());
        let texts: Vec<String> = serde_json::from_slice(json.unwrap_or_default().as_bytes()).unwrap_or_default();
        texts.into_iter().map(|text| &*text.leak()).collect()
    })
}

/// The form of a text for a number, by the browser's own rules.
pub fn plural_form(number: usize) -> usize {
    let locale = js_sys::Array::of1(&language().code().into());
    let form = js_sys::Intl::PluralRules::new(&locale, &js_sys::Object::new()).select(number as f64);
    FORMS.iter().position(|name| form == **name).unwrap_or(FORMS.len() - 1)
}

/// Sets the answer's HTTP status: possible on the server alone.
pub fn answer_status(_status: u16) {}

/// Views are built once here.
pub async fn only_drawn() {}

/// Where the built files are.
pub fn assets(_options: &LeptosOptions) -> Assets {
    Assets::default()
}

/// Where the page was asked for: what needs it is written by the server.
pub fn address() -> Address {
    Address::default()
}

/// A text as the document's title.
pub fn title(text: String) -> String {
    text
}

/// Small letters.
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
