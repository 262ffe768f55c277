//! Values as JSON Schema has them: `2.0` is a whole number, too.

use std::fmt::{Formatter, Result as Written};
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
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

/// Reads an object, or none: a list of its values in their order is no object.
pub fn object_or_none<'de, D: Deserializer<'de>, T: Deserialize<'de>>(json: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<Object<T>>::deserialize(json)?.map(|object| object.0))
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(OfObject(PhantomData))
    }
}

struct OfObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OfObject<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut Formatter) -> Written {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        for (value, read) in [(json!(2), Some(2_u32)), (json!(2.0), Some(2)), (json!(2.5), None), (json!(-1), None)] {
            assert_eq!(whole::<_, u32>(value.clone()).ok(), read, "{value}");
        }
        assert!(whole::<_, u32>(json!(1_u64 << 40)).is_err() && whole::<_, u64>(json!(u64::MAX)).is_err());
        assert_eq!(whole_or_none::<_, u64>(json!(null)).unwrap(), None);
    }

    #[test]
    fn a_list_is_no_object() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Point {
            x: u8,
        }
        let read = |value| object_or_none::<_, Point>(value).ok();
        assert_eq!(read(json!([1])), None);
        assert_eq!(read(json!({"x": 1})), Some(Some(Point { x: 1 })));
        assert_eq!(read(json!(null)), Some(None));
    }
}
