//! Answers of Stripe.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cardlift_stripe::fuzzing::answer(input));
