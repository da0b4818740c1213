//! Secrets as they are kept: sealed under a key of their own, which is sealed under a master key
//! that is kept elsewhere.

use std::collections::BTreeSet;
use std::fmt;

use crate::account::AccountId;

/// What a master key is told by. It says nothing of the key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MasterKeyId(String);

/// Which secret it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretName {
    /// What the digests of API keys are made with. It is the default account's, and all accounts use it.
    ApiKeyHash,
    /// What the audit trail is sealed with. It is the default account's, and the chains of all accounts use it.
    AuditChain,
    /// The account's credentials for the vault.
    VaultKey,
}

/// Whose secret it is, and which. What is sealed for one can't be opened as another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretLabel {
    /// Whose it is.
    pub account: AccountId,
    /// Which it is.
    pub name: SecretName,
}

/// A secret, sealed. Nothing of it can be read without the master key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// The master key that its own key is sealed under.
    pub master_key: MasterKeyId,
    /// Its own key, sealed.
    pub key: Vec<u8>,
    /// The secret, sealed under its own key.
    pub secret: Vec<u8>,
}

/// That secrets were sealed under another master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Those that they were sealed under.
    pub from: BTreeSet<MasterKeyId>,
    /// The one that they are sealed under.
    pub to: MasterKeyId,
    /// How many they are.
    pub secrets: u64,
}

impl MasterKeyId {
    /// Hexadecimal digits of an id.
    const LENGTH: usize = 16;

    /// An id that was stored: 16 hexadecimal digits.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        (id.len() == Self::LENGTH && id.bytes().all(digit)).then(|| Self(id.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SecretName {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::ApiKeyHash, Self::AuditChain, Self::VaultKey];

    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiKeyHash => "api_key_hash",
            Self::AuditChain => "audit_chain",
            Self::VaultKey => "vault_key",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|secret| secret.name() == name)
    }
}

impl SecretLabel {
    /// An account's credentials for the vault.
    #[must_use]
    pub const fn vault_key(account: AccountId) -> Self {
        Self { account, name: SecretName::VaultKey }
    }

    /// What the digests of API keys are made with.
    pub const API_KEY_HASH: Self =
        Self { account: AccountId::DEFAULT, name: SecretName::ApiKeyHash };

    /// What the audit trail is sealed with.
    pub const AUDIT_CHAIN: Self =
        Self { account: AccountId::DEFAULT, name: SecretName::AuditChain };
}

impl fmt::Display for SecretLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of account {}", self.name.name(), self.account)
    }
}

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedSecret(under {})", self.master_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_told_by_sixteen_hexadecimal_digits() {
        let id = MasterKeyId::parse("0123456789abcdef").expect("an id");
        assert_eq!(id.to_string(), "0123456789abcdef");
        for wrong in ["", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdefa"] {
            assert_eq!(MasterKeyId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_found_by_its_name() {
        for secret in SecretName::ALL {
            assert_eq!(SecretName::from_name(secret.name()), Some(secret));
        }
    }
}
