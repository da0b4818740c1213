//! Who gets in.

use actix_web::test::TestRequest;
use rstest::rstest;

use crate::harness::{BODY, PATH, World};

async fn with(header: Option<&str>) -> crate::harness::Answer {
    let world = World::new().await;
    let mut request = TestRequest::post().uri(PATH).set_payload(BODY);
    if let Some(header) = header {
        request = request.insert_header(("Authorization", header));
    }
    let answer = world.send(request).await;
    assert_eq!(world.vault_was_asked(), 0);
    answer
}

#[rstest]
#[case("Basic")]
#[case("Bearer abc")]
#[case("Basic not base64")]
#[actix_web::test]
async fn a_key_that_can_t_be_decoded_is_a_bad_request(#[case] header: &str) {
    let answer = with(Some(header)).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.values(), ["Authorization key is not in the correct format."]);
}

#[rstest]
#[case(None, "An API key is required: send the header Authorization: Basic <API key>.")]
#[case(Some("Basic MDp1bmtub3du"), "The API key is unknown or was revoked.")]
#[case(Some("Basic dXNlcjpwYXNzd29yZA=="), "The API key is unknown or was revoked.")]
#[actix_web::test]
async fn an_absent_or_unknown_key_is_unauthorized(
    #[case] header: Option<&str>,
    #[case] value: &str,
) {
    let answer = with(header).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.values(), [value]);
    assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"Cardlift\""));
}
