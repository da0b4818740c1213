use cardlift_core::page::Page;
use cardlift_core::ports::StoreError;

/// A page of the domain, from its rows and the number of rows on all pages.
///
/// # Errors
/// [`Corrupt`](cardlift_core::ports::StoreErrorKind::Corrupt) for a row that is none.
pub fn page<Row, T: TryFrom<Row, Error = StoreError>>(
    rows: Vec<Row>,
    total: i64,
) -> Result<Page<T>, StoreError> {
    let items = rows.into_iter().map(T::try_from).collect::<Result<_, _>>()?;
    Ok(Page { items, total: u64::try_from(total).unwrap_or_default() })
}
