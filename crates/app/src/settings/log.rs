//! Settings of the log.

use clap::Args;
use tracing::level_filters::LevelFilter;

use super::Problems;

/// The log goes to stderr.
#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// How much is logged: off, error, warn, info, debug or trace
    #[arg(long, env = "CARDLIFT_LOG", value_name = "LEVEL", default_value = "info", global = true)]
    log: String,
    /// How it is logged: text, or json for one object a line
    #[arg(
        long,
        env = "CARDLIFT_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    log_format: String,
}

/// How much is logged, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogSettings {
    pub(crate) level: LevelFilter,
    pub(crate) format: LogFormat,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl LogArgs {
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<LogSettings> {
        let level = match self.log.as_str() {
            "off" => Ok(LevelFilter::OFF),
            "error" => Ok(LevelFilter::ERROR),
            "warn" => Ok(LevelFilter::WARN),
            "info" | "" => Ok(LevelFilter::INFO),
            "debug" => Ok(LevelFilter::DEBUG),
            "trace" => Ok(LevelFilter::TRACE),
            _ => Err("must be off, error, warn, info, debug or trace"),
        };
        let format = match self.log_format.as_str() {
            "text" | "" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("must be text or json"),
        };
        let level = problems.take("CARDLIFT_LOG", level);
        let format = problems.take("CARDLIFT_LOG_FORMAT", format);
        Some(LogSettings { level: level?, format: format? })
    }
}
