//! Numbers as JSON Schema has them: `2.0` is whole, too.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Number;

/// Reads a whole number. Stores count up to the largest `i64`.
pub fn whole<'de, D: Deserializer<'de>, T: TryFrom<u64>>(json: D) -> Result<T, D::Error> {
    of(&Number::deserialize(json)?)
}

/// Reads a whole number, or none.
pub fn whole_or_none<'de, D: Deserializer<'de>, T: TryFrom<u64>>(json: D) -> Result<Option<T>, D::Error> {
    Option::<Number>::deserialize(json)?.as_ref().map(of).transpose()
}

fn of<T: TryFrom<u64>, E: Error>(number: &Number) -> Result<T, E> {
    let point_zero = || number.as_f64().filter(|it| it.fract() == 0.0 && (0.0..9e18).contains(it)).map(|it| it as u64);
    let whole = number.as_u64().filter(|it| i64::try_from(*it).is_ok()).or_else(point_zero);
    let fits = whole.and_then(|whole| T::try_from(whole).ok());
    fits.ok_or_else(|| Error::custom("must be a whole number from 0 on, and not too large"))
}
