//! What became of a job's rows, as a file.

use std::path::Path;

use cardlift_core::job::{JobId, OutcomeFilter};
use cardlift_http::ResultsForm;
use tokio::fs::File;
use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};

use super::jobs_of::JobsOf;
use crate::failure::Failure;
use crate::screen::enough;

/// How many rows are read at a time.
const PAGE: u32 = 5_000;

/// Which results, and how they are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) filter: OutcomeFilter,
    pub(crate) form: ResultsForm,
}

/// Writes the results of a job into a file, or to stdout; gives how many there were.
pub(crate) async fn write(
    here: &JobsOf,
    job: JobId,
    wanted: Wanted,
    file: Option<&Path>,
) -> Result<u64, Failure> {
    match file {
        None => write_to(here, job, wanted, &mut tokio::io::stdout()).await,
        Some(path) => {
            let made = File::create(path).await.map_err(|error| {
                Failure::because(format!("{} can't be written: {error}", path.display()))
            })?;
            write_to(here, job, wanted, &mut BufWriter::new(made)).await
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

async fn write_to(
    here: &JobsOf,
    job: JobId,
    wanted: Wanted,
    file: &mut (dyn AsyncWrite + Send + Unpin),
) -> Result<u64, Failure> {
    let Wanted { filter, form } = wanted;
    let (mut text, mut after, mut count) = (String::new(), None, 0);
    form.begin(&mut text);
    loop {
        let rows = here.jobs.results(here.account.id, job, filter, after, PAGE).await?;
        for row in &rows {
            form.write(row, &mut text);
        }
        count += u64::try_from(rows.len())?;
        if let Err(error) = file.write_all(text.as_bytes()).await {
            // Whoever reads it has seen enough, or it can't be written.
            return enough(Err(error)).map(|()| count).map_err(Failure::from);
        }
        text.clear();
        after = rows.last().map(|row| (row.line, row.part));
        if after.is_none() {
            file.flush().await?;
            return Ok(count);
        }
    }
}
