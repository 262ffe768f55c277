//! The parts the pages are made of.

pub mod chat;
pub mod composer;
pub mod diagram;
pub mod dialogs;
pub mod drop;
pub mod fields;
pub mod icon;
pub mod language_menu;
pub mod outputs;
pub mod primitives;
pub mod session_bar;
pub mod site_bar;
pub mod skeleton;
pub mod theme;
pub mod when;
