//! Dates and times in the API.
//!
//! Calendar arithmetic that needs time zones stays on the server. This module can only name a
//! day, because no date library fits the app's size budget.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar, serialised as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The date, if it exists in the calendar.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let real = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        real.then_some(Self { year, month, day })
    }

    /// The year, such as 2027.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day of the week, 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        // Tomohiko Sakamoto's table: the offset of each month's first day.
        const SHIFT: [u16; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = if self.month < 3 { self.year - 1 } else { self.year };
        let shift = SHIFT[usize::from(self.month) - 1];
        let sunday_first = (year + year / 4 - year / 100 + year / 400 + shift + u16::from(self.day)) % 7;
        u8::try_from((sunday_first + 6) % 7).unwrap_or_default()
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The error for a text that is not a date in the form `YYYY-MM-DD`.
#[derive(Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a date such as 2027-02-08")
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(InvalidDate);
        }
        let (year, rest) = text.split_once('-').ok_or(InvalidDate)?;
        let (month, day) = rest.split_once('-').ok_or(InvalidDate)?;
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(InvalidDate);
        }
        let year = year.parse().map_err(|_| InvalidDate)?;
        let month = month.parse().map_err(|_| InvalidDate)?;
        let day = day.parse().map_err(|_| InvalidDate)?;
        if year == 0 {
            return Err(InvalidDate);
        }
        Self::new(year, month, day).ok_or(InvalidDate)
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Date {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Date {}

/// A moment: the UTC instant, and the UK's local time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moment {
    /// The instant in UTC, such as `2027-02-08T19:00:00Z`.
    pub utc: String,
    /// The date in the United Kingdom.
    pub uk_date: Date,
    /// Minutes since midnight in UK local time, 0 to 1439.
    pub uk_minute: u16,
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn invalid_dates_are_rejected() {
        for text in [
            "2027-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-1-1",
            "27-01-01",
            "0000-01-01",
            "",
            "2027-02-08T",
            "+027-02-08",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!("2028-02-29".parse::<Date>().map(|date| date.to_string()), Ok("2028-02-29".into()));
    }

    #[test]
    fn weekdays_count_from_monday() {
        for (text, weekday) in
            [("2027-02-08", 0), ("2027-02-14", 6), ("2024-02-29", 3), ("2000-01-01", 5), ("2026-11-22", 6)]
        {
            let date: Date = text.parse().expect("a real date");
            assert_eq!(date.weekday(), weekday, "{text}");
        }
    }
}
