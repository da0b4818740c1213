//! What became of a job's rows, as a file.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cardlift_core::job::{JobId, JobRow, OutcomeFilter};
use cardlift_http::ResultsForm;
use tokio::io::{AsyncWriteExt as _, Stdout};

use super::jobs_of::JobsOf;
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::screen::enough;

/// How many rows are read at a time.
const PAGE: u32 = 5_000;

/// Which results, and how they are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) filter: OutcomeFilter,
    pub(crate) form: ResultsForm,
}

/// Where the results go.
pub(crate) enum Sink {
    /// A file, which is there when all of them are.
    File(NewFile),
    /// Whoever reads them.
    Stdout(Stdout),
}

impl Sink {
    /// A file of this name, where there is one.
    pub(crate) fn open(file: Option<&PathBuf>) -> Result<Self, Failure> {
        match file {
            Some(path) => NewFile::create(path).map(Self::File),
            None => Ok(Self::Stdout(tokio::io::stdout())),
        }
    }

    async fn write(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::File(file) => file.write_all(text.as_bytes()),
            Self::Stdout(stdout) => stdout.write_all(text.as_bytes()).await,
        }
    }

    async fn finish(self) -> Result<(), Failure> {
        match self {
            Self::File(file) => file.finish(),
            Self::Stdout(mut stdout) => Ok(stdout.flush().await?),
        }
    }
}

/// The form that a file's name says: CSV unless it is another.
pub(crate) fn form_of(path: &Path) -> ResultsForm {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("ndjson" | "jsonl") => ResultsForm::Ndjson,
        _ => ResultsForm::Csv,
    }
}

/// The results of a job, a page after the other.
pub(crate) struct Pages<'a> {
    here: &'a JobsOf,
    job: JobId,
    filter: OutcomeFilter,
    after: Option<(u64, u32)>,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(here: &'a JobsOf, job: JobId, filter: OutcomeFilter) -> Self {
        Self { here, job, filter, after: None }
    }

    /// The next page; it is empty at the end.
    pub(crate) async fn next(&mut self) -> Result<Vec<JobRow>, Failure> {
        let Self { here, job, filter, after } = *self;
        let rows = here.jobs.results(here.account.id, job, filter, after, PAGE).await?;
        self.after = rows.last().map(|row| (row.line, row.part)).or(after);
        Ok(rows)
    }
}

/// Writes the results of a job; gives how many there were.
pub(crate) async fn write(
    here: &JobsOf,
    job: JobId,
    wanted: Wanted,
    mut sink: Sink,
) -> Result<u64, Failure> {
    let Wanted { filter, form } = wanted;
    let (mut text, mut count) = (String::new(), 0);
    let mut pages = Pages::new(here, job, filter);
    form.begin(&mut text);
    loop {
        let rows = pages.next().await?;
        for row in &rows {
            form.write(row, &mut text);
        }
        count += u64::try_from(rows.len())?;
        if let Err(error) = sink.write(&text).await {
            // Whoever reads it has seen enough, or it can't be written.
            return enough(Err(error)).map(|()| count).map_err(Failure::from);
        }
        text.clear();
        if rows.is_empty() {
            sink.finish().await?;
            return Ok(count);
        }
    }
}
