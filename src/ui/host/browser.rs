//! In the browser the document is there already: nothing to read, nothing to set.

use leptos::prelude::LeptosOptions;

use super::{Address, Assets};

/// The theme the request's cookie names: known on the server alone.
pub fn chosen_theme() -> Option<&'static str> {
    None
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
