//! Requests that can't be read, or be carried out as they are.

use super::{Row, Seen, anonymous, jobs, see};
use crate::harness::{World, authorized};

pub(super) async fn bodies_are_told_apart(seen: &mut Seen, &(verb, path, body, _): &Row) {
    if body.is_empty() || body == jobs::FILE {
        return;
    }
    let world = World::new().await;
    for (body, content_type, status, value) in [
        ("[]", "application/json", 400, "The request body must be a JSON object."),
        (body, "text/plain", 415, "The Content-Type must be application/json."),
        (&" ".repeat(17_000), "text/json", 413, "The request body is longer than 16384 bytes."),
    ] {
        let request = anonymous(verb, path, body).insert_header(("Content-Type", content_type));
        see(seen, verb, path, &world.send(authorized(request)).await, status, value);
    }
    tokio::time::pause();
    let answer = world.send_stalled(authorized(anonymous(verb, path, ""))).await;
    tokio::time::resume();
    let value = "The request body did not arrive within 10 seconds.";
    see(seen, verb, path, &answer, 408, value);
}

pub(super) async fn card_numbers_are_refused(seen: &mut Seen, &(verb, path, body, _): &Row) {
    let request = anonymous(verb, path, body).insert_header(("Cookie", "card=4242424242424242"));
    let answer = World::new().await.send(request).await;
    let value = "The header cookie holds what looks like a card number. Cardlift takes Stripe's ids, \
                 never the number of a card: nothing of it was kept. If it is no card's, put a \
                 letter or a dot among its digits, so that fewer than 13 stand together.";
    see(seen, verb, path, &answer, 400, value);
}
