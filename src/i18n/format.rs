//! Formats dates and times in both languages, with names from the message files.
//!
//! The browser's own formatter is not used: Chromium formats Welsh dates in English, and the
//! server has to produce the same text.

use contract::{
    Locale,
    time::{Date, Moment},
};

use super::{calendar, shop};

/// `Monday 8 February 2027`.
pub fn date(locale: Locale, date: Date) -> String {
    [weekday(locale, date), " ", &day_month(locale, date), " ", &date.year().to_string()].concat()
}

/// `8 February 2027`, where the weekday does not matter.
pub fn short_date(locale: Locale, date: Date) -> String {
    [&day_month(locale, date), " ", &date.year().to_string()].concat()
}

/// `8 to 14 February 2027`, naming each month and year only where they differ.
pub fn date_range(locale: Locale, from: Date, to: Date) -> String {
    let start = if (from.year(), from.month()) == (to.year(), to.month()) {
        from.day().to_string()
    } else if from.year() == to.year() {
        day_month(locale, from)
    } else {
        short_date(locale, from)
    };
    calendar::range(locale, &start, &short_date(locale, to))
}

/// `7pm`, `6:30pm`, `midday` or `midnight`, in UK time.
pub fn time(locale: Locale, moment: &Moment) -> String {
    let (hour, minute) = (moment.uk_minute / 60, moment.uk_minute % 60);
    match (hour, minute) {
        (0, 0) => return calendar::midnight(locale).to_owned(),
        (12, 0) => return calendar::midday(locale).to_owned(),
        _ => {}
    }
    let half = if hour < 12 { calendar::am(locale) } else { calendar::pm(locale) };
    let mut clock = ((hour + 11) % 12 + 1).to_string();
    if minute > 0 {
        clock.push(':');
        if minute < 10 {
            clock.push('0');
        }
        clock.push_str(&minute.to_string());
    }
    clock + half
}

/// `£7.50`, or the word for free.
pub fn price(locale: Locale, pence: impl Into<u64>) -> String {
    match pence.into() {
        0 => shop::free(locale).to_owned(),
        pence => pounds(pence),
    }
}

/// An amount that is not a price, such as `£1,200.00`; zero is `£0.00`.
pub fn pounds(pence: u64) -> String {
    let rest = (pence % 100).to_string();
    let nought = if rest.len() < 2 { "0" } else { "" };
    ["£", &number(pence / 100), ".", nought, &rest].concat()
}

/// A whole number with a comma between thousands: `10,000`.
pub fn number(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `340 g`, or `6.2 kg` from a kilogram.
pub fn weight(locale: Locale, grams: u32) -> String {
    if grams < 1000 {
        return shop::grams(locale, &grams.to_string());
    }
    // The leading 1 keeps the zeros after the decimal point.
    let rest = (1000 + grams % 1000).to_string();
    let rest = rest[1..].trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    shop::kilograms(locale, &[&number(grams / 1000), point, rest].concat())
}

/// `8 February`.
pub fn day_month(locale: Locale, date: Date) -> String {
    [&date.day().to_string(), " ", month(locale, date)].concat()
}

/// The name of the date's weekday.
pub fn weekday(locale: Locale, date: Date) -> &'static str {
    let name = match date.weekday() {
        0 => calendar::monday,
        1 => calendar::tuesday,
        2 => calendar::wednesday,
        3 => calendar::thursday,
        4 => calendar::friday,
        5 => calendar::saturday,
        _ => calendar::sunday,
    };
    name(locale)
}

/// The name of the date's month.
pub fn month(locale: Locale, date: Date) -> &'static str {
    let name = match date.month() {
        1 => calendar::january,
        2 => calendar::february,
        3 => calendar::march,
        4 => calendar::april,
        5 => calendar::may,
        6 => calendar::june,
        7 => calendar::july,
        8 => calendar::august,
        9 => calendar::september,
        10 => calendar::october,
        11 => calendar::november,
        _ => calendar::december,
    };
    name(locale)
}

#[cfg(test)]
mod tests {
    use super::{date, date_range, number, price, time, weight};
    use contract::{
        Locale::{Cy, En},
        time::{Date, Moment},
    };

    fn day(text: &str) -> Date {
        text.parse().expect("a real date")
    }

    fn at(uk_minute: u16) -> Moment {
        Moment { utc: String::new(), uk_date: day("2027-02-08"), uk_minute }
    }

    #[test]
    fn dates_are_written_in_the_page_s_language() {
        assert_eq!(date(En, day("2027-02-08")), "Monday 8 February 2027");
        assert_eq!(date(Cy, day("2027-02-08")), "Dydd Llun 8 Chwefror 2027");
    }

    #[test]
    fn prices_have_two_figures_for_pence() {
        assert_eq!(
            [750u32, 65, 5, 120_000].map(|pence| price(En, pence)),
            ["£7.50", "£0.65", "£0.05", "£1,200.00"]
        );
        assert_eq!([En, Cy].map(|locale| price(locale, 0u32)), ["Free", "Am ddim"]);
    }

    #[test]
    fn thousands_are_separated_by_commas() {
        assert_eq!(
            [0u32, 7, 999, 1000, 10_000, 123_456, 1_234_567].map(number),
            ["0", "7", "999", "1,000", "10,000", "123,456", "1,234,567"]
        );
    }

    #[test]
    fn weights_from_a_kilogram_are_in_kilograms() {
        assert_eq!(
            [5, 999, 1000, 1050, 6200, 12_005].map(|grams| weight(En, grams)),
            ["5 g", "999 g", "1 kg", "1.05 kg", "6.2 kg", "12.005 kg"]
        );
        assert_eq!(weight(Cy, 6200), "6.2 kg");
    }

    #[test]
    fn a_range_names_month_and_year_once_where_they_agree() {
        assert_eq!(date_range(En, day("2027-02-08"), day("2027-02-14")), "8 to 14 February 2027");
        assert_eq!(date_range(En, day("2027-01-30"), day("2027-02-05")), "30 January to 5 February 2027");
        assert_eq!(date_range(Cy, day("2026-12-28"), day("2027-01-03")), "28 Rhagfyr 2026 i 3 Ionawr 2027");
    }

    #[test]
    fn times_are_in_12_hour_format() {
        let times =
            |locale| [0, 5, 9 * 60, 12 * 60, 12 * 60 + 30, 19 * 60].map(|minute| time(locale, &at(minute)));
        assert_eq!(times(En), ["midnight", "12:05am", "9am", "midday", "12:30pm", "7pm"]);
        assert_eq!(times(Cy), ["hanner nos", "12:05yb", "9yb", "hanner dydd", "12:30yh", "7yh"]);
    }
}
