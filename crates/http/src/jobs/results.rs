//! GET /v1/paymentMethodImport/Stripe/jobs/{id}/results: what became of the rows, page by page from
//! the store.

mod query;
mod row;

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use bytes::Bytes;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::Scope;
use cardlift_core::job::JobId;
use cardlift_core::use_cases::ImportJobs;
use futures_util::{Stream, stream};

use self::query::Wanted;
pub use self::row::Form;
use super::{file, pieces};
use crate::authorization::PresentedKey;
use crate::call::Call;
use crate::endpoint::{Endpoint, Success};
use crate::error::ApiError;
use crate::openapi::schema;
use crate::path;

/// How many rows are read at once.
const PAGE: u32 = 1_000;

pub(super) fn endpoint() -> Endpoint {
    let path = "/v1/paymentMethodImport/Stripe/jobs/{id}/results";
    Endpoint::at(Method::GET, path, "readJobResults")
        .for_scope(Scope::Read, results)
        .does("Says what became of the rows of a job")
        .explained(
            "In the order of the file; a row that brought several cards is there once for each. CSV \
             has the columns line, customerId, stripeCustomerId, stripeCardId, outcome, field, \
             detail, paymentMethodId and undone, and a line that names them; NDJSON has members of \
             these names, null where there is none. It breaks off where the key is good no more.",
        )
        .takes([schema::id_in_path("The job's id.")])
        .takes(query::parameters())
        .failing(&[404])
        .telling(&["Content-Disposition"])
        .succeeds(Success::File("The results.", &[file::CSV, file::NDJSON]))
}

async fn results(call: Call) -> Result<HttpResponse, ApiError> {
    let key = call.presented_key()?;
    let Call { request, api, principal, .. } = call;
    let (account, id) = (principal.account, path::id(&request)?);
    let wanted = query::parse(&request)?;
    let job = api.import_jobs.find(account, id).await?.id;
    let name = format!("import-job-{job}-{}.{}", wanted.outcome, wanted.form.extension());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, wanted.form.media_type()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    let reading = Reading { jobs: api.import_jobs.clone(), key, account, job, wanted };
    Ok(pieces::answer(response, reading.pages()))
}

/// The results that somebody reads.
struct Reading {
    jobs: ImportJobs,
    /// The key of whoever reads.
    key: PresentedKey,
    account: AccountId,
    job: JobId,
    wanted: Wanted,
}

/// Where in the results it goes on.
enum Next {
    /// After this line and part, or from the first.
    Page(Option<(u64, u32)>),
    Nothing,
}

impl Reading {
    fn pages(self) -> impl Stream<Item = Result<Bytes, ApiError>> {
        stream::try_unfold((self, Next::Page(None)), async |(reading, next)| {
            let Next::Page(after) = next else { return Ok(None) };
            let (page, next) = reading.page(after).await?;
            Ok(Some((page, (reading, next))))
        })
    }

    async fn page(&self, after: Option<(u64, u32)>) -> Result<(Bytes, Next), ApiError> {
        self.key.still_good().await?;
        let Wanted { filter, form, .. } = self.wanted;
        let rows = self.jobs.results(self.account, self.job, filter, after, PAGE).await?;
        let mut text = String::new();
        if after.is_none() {
            form.begin(&mut text);
        }
        for row in &rows {
            form.write(row, &mut text);
        }
        // A page that is not full is the last one; one that is full may be, too.
        let full = u32::try_from(rows.len()).is_ok_and(|count| count >= PAGE);
        let last = rows.last().filter(|_| full);
        let next = last.map_or(Next::Nothing, |row| Next::Page(Some((row.line, row.part))));
        Ok((text.into(), next))
    }
}
