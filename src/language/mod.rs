//! The languages of the page and of the built-in interviewer, and the page's texts in them. Pure.
//!
//! One file per language in `data/` holds the page's texts; the build makes [`texts`] of them, where each text is a number.
//! So the page's code carries numbers alone, and the words of the one language that is shown come with the page.
//!
//! Why not `leptos_i18n`: measured with 0.6.2 and 14 texts in one component, the first load grew by 20,647 bytes (brotli) with
//! the words of two languages in the code and no plural rules, and by 47,386 with words loaded apart (`dynamic_load`) and
//! `plurals`; 11,289 were left of its budget. Words loaded apart are also futures there, which attributes cannot take.

mod negotiation;
mod plural;
pub mod texts;

use serde::{Deserialize, Serialize};

pub use plural::{FORMS, form};

/// A language that everything is there in. A text that one lacks is English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Es,
    De,
}

/// The cookie that holds the language somebody chose, by its code.
pub const COOKIE: &str = "language";
/// Where a choice is posted.
pub const ADDRESS: &str = "/language";

impl Language {
    pub const ALL: [Language; 3] = [Language::En, Language::Es, Language::De];

    /// The BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Es => "es",
            Language::De => "de",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::En => "English",
            Language::Es => "Español",
            Language::De => "Deutsch",
        }
    }

    /// Where its lines begin: `ltr` or `rtl`, as HTML has it.
    pub fn direction(self) -> &'static str {
        match self {
            Language::En | Language::Es | Language::De => "ltr",
        }
    }

    /// Whether nouns keep their capital inside a sentence.
    pub fn writes_nouns_large(self) -> bool {
        self == Language::De
    }

    pub fn parse(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// Whether it is the one that goes without saying.
    pub fn is_default(&self) -> bool {
        *self == Language::default()
    }

    /// The one a header `Accept-Language` likes best; `None` where it names none of them.
    pub fn accepted(header: &str) -> Option<Language> {
        negotiation::best(header)
    }
}
