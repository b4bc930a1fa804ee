//! The parameters that every list of the API takes.

use contract::pairs;

use crate::error::ApiError;

/// Which part of a list is asked for.
pub(crate) struct Paging {
    /// How many entries.
    pub(crate) limit: usize,
    /// The page, from 1; 1 where a cursor is given.
    pub(crate) page: usize,
    /// What the entries come after: the slug of the last one before.
    pub(crate) cursor: Option<String>,
}

impl Paging {
    /// Reads them from a query: `limit` entries unless it says otherwise, `most`
    /// at most, pages up to `last_page`.
    pub(crate) fn read(query: &str, limit: u32, most: u32, last_page: u32) -> Result<Self, ApiError> {
        let number = |field, value: &str, most: u32| {
            let number = value.parse::<u32>().ok().filter(|number| (1..=most).contains(number));
            let refused = || ApiError::invalid(field, format!("Use a number from 1 to {most}."));
            number.map(|number| number as usize).ok_or_else(refused)
        };
        let mut paging = Self { limit: limit as usize, page: 1, cursor: None };
        let mut paged = false;
        for (name, value) in pairs(query) {
            match name.as_str() {
                "limit" => paging.limit = number("limit", &value, most)?,
                "page" => {
                    paging.page = number("page", &value, last_page)?;
                    paged = true;
                }
                "cursor" if !value.is_empty() => paging.cursor = Some(value),
                _ => {}
            }
        }
        if paged && paging.cursor.is_some() {
            return Err(ApiError::invalid("cursor", "Use page or cursor, not both."));
        }
        Ok(paging)
    }

    /// How many entries stand on pages before this one.
    pub(crate) fn skipped(&self) -> usize {
        (self.page - 1) * self.limit
    }

    /// How many pages so many entries fill.
    pub(crate) fn pages(&self, total: u32) -> u32 {
        total.div_ceil(u32::try_from(self.limit).unwrap_or(u32::MAX))
    }

    /// A cursor that leads nowhere.
    pub(crate) fn lost() -> ApiError {
        ApiError::invalid(
            "cursor",
            "Use the `next` value from the previous response, or omit it to start again.",
        )
    }
}
