//! What operations take. Requests are parsed leniently, by hand; this is what they are said to be.

use cardlift_core::customer::CustomerProfile;
use cardlift_core::external_id::LONGEST as LONGEST_EXTERNAL_ID;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, KnownFormat, Object, ObjectBuilder, SchemaFormat,
    SchemaType, Type,
};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Schema};

/// Text without control characters.
const NO_CONTROLS: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// Keeps the schema of a type and those it refers to, and refers to it.
pub(crate) fn referred<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) -> RefOr<Schema> {
    let name = T::name().into_owned();
    T::schemas(schemas);
    schemas.push((name.clone(), T::schema()));
    Ref::from_schema_name(name).into()
}

/// An object of which nothing more is said.
pub(crate) fn object() -> RefOr<Schema> {
    Object::with_type(Type::Object).into()
}

/// A body.
pub(crate) struct Body {
    /// What it is called.
    pub(crate) name: &'static str,
    pub(crate) members: Vec<(&'static str, RefOr<Schema>)>,
    /// The members that must be there. Where there are none, no body is needed.
    pub(crate) required: &'static [&'static str],
    pub(crate) others: Others,
    pub(crate) example: Value,
}

/// What becomes of members that a body has besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// They are not looked at, but for card numbers.
    Ignored,
    /// The body is refused.
    Refused,
}

impl Body {
    /// Its schema, and the body that refers to it.
    pub(crate) fn build(self) -> (RefOr<Schema>, RequestBody) {
        let Self { name, members, required, others, example } = self;
        let mut schema = ObjectBuilder::new().schema_type(Type::Object);
        if others == Others::Refused {
            schema = schema.additional_properties(Some(AdditionalProperties::FreeForm(false)));
        }
        for (name, member) in members {
            schema = schema.property(name, member);
        }
        let schema = required.iter().fold(schema, |schema, name| schema.required(*name));
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(name)))
            .example(Some(example))
            .build();
        let needed = if required.is_empty() { Required::False } else { Required::True };
        let body = RequestBodyBuilder::new()
            .content("application/json", content.clone())
            .content("text/json", content)
            .required(Some(needed));
        (schema.into(), body.build())
    }
}

/// An id: a number, or a text of digits.
pub(crate) fn id() -> AnyOfBuilder {
    AnyOfBuilder::new()
        .item(number())
        .item(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^0*[1-9][0-9]{0,17}$")))
}

/// An id, or none.
pub(crate) fn optional_id() -> AnyOfBuilder {
    id().item(ObjectBuilder::new().schema_type(Type::Null))
}

/// A text that this pattern describes.
pub(crate) fn text(pattern: &str, longest: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).max_length(Some(longest))
}

/// A text without control characters.
pub(crate) fn plain_text(longest: usize) -> ObjectBuilder {
    text(NO_CONTROLS, longest)
}

/// A text of a customer, or none. A number is taken for one.
pub(crate) fn optional_text() -> ObjectBuilder {
    let types = SchemaType::from_iter([Type::String, Type::Number, Type::Null]);
    plain_text(CustomerProfile::LONGEST_TEXT).schema_type(types)
}

/// A choice: `true`, `false`, or as text, or none.
pub(crate) fn optional_choice() -> AnyOfBuilder {
    let text = "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";
    AnyOfBuilder::new()
        .item(ObjectBuilder::new().schema_type(Type::Boolean))
        .item(ObjectBuilder::new().schema_type(Type::String).pattern(Some(text)))
        .item(ObjectBuilder::new().schema_type(Type::Null))
}

/// An id of the vault, which starts with one of these.
pub(crate) fn external_id(prefixes: &[&str]) -> ObjectBuilder {
    let pattern = match prefixes {
        [prefix] => format!("^{prefix}[A-Za-z0-9_]+$"),
        prefixes => {
            let kinds: Vec<_> =
                prefixes.iter().map(|prefix| prefix.trim_end_matches('_')).collect();
            format!("^({})_[A-Za-z0-9_]+$", kinds.join("|"))
        }
    };
    text(&pattern, LONGEST_EXTERNAL_ID)
}

/// One of these words.
pub(crate) fn one_of(words: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words))
}

/// A whole number within a range.
pub(crate) fn whole_number(from: u32, to: u32) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(f64::from(from)))
        .maximum(Some(f64::from(to)))
}

/// A parameter of a query.
pub(crate) fn in_query(
    name: &'static str,
    schema: impl Into<RefOr<Schema>>,
    description: &'static str,
) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

/// The id in a path.
pub(crate) fn id_in_path(of: &'static str) -> Parameter {
    named_id_in_path("id", of)
}

/// An id of this name in a path.
pub(crate) fn named_id_in_path(name: &'static str, of: &'static str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(of))
        .schema(Some(number()))
        .build()
}

/// The header `Idempotency-Key`.
pub(super) fn idempotency_key() -> Parameter {
    let key = text(r"^[\x21-\x7e]+$", 255).min_length(Some(1));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The same request under the same key is carried out once, and answered again for 24 \
             hours.",
        ))
        .schema(Some(key))
        .build()
}

/// An id as we give it.
pub(crate) fn number() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1.0))
}
