//! What a spec may be patched with, for the OpenAPI document: written from the fields themselves, as `field_values` reads
//! them.

use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::intent::models::{FieldId, FieldKind};
use crate::intent::tool_config::ToolConfig;

use super::field_values::{LONGEST, MOST};
use super::wording;

/// Fields by their id, each with its new value, or null to clear it.
pub struct SpecPatch;

impl ToSchema for SpecPatch {}

impl PartialSchema for SpecPatch {
    fn schema() -> RefOr<Schema> {
        every_field().into()
    }
}

fn every_field() -> Schema {
    let fields = FieldId::ALL.into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), |object, field| {
        object.property(field.as_str(), value_of(field))
    });
    fields.min_properties(Some(1)).additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).into()
}

fn value_of(field: FieldId) -> Schema {
    let null = ObjectBuilder::new().schema_type(Type::Null).build().into();
    let (one, many): (Schema, Option<Schema>) = match field.kind() {
        FieldKind::Flag => (ObjectBuilder::new().schema_type(Type::Boolean).build().into(), None),
        FieldKind::Text => (text(), None),
        FieldKind::Id => (id(field), None),
        FieldKind::Texts => (text(), Some(list(text().into()))),
        FieldKind::Ids => (id(field), Some(list(id(field).into()))),
        FieldKind::Tools => (id(field), Some(list(any_of([id(field).into(), tool()]).into()))),
    };
    any_of([Some(one), many, Some(null)].into_iter().flatten().map(RefOr::T))
}

fn any_of(schemas: impl IntoIterator<Item = RefOr<Schema>>) -> Schema {
    Schema::AnyOf(schemas.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).build())
}

/// A text that holds something; control characters are dropped from it.
fn text() -> Schema {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(LONGEST));
    text.pattern(Some(r"[^\s\x00-\x1f\x7f-\x9f]")).build().into()
}

fn id(field: FieldId) -> Schema {
    let ids = wording::options(field).into_iter().map(|(id, _)| id);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(ids)).build().into()
}

fn list(items: RefOr<Schema>) -> Schema {
    ArrayBuilder::new().items(items).max_items(Some(MOST)).build().into()
}

/// A tool by its id, with what should be otherwise than the catalogue has it.
fn tool() -> RefOr<Schema> {
    let mut schema = ToolConfig::schema();
    if let RefOr::T(Schema::Object(tool)) = &mut schema {
        tool.required = vec!["id".to_owned()];
        tool.properties.insert("id".to_owned(), id(FieldId::Tools).into());
        tool.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
    schema
}
