//! The time of an event, in words.

use contract::{
    Locale,
    events::EventSummary,
    time::{Date, Moment},
};

use crate::i18n::{events as t, format};

/// The time of an event in UK time: `Monday 8 February 2027, 7pm to 8pm`, or
/// `Friday 12 February 2027, all day`.
pub(super) fn event_time(event: &EventSummary, locale: Locale) -> String {
    let EventSummary { starts, ends, last_day, all_day, .. } = event;
    if !all_day {
        return time_range(starts, ends, *last_day, locale);
    }
    let days = if starts.uk_date == *last_day {
        format::date(locale, *last_day)
    } else {
        format::date_range(locale, starts.uk_date, *last_day)
    };
    [&days, ", ", t::all_day(locale)].concat()
}

/// The range between two moments; `last_day` is the date of the end, or the day before if it
/// ends at midnight.
pub(super) fn time_range(starts: &Moment, ends: &Moment, last_day: Date, locale: Locale) -> String {
    let [from, to] = [starts, ends].map(|moment| format::time(locale, moment));
    let first = format::date(locale, starts.uk_date);
    if starts.uk_date == last_day {
        return [&first, ", ", &t::from_to(locale, &from, &to)].concat();
    }
    let last = format::date(locale, ends.uk_date);
    t::across(locale, &[&first, ", ", &from].concat(), &[&last, ", ", &to].concat())
}

#[cfg(test)]
mod tests {
    use contract::{
        Locale::{Cy, En},
        time::{Date, Moment},
    };

    use super::time_range;

    fn at(day: &str, uk_minute: u16) -> Moment {
        Moment { utc: String::new(), uk_date: date(day), uk_minute }
    }

    fn date(text: &str) -> Date {
        text.parse().expect("a real date")
    }

    #[test]
    fn a_time_range_within_a_day_names_it_once() {
        let start = at("2027-02-08", 19 * 60);
        let evening = time_range(&start, &at("2027-02-08", 20 * 60 + 30), date("2027-02-08"), En);
        assert_eq!(evening, "Monday 8 February 2027, 7pm to 8:30pm");
        let until_midnight = time_range(&start, &at("2027-02-09", 0), date("2027-02-08"), Cy);
        assert_eq!(until_midnight, "Dydd Llun 8 Chwefror 2027, 7yh tan hanner nos");
        let night = time_range(&start, &at("2027-02-09", 6 * 60), date("2027-02-09"), En);
        assert_eq!(night, "Monday 8 February 2027, 7pm to Tuesday 9 February 2027, 6am");
        let welsh_night = time_range(&start, &at("2027-02-09", 6 * 60), date("2027-02-09"), Cy);
        assert_eq!(
            welsh_night,
            "Dechrau: Dydd Llun 8 Chwefror 2027, 7yh. Gorffen: Dydd Mawrth 9 Chwefror 2027, 6yb"
        );
    }
}
