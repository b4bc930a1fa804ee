//! Pagination parameters for lists in the API.

use contract::pairs;

use crate::error::ApiError;

/// The requested page of a list.
pub(crate) struct Paging {
    /// The maximum number of entries.
    pub(crate) limit: usize,
    /// The page number, starting at 1; 1 if a cursor is given.
    pub(crate) page: usize,
    /// The slug of the last entry of the previous page.
    pub(crate) cursor: Option<String>,
}

impl Paging {
    /// Reads the parameters from a query string: `limit` is the default page size, `most` the
    /// maximum, and `last_page` the highest page number.
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

    /// The number of entries on earlier pages.
    pub(crate) fn skipped(&self) -> usize {
        (self.page - 1) * self.limit
    }

    /// The number of pages for this number of entries.
    pub(crate) fn pages(&self, total: u32) -> u32 {
        total.div_ceil(u32::try_from(self.limit).unwrap_or(u32::MAX))
    }

    /// The error for an unknown cursor.
    pub(crate) fn lost() -> ApiError {
        ApiError::invalid(
            "cursor",
            "Use the `next` value from the previous response, or omit it to start again.",
        )
    }
}
