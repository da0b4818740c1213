//! Why the vault throttles.

/// Why the vault throttles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    GlobalRate,
    GlobalConcurrency,
    EndpointRate,
    EndpointConcurrency,
    ResourceSpecific,
    /// Another request is about the same object; it has nothing to do with rates.
    LockTimeout,
    /// It does not say, or says what we don't know.
    NotSaid,
}

/// Which limits a 429 slows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slows {
    Overall,
    Endpoint,
    Both,
    Neither,
}

impl Reason {
    /// The reason in a header and in the code of an error.
    pub(crate) fn of(header: Option<&str>, code: Option<&str>) -> Self {
        match (code, header) {
            (Some("lock_timeout"), _) => Self::LockTimeout,
            (_, Some("global-rate")) => Self::GlobalRate,
            (_, Some("global-concurrency")) => Self::GlobalConcurrency,
            (_, Some("endpoint-rate")) => Self::EndpointRate,
            (_, Some("endpoint-concurrency")) => Self::EndpointConcurrency,
            (_, Some("resource-specific")) => Self::ResourceSpecific,
            _ => Self::NotSaid,
        }
    }

    /// What it is called in metrics.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::GlobalRate => "global_rate",
            Self::GlobalConcurrency => "global_concurrency",
            Self::EndpointRate => "endpoint_rate",
            Self::EndpointConcurrency => "endpoint_concurrency",
            Self::ResourceSpecific => "resource_specific",
            Self::LockTimeout => "lock_timeout",
            Self::NotSaid => "not_said",
        }
    }

    pub(super) const fn slows(self) -> Slows {
        match self {
            Self::GlobalRate | Self::GlobalConcurrency => Slows::Overall,
            // A resource is limited below its endpoint.
            Self::EndpointRate | Self::EndpointConcurrency | Self::ResourceSpecific => {
                Slows::Endpoint
            }
            Self::NotSaid => Slows::Both,
            Self::LockTimeout => Slows::Neither,
        }
    }
}
