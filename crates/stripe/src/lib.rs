//! CardVault over the Stripe API
