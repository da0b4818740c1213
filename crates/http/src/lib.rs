//! The wire contract over actix-web
