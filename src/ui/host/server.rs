//! On the server: cookies of the request, status of the answer, names of the built files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HOST};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode};
use leptos::prelude::{LeptosOptions, use_context};
use leptos_axum::ResponseOptions;

use crate::language::{self, Language};

use crate::ui::chunks::Chunk;

use super::{Address, Assets};

/// The theme the request's cookie names, so that the first paint has it; `None` follows the system.
pub fn chosen_theme() -> Option<&'static str> {
    theme_of(&use_context::<Parts>()?.headers)
}

/// The theme that a request's cookie names.
pub fn theme_of(headers: &HeaderMap) -> Option<&'static str> {
    let theme = cookie(headers, "theme")?;
    ["light", "dark"].into_iter().find(|known| *known == theme)
}

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value)
}

/// The language a request asks for: the one chosen before, else the one the browser likes best.
pub fn wanted_language(headers: &HeaderMap) -> Language {
    let chosen = cookie(headers, language::COOKIE).and_then(Language::parse);
    let accepted = || Language::accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(accepted).unwrap_or_default()
}

/// The language of the page that is being rendered.
pub fn language() -> Language {
    use_context::<Language>().unwrap_or_default()
}

/// All texts of the page that is being rendered.
pub fn texts() -> &'static [&'static str] {
    language::texts::all(language())
}

/// The form of a text for a number.
pub fn plural_form(number: usize) -> usize {
    language::form(language(), number)
}

/// Where the page was asked for. A proxy in front says whether that was by https.
pub fn address() -> Address {
    let Some(parts) = use_context::<Parts>() else { return Address::default() };
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST.as_str()).filter(|host| host.parse::<Authority>().is_ok()).unwrap_or_default();
    let is_https = text("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    let origin =
        if host.is_empty() { String::new() } else { format!("http{}://{host}", if is_https { "s" } else { "" }) };
    Address { origin, path: parts.uri.path().to_owned() }
}

/// Sets the answer's HTTP status.
pub fn answer_status(status: u16) {
    if let (Some(response), Ok(code)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(code);
    }
}

/// Lets the renderer look once before anything is built: it asks for views first only to see what they load, and then
/// builds them again. What a view loads is numbered as it is built, and the browser builds it once.
pub async fn only_drawn() {
    tokio::task::yield_now().await;
}

/// The address of the folder of the script, and of all that it leads to.
pub fn folder(options: &LeptosOptions) -> &'static str {
    &Build::of(options).folder
}

/// Where the built files are.
pub fn assets(options: &LeptosOptions) -> Assets {
    let build = Build::of(options);
    let chunk = use_context::<Parts>().and_then(|parts| {
        let uri = parts.uri;
        Chunk::at(uri.path(), uri.query().unwrap_or_default())
    });
    let files = chunk.and_then(|chunk| build.chunks.get(chunk.name())).into_iter().flatten();
    let chunks = files.map(|file| format!("{}/{file}.wasm", build.folder)).collect();
    Assets { chunks, ..build.main.clone() }
}

/// What a build left behind.
struct Build {
    main: Assets,
    /// Address of the script's folder.
    folder: String,
    /// The files of each chunk, without ending.
    chunks: HashMap<String, Vec<String>>,
}

impl Build {
    /// Read once: a server has one build.
    fn of(options: &LeptosOptions) -> &'static Build {
        static BUILD: OnceLock<Build> = OnceLock::new();
        BUILD.get_or_init(|| Build::read(options))
    }

    /// The files' names carry a hash of their content when the build says so; the hashes stand in a file beside the
    /// program.
    fn read(options: &LeptosOptions) -> Build {
        let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf));
        let listed = options.hash_files.then(|| beside.unwrap_or_default().join(options.hash_file.as_ref()));
        let hashes = listed.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        let hash = |kind: &str| {
            let mut lines = hashes.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(of, _)| of.trim() == kind).map(|(_, hash)| hash.trim())
        };
        let hashed = |kind: &str| hash(kind).map(|hash| format!(".{hash}")).unwrap_or_default();
        let pkg = &options.site_pkg_dir;
        // The script's hash does not know the names of the chunks, which it leads to; that of the chunks' list does.
        let folder = format!("/{pkg}{}", hash("split").map(|hash| format!("/{hash}")).unwrap_or_default());
        let name = |folder: &str, kind: &str| format!("{folder}/{}{}.{kind}", options.output_name, hashed(kind));
        let (script, wasm, style) = (name(&folder, "js"), name(&folder, "wasm"), name(&format!("/{pkg}"), "css"));
        let list = PathBuf::from(options.site_root.as_ref())
            .join(pkg.as_ref())
            .join(format!("__wasm_split_manifest{}.json", hashed("manifest")));
        let list = std::fs::read(list).unwrap_or_default();
        Build {
            main: Assets { script, wasm, style, chunks: Vec::new() },
            folder,
            chunks: serde_json::from_slice(&list).unwrap_or_default(),
        }
    }
}

/// A text inside the document's title, which the renderer writes out as it is.
pub fn title(text: String) -> String {
    html_escape::encode_text(&text).into_owned()
}

/// Small letters.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}
