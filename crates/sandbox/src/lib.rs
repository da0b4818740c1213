//! A Stripe-shaped server with known cards, and faults on demand
