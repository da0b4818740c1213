//! Every setting, once: its flag, its environment variable, its default, and what it may be.
//!
//! Values come in as text and are all looked at before anything is done, so that somebody with
//! three mistakes is told of three.

mod database;
mod jobs;
mod log;
mod master_key;
mod parse;
mod problems;
mod rates;
mod serve;
mod stripe;
mod tls;

pub(crate) use database::{DatabaseArgs, DatabaseSettings, DatabaseUrl};
pub(crate) use jobs::{JobsArgs, JobsSettings, LeaseArgs};
pub(crate) use log::{LogArgs, LogFormat, LogSettings};
pub(crate) use master_key::{MasterKeyArgs, MasterKeySettings, parse_keys, read_keys};
pub(crate) use problems::Problems;
pub(crate) use serve::{Bounds, ServeArgs, ServeSettings};
pub(crate) use stripe::{NO_KEY, StripeArgs, StripeSettings};
pub(crate) use tls::{Tls, TlsArgs};
