//! The small parts that every view is made of. What a part can look like is an enum whose variants own their classes;
//! `/styleguide` shows each with all its variants.

mod button;
mod field;
mod message;
mod small;

pub use button::{Button, Chip, ChipLook, IconButton, IconSize, Look, Size, TextButton, TextLook};
pub use field::{Check, Field, Segmented, Shape};
pub use message::{Banner, BannerTone, DialogWidth, Empty, NoteWeight, Toast};
pub use small::{CountTone, Dot, IconLook, Key, StatusDot};

/// What a primitive can look like.
pub trait Variant: Copy + Sized + 'static {
    /// The enum's name in the code.
    const OF: &'static str;
    const ALL: &'static [Self];

    /// The variant's name in the code.
    fn name(self) -> &'static str;
    fn class(self) -> &'static str;
}

/// An enum of variants that own their classes. Its list cannot miss one.
macro_rules! variants {
    ($(#[$about:meta])* $name:ident { $($(#[$when:meta])* $variant:ident => $class:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$when])* $variant),+ }

        impl $crate::ui::components::primitives::Variant for $name {
            const OF: &'static str = stringify!($name);
            const ALL: &'static [Self] = &[$($name::$variant),+];

            fn name(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant)),+ }
            }

            fn class(self) -> &'static str {
                match self { $($name::$variant => $class),+ }
            }
        }
    };
}
use variants;

/// Classes side by side; an empty one leaves no gap.
fn classes(first: &str, second: &str) -> String {
    if second.is_empty() { first.to_owned() } else { format!("{first} {second}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_know_their_names_and_classes() {
        assert_eq!(Look::ALL.len(), 4);
        assert_eq!((Look::OF, Look::Quiet.name(), Look::Quiet.class()), ("Look", "Quiet", "btn quiet"));
        assert_eq!(classes(Look::Plain.class(), Size::Regular.class()), "btn");
        assert_eq!(classes(Look::Primary.class(), Size::Tiny.class()), "btn primary xs");
    }
}
