//! Pages of lists.

/// Which page of a list is wanted. Pages count from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    number: u32,
    size: u32,
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortOrder {
    /// From the smallest, or oldest.
    #[default]
    Ascending,
    /// From the greatest, or newest.
    Descending,
}

impl SortOrder {
    /// From the other end.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: u64,
}

impl PageRequest {
    /// How many a page has at most.
    pub const LARGEST: u32 = 1_000;
    /// How many a page has unless told otherwise.
    pub const USUAL: u32 = 100;

    /// The page of this number and size, where there can be one: a size of 1 to
    /// [`LARGEST`](Self::LARGEST).
    #[must_use]
    pub fn new(number: u32, size: u32) -> Option<Self> {
        (1..=Self::LARGEST).contains(&size).then_some(Self { number, size })
    }

    /// Its number, from zero.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// How many it has at most.
    #[must_use]
    pub const fn size(self) -> u32 {
        self.size
    }

    /// How many come before it.
    #[must_use]
    pub fn offset(self) -> i64 {
        // At most 2^32 times 1,000: it fits.
        i64::from(self.number) * i64::from(self.size)
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { number: 0, size: Self::USUAL }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_to_a_thousand_items() {
        assert_eq!(PageRequest::new(0, 0), None);
        assert_eq!(PageRequest::new(0, 1_001), None);
        let last = PageRequest::new(u32::MAX, 1_000).expect("a page");
        assert_eq!(last.offset(), 4_294_967_295_000);
    }
}
