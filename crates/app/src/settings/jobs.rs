//! Settings of those who work on import jobs.

use std::time::Duration;

use clap::Args;

use super::Problems;
use super::parse::{number, seconds};

#[derive(Debug, Args)]
pub(crate) struct JobsArgs {
    /// How many import jobs this server works on at once; 0 leaves them to others
    #[arg(long, env = "CARDLIFT_JOBS_AT_ONCE", value_name = "COUNT", default_value = "2")]
    jobs_at_once: String,
    #[command(flatten)]
    lease: LeaseArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LeaseArgs {
    /// How long after a worker died another takes its job up
    #[arg(long, env = "CARDLIFT_JOB_LEASE", value_name = "SECONDS", default_value = "15")]
    job_lease: String,
}

/// How import jobs are worked on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JobsSettings {
    pub(crate) at_once: usize,
    pub(crate) lease: Duration,
}

impl JobsArgs {
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<JobsSettings> {
        let at_once = number(&self.jobs_at_once, 0, 100);
        let at_once = problems.take("CARDLIFT_JOBS_AT_ONCE", at_once);
        let lease = self.lease.parse(problems);
        Some(JobsSettings { at_once: at_once?.into(), ..lease? })
    }
}

impl LeaseArgs {
    /// For a command, which works on one job at a time.
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<JobsSettings> {
        let lease = problems.take("CARDLIFT_JOB_LEASE", seconds(&self.job_lease));
        Some(JobsSettings { at_once: 1, lease: lease? })
    }
}
