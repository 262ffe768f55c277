//! `/styleguide`: every primitive with its variants and states, the colours and the type, drawn from the product's own
//! code and style sheet. Rendered on the server alone, so that the page's code does not carry it.

mod controls;
mod specimen;
mod surfaces;
mod tokens;

use leptos::prelude::*;

use controls::Controls;
use surfaces::Surfaces;
use tokens::Tokens;

pub use tokens::sheet;

/// The whole page below its head.
#[component]
pub fn Styleguide() -> impl IntoView {
    view! {
        <h1>"Style guide"</h1>
        <p class="lede">
            "The parts that every page is made of. What a part can look like is an enum whose variants own their classes: "
            <code>"src/ui/components/primitives"</code> "."
        </p>
        <Controls />
        <Surfaces />
        <Tokens />
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::Styleguide;
    use crate::ui::components::primitives::*;

    fn rendered() -> String {
        Owner::new().with(|| view! { <Styleguide /> }.to_html())
    }

    /// Each variant of an enum is shown under its name, and something there wears its class.
    fn shows<V: Variant>(page: &str) {
        for variant in V::ALL {
            let opening = format!(r#"data-variant="{}::{}""#, V::OF, variant.name());
            let at = page.find(&opening).unwrap_or_else(|| panic!("{opening} is not shown"));
            let figure = page[at..].split("</figure>").next().unwrap_or_default();
            let worn = figure.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let mut worn = worn.map(|classes| classes.split(' ').collect::<Vec<_>>());
            assert!(
                worn.any(|worn| variant.class().split(' ').all(|class| worn.contains(&class) || class.is_empty())),
                "{opening}"
            );
        }
    }

    #[test]
    fn every_variant_is_shown() {
        let page = rendered();
        shows::<Look>(&page);
        shows::<Size>(&page);
        shows::<IconSize>(&page);
        shows::<TextLook>(&page);
        shows::<ChipLook>(&page);
        shows::<Shape>(&page);
        shows::<BannerTone>(&page);
        shows::<NoteWeight>(&page);
        shows::<DialogWidth>(&page);
        shows::<IconLook>(&page);
        shows::<Dot>(&page);
        shows::<CountTone>(&page);
    }
}
