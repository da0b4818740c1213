//! The audit trail.

use super::Row;

pub(super) const KEYED: &[Row] = &[("GET", "/v1/auditTrail", "", None)];
