//! Who sets up accounts and keys.

use crate::account::AccountId;
use crate::api_key::ApiKeyId;

/// Who sets up accounts and keys. Whoever does it with a key can't shut that key out, and itself
/// with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Whoever runs commands, and so has the database's password: they get in whatever they do.
    Console,
    /// Whoever has this key of the default account, with the scope for it.
    Key(ApiKeyId),
}

impl Operator {
    /// Whether this is the key that it shows.
    pub(super) fn shows(self, account: AccountId, key: ApiKeyId) -> bool {
        account == AccountId::DEFAULT && self == Self::Key(key)
    }
}
