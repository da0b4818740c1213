//! An operation of the API: where it is, who carries it out, and what is said of it. What is
//! served and what is documented are the same list.

use std::collections::BTreeSet;

use actix_web::http::Method;
use actix_web::web::{self, Data, Payload};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder, Route};
use cardlift_core::api_key::Scope;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::api::Api;
use crate::call::{self, Call};
use crate::error::ApiError;
use crate::openapi::schema::{Body, referred};

/// One operation.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Its path; a segment in braces is a parameter.
    pub(crate) path: &'static str,
    pub(crate) route: Route,
    pub(crate) about: About,
}

/// An operation of which is not said yet who may ask for it. It has to be, or it is none.
pub(crate) struct Undecided {
    method: Method,
    path: &'static str,
    id: &'static str,
}

/// What is said of an operation.
pub(crate) struct About {
    /// Its name, which no other operation has.
    pub(crate) id: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: Option<&'static str>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) success: Success,
    /// The statuses of what can go wrong.
    pub(crate) failures: BTreeSet<u16>,
    /// The headers that its success has besides those of every answer of its kind.
    pub(crate) headers: &'static [&'static str],
    /// What a caller's key has to be for; without it anybody may ask for it.
    pub(crate) scope: Option<Scope>,
    /// Whether it takes an `Idempotency-Key`.
    pub(crate) idempotent: bool,
    /// The operations that take the id out of the answer.
    pub(crate) links: &'static [&'static str],
    /// The schemas that this refers to.
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
}

/// How an operation answers when all went well.
pub(crate) enum Success {
    /// 200 and JSON.
    Object(&'static str, RefOr<Schema>),
    /// 200, a JSON array of these, and where in the list it stands.
    List(&'static str, RefOr<Schema>),
    /// 200 and something of one of these media types.
    File(&'static str, &'static [&'static str]),
    /// This status, and no body.
    Nothing(u16, &'static str),
}

impl Undecided {
    /// For anybody.
    pub(crate) fn for_everybody<F, Args>(self, handler: F) -> Endpoint
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.decided(None, handler)
    }

    /// For callers with a key of this scope, which may make so many requests.
    pub(crate) fn for_scope<F, Handling, Answer>(self, scope: Scope, handler: F) -> Endpoint
    where
        F: Fn(Call) -> Handling + Clone + 'static,
        Handling: Future<Output = Result<Answer, ApiError>> + 'static,
        Answer: Into<HttpResponse> + 'static,
    {
        let handler = move |request: HttpRequest, payload: Payload, api: Data<Api>| {
            call::answer((request, payload, api), scope, handler.clone())
        };
        self.decided(Some(scope), handler).failing(&[400, 401, 403, 429, 500, 503])
    }

    fn decided<F, Args>(self, scope: Option<Scope>, handler: F) -> Endpoint
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let Self { method, path, id } = self;
        let about = About {
            id,
            summary: "",
            description: None,
            parameters: Vec::new(),
            body: None,
            success: Success::Nothing(204, "Done."),
            // Whatever holds a card number is refused.
            failures: BTreeSet::from([400]),
            headers: &[],
            scope,
            idempotent: false,
            links: &[],
            schemas: Vec::new(),
        };
        Endpoint { route: web::method(method.clone()).to(handler), method, path, about }
    }
}

impl Endpoint {
    /// An operation at this path, under a name that no other has.
    pub(crate) fn at(method: Method, path: &'static str, id: &'static str) -> Undecided {
        Undecided { method, path, id }
    }

    /// What it does, in a line.
    pub(crate) fn does(mut self, summary: &'static str) -> Self {
        self.about.summary = summary;
        self
    }

    /// What more there is to know.
    pub(crate) fn explained(mut self, description: &'static str) -> Self {
        self.about.description = Some(description);
        self
    }

    /// It takes this.
    pub(crate) fn takes(mut self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        self.about.parameters.extend(parameters);
        self
    }

    /// It takes a body.
    pub(crate) fn reads(mut self, body: Body) -> Self {
        let name = body.name.to_owned();
        let (schema, body) = body.build();
        self.about.schemas.push((name, schema));
        self.about.body = Some(body);
        self.failing(&[408, 413, 415])
    }

    /// It takes a file of any length.
    pub(crate) fn reads_file(mut self, body: RequestBody) -> Self {
        self.about.body = Some(body);
        self.failing(&[408, 415])
    }

    /// It takes an `Idempotency-Key`.
    pub(crate) fn idempotent(mut self) -> Self {
        self.about.idempotent = true;
        self.failing(&[409, 422])
    }

    /// It can fail so, too.
    pub(crate) fn failing(mut self, statuses: &[u16]) -> Self {
        self.about.failures.extend(statuses);
        self
    }

    /// These operations take the id that its answer has.
    pub(crate) fn leads_to(mut self, operations: &'static [&'static str]) -> Self {
        self.about.links = operations;
        self
    }

    /// It answers an object.
    pub(crate) fn answers<T: ToSchema>(mut self, what: &'static str) -> Self {
        self.about.success = Success::Object(what, referred::<T>(&mut self.about.schemas));
        self
    }

    /// It answers an array of all there is.
    pub(crate) fn answers_all<T: ToSchema>(mut self, what: &'static str) -> Self
    where
        Vec<T>: PartialSchema,
    {
        let _ = referred::<T>(&mut self.about.schemas);
        self.about.success = Success::Object(what, Vec::<T>::schema());
        self
    }

    /// It answers a page of a list.
    pub(crate) fn lists<T: ToSchema>(mut self, what: &'static str) -> Self {
        self.about.success = Success::List(what, referred::<T>(&mut self.about.schemas));
        self
    }

    /// Its success has these headers, too.
    pub(crate) fn telling(mut self, headers: &'static [&'static str]) -> Self {
        self.about.headers = headers;
        self
    }

    /// It answers in another way.
    pub(crate) fn succeeds(mut self, success: Success) -> Self {
        self.about.success = success;
        self
    }
}
