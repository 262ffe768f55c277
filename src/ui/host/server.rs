//! On the server: cookies of the request, status of the answer, names of the built files.

use std::sync::OnceLock;

use axum::http::StatusCode;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use leptos::prelude::{LeptosOptions, use_context};
use leptos_axum::ResponseOptions;

use super::Assets;

/// The theme the request's cookie names, so that the first paint has it; `None` follows the system.
pub fn chosen_theme() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let theme = cookies.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix("theme="))?;
    ["light", "dark"].into_iter().find(|known| *known == theme)
}

/// Sets the answer's HTTP status.
pub fn answer_status(status: u16) {
    if let (Some(response), Ok(code)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(code);
    }
}

/// Where the built files are. Their names carry a hash of their content when the build says so; it stands in a file
/// beside the program.
pub fn assets(options: &LeptosOptions) -> Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| read_assets(options)).clone()
}

fn read_assets(options: &LeptosOptions) -> Assets {
    let folder = std::env::current_exe().ok().and_then(|program| program.parent().map(|it| it.to_path_buf()));
    let listed = options.hash_files.then(|| folder.unwrap_or_default().join(options.hash_file.as_ref()));
    let hashes = listed.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let name = |kind: &str| {
        let hash = hashes.lines().filter_map(|line| line.split_once(':')).find(|(of, _)| of.trim() == kind);
        let hash = hash.map(|(_, hash)| format!(".{}", hash.trim())).unwrap_or_default();
        format!("/{}/{}{hash}.{kind}", options.site_pkg_dir, options.output_name)
    };
    Assets { script: name("js"), wasm: name("wasm"), style: name("css") }
}

/// A text inside the document's title, which the renderer writes out as it is.
pub fn title(text: String) -> String {
    html_escape::encode_text(&text).into_owned()
}

/// Small letters.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}
