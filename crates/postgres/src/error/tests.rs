use cardlift_core::ports::StoreErrorKind::{Corrupt, Failed, Unavailable};
use diesel::result::DatabaseErrorKind::{
    ClosedConnection, ForeignKeyViolation, ReadOnlyTransaction, SerializationFailure,
    UnableToSendCommand, Unknown,
};

use super::*;

fn says(kind: DatabaseErrorKind, message: &str) -> Error {
    Error::DatabaseError(kind, Box::new(message.to_owned()))
}

#[track_caller]
fn check_own(error: impl Fn() -> Error, expected: StoreErrorKind) {
    assert_eq!(kind(&error()), expected, "{:?}", error());
    assert!(matches!(LotError::from_diesel(error()), LotError::OneOfThem), "{:?}", error());
}

#[track_caller]
fn check_everybodys(error: impl Fn() -> Error) {
    assert_eq!(kind(&error()), Unavailable, "{:?}", error());
    assert!(matches!(LotError::from_diesel(error()), LotError::Gone(_)), "{:?}", error());
}

#[test]
fn what_one_row_meets_is_nobody_elses() {
    for message in [
        "canceling statement due to statement timeout",
        "canceling statement due to lock timeout",
        "canceling statement due to user request",
        "deadlock detected",
    ] {
        check_own(|| says(Unknown, message), Unavailable);
    }
    check_own(|| says(SerializationFailure, "could not serialize access"), Unavailable);
    check_own(|| says(ForeignKeyViolation, "insert or update violates"), Failed);
    check_own(|| Error::DeserializationError("too large".into()), Corrupt);
}

#[test]
fn a_server_that_is_gone_is_gone_for_everybody() {
    for message in [
        "terminating connection due to administrator command",
        "terminating connection because of crash of another server process",
        "the database system is shutting down",
        "the database system is starting up",
        "sorry, too many clients already",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute",
    ] {
        check_everybodys(|| says(Unknown, message));
    }
    check_everybodys(|| says(UnableToSendCommand, "connection closed"));
    check_everybodys(|| says(ReadOnlyTransaction, "cannot execute INSERT"));
    check_everybodys(|| says(ClosedConnection, "connection closed"));
    check_everybodys(|| Error::BrokenTransactionManager);
}
