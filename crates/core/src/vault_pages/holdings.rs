use crate::ports::{Holding, VaultError, VaultPage};

/// What a customer of the vault holds of a kind, page by page.
#[derive(Debug, Clone, Default)]
pub struct HoldingPages {
    holdings: Vec<Holding>,
    is_ended: bool,
    /// Whether the place to go on from was gone once. That it is gone again is not believed: the
    /// list would be read for ever.
    began_again: bool,
}

impl HoldingPages {
    /// After which holding the next page is to be asked for.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.holdings.last().map(|holding| holding.id.as_str())
    }

    /// Whether there is nothing more to ask for.
    #[must_use]
    pub const fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// What was read so far.
    #[must_use]
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// The same, from the newest on.
    #[must_use]
    pub fn into_holdings(self) -> Vec<Holding> {
        self.holdings
    }

    /// Takes what the vault answered to that.
    ///
    /// # Errors
    /// The error of the vault, but for one that may say that the holding to go on after is gone: it
    /// begins again at the top then.
    pub fn take(
        &mut self,
        answer: Result<VaultPage<Holding>, VaultError>,
    ) -> Result<(), VaultError> {
        match answer {
            Ok(VaultPage { items, more }) => {
                self.is_ended = !more || items.is_empty();
                self.holdings.extend(items);
                Ok(())
            }
            Err(VaultError::CardNotFound { .. } | VaultError::Refused { .. })
                if !self.holdings.is_empty() && !self.began_again =>
            {
                (self.holdings, self.began_again) = (Vec::new(), true);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::HoldingContent;

    fn page(ids: &[&str], more: bool) -> VaultPage<Holding> {
        let holding = |id: &&str| Holding { id: (*id).into(), content: HoldingContent::Unreadable };
        VaultPage { items: ids.iter().map(holding).collect(), more }
    }

    fn gone() -> Result<VaultPage<Holding>, VaultError> {
        Err(VaultError::CardNotFound { message: "No such source".into() })
    }

    fn ids(pages: &HoldingPages) -> Vec<&str> {
        pages.holdings().iter().map(|holding| holding.id.as_str()).collect()
    }

    #[test]
    fn it_goes_on_after_the_last_until_there_is_no_more() {
        let mut pages = HoldingPages::default();
        assert_eq!((pages.after(), pages.is_ended()), (None, false));
        pages.take(Ok(page(&["card_3", "card_2"], true))).expect("taken");
        assert_eq!((pages.after(), pages.is_ended()), (Some("card_2"), false));
        pages.take(Ok(page(&["card_1"], false))).expect("taken");
        assert!(pages.is_ended());
        assert_eq!(ids(&pages), ["card_3", "card_2", "card_1"]);
    }

    #[test]
    fn where_the_last_is_gone_it_begins_again_once() {
        let mut pages = HoldingPages::default();
        assert!(pages.take(gone()).is_err(), "there is no place that could be gone");
        pages.take(Ok(page(&["card_3", "card_2"], true))).expect("taken");
        pages.take(gone()).expect("it begins again");
        assert_eq!((pages.after(), pages.is_ended()), (None, false));
        pages.take(Ok(page(&["card_3", "card_1"], true))).expect("taken");
        assert_eq!(ids(&pages), ["card_3", "card_1"]);
        assert!(pages.take(gone()).is_err());
    }
}
