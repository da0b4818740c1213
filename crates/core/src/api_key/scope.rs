//! What a key may be used for.

use std::fmt;

use thiserror::Error;

/// What an operation is, as far as keys are told apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Brings cards and bank accounts in, one by one or in jobs.
    Import,
    /// Reads what the account has.
    Read,
    /// Changes customers and payment methods.
    Manage,
    /// Sets up accounts and keys: the operator's, above all accounts.
    Admin,
}

impl Scope {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Import, Self::Read, Self::Manage, Self::Admin];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Read => "read",
            Self::Manage => "manage",
            Self::Admin => "admin",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Import => 1,
            Self::Read => 2,
            Self::Manage => 4,
            Self::Admin => 8,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// All that a key may be used for: one scope or more. As text, `import,read`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

/// A text that names no scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("scopes are one or more of import, read, manage and admin, with commas between")]
pub struct InvalidScopes;

impl Scopes {
    /// Parses names with commas between, in any order.
    pub fn parse(text: &str) -> Result<Self, InvalidScopes> {
        Self::named(text.split(',').map(str::trim))
    }

    /// Those of these names, in any order.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidScopes> {
        let mut bits = 0;
        for name in names {
            bits |= Scope::from_name(name).ok_or(InvalidScopes)?.bit();
        }
        if bits == 0 { Err(InvalidScopes) } else { Ok(Self(bits)) }
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }

    /// Whether this scope is one of them.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }
}

/// What a key may be used for unless told otherwise: all that there is to do for its account.
impl Default for Scopes {
    fn default() -> Self {
        Self(Scope::Import.bit() | Scope::Read.bit() | Scope::Manage.bit())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.iter().map(Scope::name).enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{name}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_shown_as_they_are_parsed() {
        let scopes = Scopes::parse("manage, import,import").expect("scopes");
        assert_eq!(scopes.to_string(), "import,manage");
        assert_eq!(Scopes::parse(&scopes.to_string()), Ok(scopes));
        let has = Scope::ALL.map(|scope| scopes.has(scope));
        assert_eq!(has, [true, false, true, false]);
    }

    #[test]
    fn unless_told_otherwise_a_key_may_do_all_but_the_operators() {
        assert_eq!(Scopes::default().to_string(), "import,read,manage");
    }

    #[test]
    fn what_names_no_scope_is_refused() {
        for wrong in ["", ",", "import,", "Import", "import read", "all"] {
            assert_eq!(Scopes::parse(wrong), Err(InvalidScopes), "{wrong}");
        }
        assert_eq!(Scopes::named([]), Err(InvalidScopes), "a key is for something");
        assert_eq!(Scopes::named(["import,read"]), Err(InvalidScopes));
    }
}
