//! The operations of the API, as they are described.

use reqwest::Method;
use serde_json::{Map, Value};

/// An operation.
pub(crate) struct Operation {
    pub(crate) verb: Method,
    /// A segment in braces is a parameter.
    pub(crate) path: String,
    /// The scope that it needs, where it needs a key.
    pub(crate) scope: Option<String>,
    /// The names of the parameters of its query.
    pub(crate) parameters: Vec<String>,
    /// Those of them that it needs.
    pub(crate) required: Vec<String>,
    /// The media types of its body, each with an example.
    pub(crate) bodies: Vec<(String, Value)>,
    /// The names of the members of its body.
    pub(crate) members: Vec<String>,
}

/// All that are described.
pub(crate) fn operations() -> Vec<Operation> {
    let described: Value =
        serde_json::from_str(include_str!("../../docs/openapi.json")).expect("JSON");
    let paths = described.get("paths").and_then(Value::as_object).expect("paths");
    let each = paths.iter().flat_map(|(path, verbs)| {
        let verbs = verbs.as_object().expect("verbs").iter();
        verbs.map(move |(verb, about)| (verb, path, about))
    });
    let operations: Vec<_> =
        each.map(|(verb, path, about)| Operation::new(verb, path, about, &described)).collect();
    assert!(operations.len() > 30, "all that are described");
    operations
}

impl Operation {
    fn new(verb: &str, path: &str, about: &Value, described: &Value) -> Self {
        let parameters = about.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let in_query = |parameter: &&Value| {
            parameter.get("in").is_some_and(|place| place.as_str() == Some("query"))
        };
        let (mut names, mut required) = (Vec::new(), Vec::new());
        for parameter in parameters.filter(in_query) {
            let name = parameter.get("name").and_then(Value::as_str).expect("a name").to_owned();
            if parameter.get("required").and_then(Value::as_bool) == Some(true) {
                required.push(name.clone());
            }
            names.push(name);
        }
        let content = about.pointer("/requestBody/content").and_then(Value::as_object);
        let example = |(media_type, content): (&String, &Value)| {
            (media_type.clone(), content.get("example").expect("an example").clone())
        };
        let schema = content.and_then(|content| content.get("application/json"));
        let schema = schema.and_then(|content| content.pointer("/schema/$ref")?.as_str());
        let schema = schema.and_then(|place| described.pointer(place.trim_start_matches('#')));
        let members = schema.and_then(|schema| schema.get("properties")?.as_object());
        let scope = about.pointer("/security/0/apiKey/0").and_then(Value::as_str);
        Self {
            verb: verb.to_uppercase().parse().expect("a verb"),
            path: path.to_owned(),
            scope: scope.map(ToOwned::to_owned),
            parameters: names,
            required,
            bodies: content.into_iter().flatten().map(example).collect(),
            members: members.into_iter().flat_map(Map::keys).cloned().collect(),
        }
    }

    /// What it is called in a test that fails.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.verb, self.path)
    }

    /// Whether its path has a parameter.
    pub(crate) fn is_of_one(&self) -> bool {
        self.path.contains('{')
    }

    /// Its path, with this for each parameter by its name.
    pub(crate) fn filled(&self, value: impl Fn(&str) -> String) -> String {
        let part = |part: &str| {
            let name = part.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            name.map_or_else(|| part.to_owned(), &value)
        };
        self.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// The example of its body, with the media type, where it takes one.
    pub(crate) fn example(&self) -> Option<(&str, String)> {
        let (media_type, example) = self.bodies.first()?;
        let body = match example {
            Value::String(file) => file.clone(),
            object => object.to_string(),
        };
        Some((media_type.as_str(), body))
    }
}
