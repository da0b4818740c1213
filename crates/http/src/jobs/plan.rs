//! GET /v1/paymentMethodImport/Stripe/jobs/{id}/plan: the ways to read the vault for a job.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use cardlift_core::api_key::Scope;
use cardlift_core::job::{Plan, Way, WayEstimate};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::ObjectBuilder;

use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::ApiError;
use crate::openapi::schema;
use crate::path;
use crate::reply::Reply;

/// What the rows that have no outcome would take.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = JobPlan)]
struct PlanObject {
    /// How many rows have no outcome.
    rows: u64,
    /// About how many customers the vault's account has.
    #[schema(required)]
    vault_customers: Option<u64>,
    ways: Vec<WayObject>,
    /// The way that the job takes.
    #[schema(schema_with = way)]
    chosen: &'static str,
}

/// A way to read the vault: a call a card, a list a customer, or all of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobPlanWay)]
struct WayObject {
    #[schema(schema_with = way)]
    way: &'static str,
    /// About how many calls of the vault it takes.
    calls: u64,
    /// About how many seconds they take, as fast as the vault lets us.
    seconds: u64,
}

pub(super) fn endpoint() -> Endpoint {
    let path = "/v1/paymentMethodImport/Stripe/jobs/{id}/plan";
    Endpoint::at(Method::GET, path, "planJob")
        .for_scope(Scope::Read, plan)
        .does("Says what a job would take")
        .explained("The vault is asked how large it is, in some thirty calls.")
        .takes([schema::id_in_path("The job's id.")])
        .failing(&[404, 502])
        .answers::<PlanObject>("The ways to read the vault.")
}

async fn plan(Call { request, api, principal, .. }: Call) -> Result<Reply, ApiError> {
    let job = api.import_jobs.find(principal.account, path::id(&request)?).await?;
    let plan = api.plan_import.run(&job).await?;
    Ok(Reply::json(StatusCode::OK, &PlanObject::from(plan)))
}

impl From<Plan> for PlanObject {
    fn from(plan: Plan) -> Self {
        Self {
            rows: plan.wanted.rows,
            vault_customers: plan.vault_customers,
            ways: plan.ways.into_iter().map(WayObject::from).collect(),
            chosen: plan.chosen.name(),
        }
    }
}

impl From<WayEstimate> for WayObject {
    fn from(estimate: WayEstimate) -> Self {
        let WayEstimate { way, calls, time } = estimate;
        Self { way: way.name(), calls, seconds: whole_seconds(time) }
    }
}

/// Whole seconds, up.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0))
}

fn way() -> ObjectBuilder {
    schema::one_of([Way::Cards, Way::Customers, Way::Scan].map(Way::name))
}
