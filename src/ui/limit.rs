//! The message of a page after a rate limit was reached.

use contract::Locale;
use serde::{Deserialize, Serialize};

use crate::{api, i18n::errors as t};

/// A rate limit was reached. The server provides it as context while it renders the response
/// to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitReached {
    /// Whether the limit counts all requests of a network.
    pub by_network: bool,
    /// The time to wait, in seconds.
    pub retry_after_seconds: u32,
}

impl LimitReached {
    /// What happened, and what to do.
    pub(crate) fn text(self, locale: Locale) -> String {
        let what = if self.by_network { t::too_many_from_network(locale) } else { t::too_many(locale) };
        [what, " ", &self.wait(locale)].concat()
    }

    /// What to do.
    pub(crate) fn wait(self, locale: Locale) -> String {
        let minutes = self.retry_after_seconds.div_ceil(60);
        if minutes <= 90 {
            t::wait_minutes(locale, minutes)
        } else {
            t::wait_hours(locale, minutes.div_ceil(60))
        }
    }
}

/// The message about a rate limit on a page that answers a form. Call it in the body of the
/// page's component.
pub(crate) fn limit_text(locale: Locale) -> Option<String> {
    let limit: LimitReached = api::from_server()?;
    crate::render::set_status(429);
    Some(limit.text(locale))
}

#[cfg(test)]
mod tests {
    use super::LimitReached;
    use contract::Locale::{Cy, En};

    #[test]
    fn waiting_times_are_in_minutes_or_hours() {
        let wait =
            |retry_after_seconds, locale| LimitReached { by_network: true, retry_after_seconds }.wait(locale);
        assert_eq!(wait(1, En), "Wait 1 minute, then try again.");
        assert_eq!(wait(3600, En), "Wait 60 minutes, then try again.");
        assert_eq!(wait(5401, En), "Wait 2 hours, then try again.");
        assert_eq!(wait(61, Cy), "Arhoswch 2 funud, yna rhowch gynnig arall arni.");
        assert_eq!(wait(86_280, Cy), "Arhoswch 24 awr, yna rhowch gynnig arall arni.");
    }
}
