//! From a person's words to fields: lexicon, grammars, corrections. Pure.

pub mod models;
pub mod vocabulary;
