//! What to do where a master key is missing.

use std::error::Error;
use std::iter::successors;

use cardlift_core::ports::SealerError;
use cardlift_core::use_cases::{MasterKeyError, SetVaultKeyError};

/// Where a command needs one, and none is set.
pub(crate) const NOWHERE: &str = "must be set to a master key, which secrets in the database are \
     sealed under, or CARDLIFT_MASTER_KEY_FILE to the file that has one: `cardlift master-key new` \
     makes one. Keep it away from the database, and do not lose it";

/// Where nothing can be sealed. Other secrets may be, under one that is missing.
const NONE: &str = "set CARDLIFT_MASTER_KEY to the master key of this database, or \
     CARDLIFT_MASTER_KEY_FILE to the file that has it. Where nothing is sealed yet, `cardlift \
     master-key new` makes one";

/// Where something is sealed under another one.
const ANOTHER: &str = "set CARDLIFT_MASTER_KEY to the master key that it was sealed under, or \
     CARDLIFT_MASTER_KEY_FILE to the file that has it. With neither, a SQLite file's is in the file \
     beside it, of the same name and .master-key. A new key opens nothing that is sealed already";

/// What to do about an error, where it comes of a master key that is missing.
pub(crate) fn what_to_do(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut causes = successors(Some(error), |&error| error.source());
    match causes.find_map(of_the_sealer)? {
        SealerError::NoCurrentKey => Some(NONE),
        SealerError::NoMasterKey { .. } => Some(ANOTHER),
        SealerError::Changed(_) => None,
    }
}

/// The sealer's error, which these use cases hand on as their own.
fn of_the_sealer<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a SealerError> {
    if let Some(MasterKeyError::Sealer(error)) = error.downcast_ref() {
        return Some(error);
    }
    if let Some(SetVaultKeyError::Seal(error)) = error.downcast_ref() {
        return Some(error);
    }
    error.downcast_ref()
}

#[cfg(test)]
mod tests {
    use cardlift_core::ports::VaultError;
    use cardlift_core::sealed::{MasterKeyId, SecretLabel};
    use cardlift_core::use_cases::ImportCardError;

    use super::*;

    const LABEL: SecretLabel = SecretLabel::API_KEY_HASH;

    fn not_at_hand() -> SealerError {
        let master_key = MasterKeyId::parse("0123456789abcdef").expect("an id");
        SealerError::NoMasterKey { label: LABEL, master_key }
    }

    #[test]
    fn whoever_hands_the_error_on_the_settings_are_named() {
        let unreadable = VaultError::CredentialsUnreadable { source: Box::new(not_at_hand()) };
        let errors: [Box<dyn Error>; 4] = [
            Box::new(not_at_hand()),
            Box::new(MasterKeyError::from(not_at_hand())),
            Box::new(SetVaultKeyError::from(SealerError::NoCurrentKey)),
            Box::new(ImportCardError::from(unreadable)),
        ];
        for error in errors {
            let told = what_to_do(error.as_ref()).expect("it is told");
            assert!(told.starts_with("set CARDLIFT_MASTER_KEY to"), "{error}: {told}");
            assert!(told.contains("CARDLIFT_MASTER_KEY_FILE to"), "{error}: {told}");
        }
    }

    #[test]
    fn where_no_key_is_missing_there_is_nothing_to_set() {
        assert_eq!(what_to_do(&MasterKeyError::from(SealerError::Changed(LABEL))), None);
        assert_eq!(what_to_do(&MasterKeyError::ChainKeyGone), None);
    }
}
