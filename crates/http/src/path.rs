//! Paths in any letter case, and the ids in them.

use std::fmt::Write as _;

use actix_web::HttpRequest;

use crate::body::{Fields, Members};
use crate::error::ApiError;

/// The pattern of a path, any letter case of it, with or without a slash at its end. A segment in
/// braces is a parameter.
pub(crate) fn any_case(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty()).enumerate();
    let mut pattern = String::new();
    for (index, segment) in segments {
        let _ = if segment.starts_with('{') {
            write!(pattern, "/{segment}")
        } else {
            write!(pattern, "/{{p{index}:(?i:{segment})}}")
        };
    }
    pattern.push_str("{end:/?}");
    pattern
}

/// The id in a path.
pub(crate) fn id<T: TryFrom<i64>>(request: &HttpRequest) -> Result<T, ApiError> {
    id_named(request, "id")
}

/// The id of this name in a path.
pub(crate) fn id_named<T: TryFrom<i64>>(
    request: &HttpRequest,
    name: &'static str,
) -> Result<T, ApiError> {
    let path = Members::of_path(name, request.match_info().get(name).unwrap_or_default());
    let mut fields = Fields::new(&path);
    let id = fields.id(name);
    fields.finish(id).map_err(ApiError::Fields)
}

#[cfg(test)]
mod tests {
    use actix_web::dev::ResourceDef;

    use super::*;

    #[test]
    fn any_letter_case_and_a_slash_match_and_nothing_else() {
        let with_id = ResourceDef::new(any_case("/v1/customers/{id}/paymentMethods/all"));
        assert!(with_id.is_match("/v1/Customers/7/PaymentMethods/ALL/"));
        assert!(!with_id.is_match("/v1/customers/paymentMethods/all"));
        let resource = ResourceDef::new(any_case("/v1/paymentMethodImport/Stripe"));
        for path in [
            "/v1/paymentMethodImport/Stripe",
            "/V1/PAYMENTMETHODIMPORT/STRIPE/",
            "/v1/paymentmethodimport/stripe",
        ] {
            assert!(resource.is_match(path), "{path}");
        }
        for path in [
            "/v1/paymentMethodImport",
            "/v1/paymentMethodImport/StripeConnect",
            "/v1/paymentMethodImport/Stripe//",
            "/v1/paymentMethodImport/Stripe/1",
            "/v1x/paymentMethodImport/Stripe",
        ] {
            assert!(!resource.is_match(path), "{path}");
        }
    }
}
