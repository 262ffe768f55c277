//! Rebuilds when a migration changes (they are embedded in the binary), and embeds the documentation viewer if it is
//! there. Makes code of the page's texts.

mod texts;

use std::path::Path;
use std::{env, fs};

const VIEWER: &str = "public/docs/redoc.standalone.js";
/// An image the viewer would fetch from elsewhere; without it, it shows none.
const FOREIGN_LOGO: &str = "https://cdn.redoc.ly/redoc/logo-mini.svg";

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed={VIEWER}");
    println!("cargo:rerun-if-changed={}", texts::FOLDER);
    let Some(folder) = env::var_os("OUT_DIR") else { return };
    // Without the viewer the file is empty, and the server says so on its page.
    let script = fs::read_to_string(VIEWER).unwrap_or_default().replace(FOREIGN_LOGO, "data:,");
    if let Err(error) = fs::write(Path::new(&folder).join("redoc.standalone.js"), script) {
        println!("cargo:warning=cannot write the documentation viewer: {error}");
    }
    if let Err(problem) = texts::write(&Path::new(&folder).join("texts.rs")) {
        println!("cargo::error={problem}");
    }
}
