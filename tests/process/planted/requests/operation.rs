//! The operations of the API, as they are described.

use reqwest::Method;
use serde_json::{Map, Value};

use super::super::place::Sent;

/// An operation.
pub(super) struct Operation {
    verb: Method,
    /// A segment in braces is a parameter.
    path: String,
    /// The names of the parameters of its query.
    pub(super) parameters: Vec<String>,
    /// The media types of its body, each with an example.
    pub(super) bodies: Vec<(String, Value)>,
    /// The names of the members of its body.
    pub(super) members: Vec<String>,
}

/// All that are described.
pub(super) fn operations() -> Vec<Operation> {
    let described: Value =
        serde_json::from_str(include_str!("../../../../docs/openapi.json")).expect("JSON");
    let paths = described.get("paths").and_then(Value::as_object).expect("paths");
    let each = paths.iter().flat_map(|(path, verbs)| {
        let verbs = verbs.as_object().expect("verbs").iter();
        verbs.map(move |(verb, about)| (verb, path, about))
    });
    each.map(|(verb, path, about)| Operation::new(verb, path, about, &described)).collect()
}

impl Operation {
    fn new(verb: &str, path: &str, about: &Value, described: &Value) -> Self {
        let name = |parameter: &Value| {
            let in_query = parameter.get("in").is_some_and(|place| place == "query");
            let name = parameter.get("name").and_then(Value::as_str).filter(|_| in_query);
            name.map(ToOwned::to_owned)
        };
        let parameters = about.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let content = about.pointer("/requestBody/content").and_then(Value::as_object);
        let example = |(media_type, content): (&String, &Value)| {
            (media_type.clone(), content.get("example").expect("an example").clone())
        };
        let schema = content.and_then(|content| content.get("application/json"));
        let schema = schema.and_then(|content| content.pointer("/schema/$ref")?.as_str());
        let schema = schema.and_then(|place| described.pointer(place.trim_start_matches('#')));
        let members = schema.and_then(|schema| schema.get("properties")?.as_object());
        Self {
            verb: verb.to_uppercase().parse().expect("a verb"),
            path: path.to_owned(),
            parameters: parameters.filter_map(name).collect(),
            bodies: content.into_iter().flatten().map(example).collect(),
            members: members.into_iter().flat_map(Map::keys).cloned().collect(),
        }
    }

    /// Whether its path has a parameter.
    pub(super) fn is_of_one(&self) -> bool {
        self.path.contains('{')
    }

    /// A request for it: with this for what is a parameter of its path, this query, and its example
    /// for a body.
    pub(super) fn request(&self, id: &str, query: &str) -> Sent {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let sent = Sent::new(self.verb.clone(), &format!("{path}{query}"));
        match self.bodies.first() {
            Some((media_type, Value::String(file))) => sent.body(media_type, file),
            Some((media_type, object)) => sent.body(media_type, object.to_string()),
            None => sent,
        }
    }
}
