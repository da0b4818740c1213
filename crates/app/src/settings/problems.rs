//! What is wrong with the settings.

use std::fmt;

use crate::failure::Failure;

/// Everything that is wrong with the settings. No value is repeated: it might be a secret.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Problems(Vec<String>);

impl Problems {
    /// Notes a problem with this setting.
    pub(crate) fn add(&mut self, name: &str, problem: impl fmt::Display) {
        self.0.push(format!("{name}: {problem}"));
    }

    /// Notes the problem, where there is one.
    pub(crate) fn take<T, E: fmt::Display>(
        &mut self,
        name: &str,
        result: Result<T, E>,
    ) -> Option<T> {
        result.map_err(|problem| self.add(name, problem)).ok()
    }

    /// Each problem, in a line.
    pub(crate) fn lines(&self) -> &[String] {
        &self.0
    }

    /// The settings, where nothing is wrong with them.
    pub(crate) fn or<T>(self, settings: Option<T>) -> Result<T, Failure> {
        match settings {
            Some(settings) if self.0.is_empty() => Ok(settings),
            _ => Err(Failure::Settings(self)),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let what = if count == 1 { "a setting is" } else { "settings are" };
        if count == 1 {
            writeln!(f, "error: {what} wrong")?;
        } else {
            writeln!(f, "error: {count} {what} wrong")?;
        }
        self.0.iter().try_for_each(|problem| writeln!(f, "  {problem}"))?;
        writeln!(f, "`cardlift help` lists the settings of each command.")
    }
}
