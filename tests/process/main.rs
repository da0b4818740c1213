//! The program as a process: its commands, its settings, its end, its log.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect has failed")]

mod accounts;
mod admin;
mod audit;
mod authority;
mod commands;
mod database_gone;
mod demonstration;
mod described;
mod edge;
mod impostor;
mod isolation;
mod keys;
mod killed;
mod master_keys;
mod merging;
mod overloaded;
mod planted;
mod role;
mod settings;
mod stopping;
