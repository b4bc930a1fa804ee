//! The server's clock, and the UK's calendar.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use contract::{
    campaign::{Week, WeekState},
    time::{Date, Moment},
};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil, tz::TimeZone};

/// Tells the time. Tests can change it; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// The offset from the system's clock, in milliseconds.
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that starts at `start` and runs on from there.
    pub fn starting_at(start: Timestamp) -> Self {
        let clock = Self::default();
        clock.set(start);
        clock
    }

    /// Sets it to `now`.
    pub fn set(&self, now: Timestamp) {
        let ahead_ms = now.as_millisecond() - Timestamp::now().as_millisecond();
        self.ahead_ms.store(ahead_ms, Ordering::Relaxed);
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead_ms.load(Ordering::Relaxed));
        Timestamp::now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }
}

fn uk() -> TimeZone {
    TimeZone::get("Europe/London").expect("the time zone database is compiled in")
}

/// The day in the United Kingdom.
pub(crate) fn uk_date(at: Timestamp) -> civil::Date {
    uk().to_datetime(at).date()
}

/// The midnight that starts the UK's next day: when "days to go" changes.
pub(crate) fn next_uk_midnight(at: Timestamp) -> Timestamp {
    uk_date(at).saturating_add(1.day()).to_zoned(uk()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// Midnight at the start of a day in the United Kingdom.
pub(crate) fn uk_midnight(day: Date) -> Timestamp {
    civil_date(day).to_zoned(uk()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// Midnight at the end of a day in the United Kingdom.
pub(crate) fn midnight_after(day: Date) -> Timestamp {
    next_uk_midnight(uk_midnight(day))
}

/// Converts an instant for the API.
pub(crate) fn moment(at: Timestamp) -> Moment {
    let local = uk().to_datetime(at);
    let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
    Moment { utc: at.to_string(), uk_date: wire_date(local.date()), uk_minute: minute.unsigned_abs() }
}

/// Converts a date for the API.
pub(crate) fn wire_date(date: civil::Date) -> Date {
    Date::new(date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs())
        .expect("jiff's dates are real")
}

/// The hour until which an order is dispatched on the same day.
const LEAVES_UNTIL_HOUR: i8 = 14;

/// The date this number of working days after an order placed now is dispatched; there is no
/// dispatch or delivery on `closed` days and weekends.
pub(crate) fn working_days_after(at: Timestamp, days: u32, closed: &[Date]) -> Date {
    let local = uk().to_datetime(at);
    let mut day = local.date();
    let next = |day: civil::Date| {
        let mut day = day.saturating_add(1.day());
        while !is_working(day, closed) {
            day = day.saturating_add(1.day());
        }
        day
    };
    if !is_working(day, closed) || local.hour() >= LEAVES_UNTIL_HOUR {
        day = next(day);
    }
    for _ in 0..days {
        day = next(day);
    }
    wire_date(day)
}

/// The last working day before a day.
pub(crate) fn working_day_before(day: Date, closed: &[Date]) -> Date {
    let mut day = civil_date(day).saturating_sub(1.day());
    while !is_working(day, closed) {
        day = day.saturating_sub(1.day());
    }
    wire_date(day)
}

fn is_working(day: civil::Date, closed: &[Date]) -> bool {
    let weekend = matches!(day.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday);
    !weekend && !closed.iter().any(|own| civil_date(*own) == day)
}

/// Converts a date of the API to one for calendar arithmetic.
pub(crate) fn civil_date(date: Date) -> civil::Date {
    let [month, day] = [date.month(), date.day()].map(u8::cast_signed);
    civil::Date::new(date.year().cast_signed(), month, day).expect("the wire's dates are real")
}

/// The campaign week, relative to `today` in the UK.
pub(crate) fn week(starts_on: Date, ends_on: Date, today: civil::Date) -> Week {
    let days_from_start = today.duration_since(civil_date(starts_on)).as_hours() / 24;
    let state = if days_from_start < 0 {
        WeekState::Upcoming { days_to_go: u16::try_from(-days_from_start).unwrap_or(u16::MAX) }
    } else if today <= civil_date(ends_on) {
        WeekState::OnNow { day: u16::try_from(days_from_start + 1).unwrap_or(u16::MAX) }
    } else {
        WeekState::Over
    };
    Week { starts_on, ends_on, state }
}

#[cfg(test)]
mod tests {
    use super::{moment, next_uk_midnight, uk_date, week, working_day_before, working_days_after};
    use contract::campaign::WeekState::{OnNow, Over, Upcoming};
    use jiff::Timestamp;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn delivery_counts_working_days() {
        let closed = ["2026-12-25", "2026-12-28"].map(|day| day.parse().expect("a date"));
        for (ordered, days, arrives) in [
            ("2026-11-23T10:00:00Z", 0, "2026-11-23"),
            ("2026-11-23T10:00:00Z", 4, "2026-11-27"),
            ("2026-11-23T14:00:00Z", 4, "2026-11-30"),
            ("2026-11-22T10:00:00Z", 1, "2026-11-24"),
            ("2026-12-24T10:00:00Z", 1, "2026-12-29"),
            // Half past two in summer.
            ("2027-06-01T13:30:00Z", 1, "2027-06-03"),
        ] {
            assert_eq!(working_days_after(at(ordered), days, &closed).to_string(), arrives, "{ordered}");
        }
    }

    #[test]
    fn working_day_before_skips_closed_days() {
        let closed = ["2026-12-25", "2026-12-28"].map(|day| day.parse().expect("a date"));
        for (day, before) in
            [("2026-12-08", "2026-12-07"), ("2026-12-07", "2026-12-04"), ("2026-12-29", "2026-12-24")]
        {
            let day = day.parse().expect("a date");
            assert_eq!(working_day_before(day, &closed).to_string(), before, "{day}");
        }
    }

    #[test]
    fn week_follows_uk_dates() {
        let [monday, sunday] = ["2027-02-08", "2027-02-14"].map(|text| text.parse().expect("a date"));
        let state = |text| week(monday, sunday, uk_date(at(text))).state;
        assert_eq!(state("2026-11-22T12:00:00Z"), Upcoming { days_to_go: 78 });
        assert_eq!(state("2027-02-07T23:59:59Z"), Upcoming { days_to_go: 1 });
        assert_eq!(state("2027-02-08T00:00:00Z"), OnNow { day: 1 });
        assert_eq!(state("2027-02-14T23:59:59Z"), OnNow { day: 7 });
        assert_eq!(state("2027-02-15T00:00:00Z"), Over);
    }

    #[test]
    fn midnight_follows_summer_time() {
        assert_eq!(next_uk_midnight(at("2027-06-01T10:00:00Z")), at("2027-06-01T23:00:00Z"));
        assert_eq!(next_uk_midnight(at("2027-06-01T23:00:00Z")), at("2027-06-02T23:00:00Z"));
        assert_eq!(next_uk_midnight(at("2027-02-01T10:00:00Z")), at("2027-02-02T00:00:00Z"));
        let evening = moment(at("2027-06-01T18:00:00Z"));
        assert_eq!((evening.utc.as_str(), evening.uk_minute), ("2027-06-01T18:00:00Z", 19 * 60));
    }
}
