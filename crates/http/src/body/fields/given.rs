//! Fields of which it matters whether they are there at all.

use serde_json::Value;

use super::Fields;

impl Fields<'_> {
    /// What this makes of a member, null too, where it is there.
    #[expect(clippy::option_option, reason = "absent and wrong are two things")]
    pub(crate) fn given<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<Option<T>> {
        match self.once(field)?.map(parse).transpose() {
            Ok(parsed) => Some(parsed),
            Err(problem) => {
                self.problem(field, problem);
                None
            }
        }
    }

    /// Refuses other members than these. Their names are not repeated: they might be values.
    pub(crate) fn only(&mut self, names: &[&str]) {
        if !self.members.are_all_of(names) {
            self.problem("The body", format!("takes {}, and nothing else", names.join(", ")));
        }
    }
}
