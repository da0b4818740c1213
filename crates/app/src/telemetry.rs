//! Log and metrics.

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

use crate::screen::Log;
use crate::settings::{LogFormat, LogSettings};

/// Sends the log to stderr.
pub(crate) fn start_log(settings: LogSettings) {
    // A second start, as in a test, leaves the first as it is.
    let _already_started = subscriber(settings, Log::default).try_init();
}

/// Our own crates log at the level that is set. The libraries never get past warnings: at lower
/// levels some of them log statements with their values, which are personal data.
fn subscriber<W>(settings: LogSettings, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let libraries = settings.level.min(LevelFilter::WARN);
    let filter = Targets::new().with_default(libraries).with_target("cardlift", settings.level);
    let lines = match settings.format {
        LogFormat::Text => fmt::layer().with_writer(writer).with_ansi(false).boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(writer)
            .boxed(),
    };
    registry().with(lines.with_filter(filter))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What was logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: LevelFilter, log: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let settings = LogSettings { level, format: LogFormat::Json };
        let subscriber = subscriber(settings, move || writer.clone());
        tracing::subscriber::with_default(subscriber, log);
        let bytes = lines.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn libraries_log_no_statements_however_much_we_log() {
        let logged = logged(LevelFilter::TRACE, || {
            tracing::debug!(target: "tokio_postgres::query", "parameters: [\"John Doe\"]");
            tracing::trace!(target: "cardlift_stripe::client", "ours");
            tracing::warn!(target: "actix_server", "theirs, but a warning");
        });
        assert!(!logged.contains("John Doe"), "{logged}");
        assert!(logged.contains("ours") && logged.contains("theirs, but a warning"), "{logged}");
    }

    #[test]
    fn off_is_off() {
        assert_eq!(logged(LevelFilter::OFF, || tracing::error!("anything")), "");
    }
}
