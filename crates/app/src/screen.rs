//! The terminal: progress that is drawn on it, and a log that does not get in its way.

use std::io::{self, IsTerminal, Write};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// How often a line is written where there is no terminal.
const A_LINE_EVERY: Duration = Duration::from_secs(10);

/// How often what is drawn moves by itself.
const TICK: Duration = Duration::from_millis(200);

static DRAWN: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Shows how something goes on: drawn on a terminal, else in a line now and then. To stderr.
pub(crate) struct Meter {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Meter {
    /// Of something that is of this length, where that is known.
    pub(crate) fn new(length: Option<u64>) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = match length {
                Some(length) => ProgressBar::new(length).with_style(style(BAR)),
                None => ProgressBar::new_spinner().with_style(style(SPINNER)),
            };
            let bar = DRAWN.add(bar);
            bar.enable_steady_tick(TICK);
            bar
        });
        Self { bar, last_line: Instant::now() }
    }

    /// It has come so far.
    pub(crate) fn show(&mut self, position: u64, told: impl FnOnce() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_position(position);
            bar.set_message(told());
        } else if self.last_line.elapsed() >= A_LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{}", told());
        }
    }

    /// It is over: what was drawn goes, and a last line stays.
    pub(crate) fn end(self, told: &str) {
        drop(self);
        eprintln!("{told}");
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Writes to stdout. A reader who has seen enough, such as `head`, is no failure.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    enough(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// The same of something that was written.
pub(crate) fn enough(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

const BAR: &str = "{bar:24} {percent}%  {msg}";
const SPINNER: &str = "{spinner} {msg}";

fn style(template: &str) -> ProgressStyle {
    let plain = || ProgressStyle::default_bar();
    ProgressStyle::with_template(template).unwrap_or_else(|_| plain())
}

/// Where the log goes: stderr, with nothing drawn meanwhile.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        DRAWN.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
