//! The graph as Mermaid, DOT, SVG and text. Whatever people wrote is escaped on the way.

mod dot;
mod mermaid;
mod summary;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use summary::text_summary;
pub use svg::svg;
