//! Retention periods of personal data. This table is authoritative: the job in `retention.rs`
//! uses it, and a test checks that `docs/retention.md` and the privacy page agree with it.

use jiff::{Timestamp, ToSpan as _, civil};

use crate::clock;

/// Data that is removed at the end of its retention period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// Personal data in quotes and unpaid orders.
    ForgottenOrders,
    /// Membership numbers.
    Memberships,
    /// Email address, phone number and delivery address of an order.
    Addresses,
    /// Codes that approve an order.
    ApprovalCodes,
    /// The record of an email that was sent.
    SentMails,
    /// The record of an email that was given up.
    UnsentMails,
    /// The remaining personal data in an order, and the branch.
    Accounts,
}

/// How long data is kept after the last event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    Days(i64),
    Months(i64),
    /// After the end of the tax year, on 5 April.
    TaxYears(i64),
}

/// The number of years after the tax year for which the law requires accounts to be kept.
const ACCOUNT_YEARS: i64 = 6;

/// All periods, in the order of the job and the privacy page.
pub(crate) const TABLE: [(Data, Period, &str); 7] = [
    (Data::ForgottenOrders, Period::Days(90), "expired quotes, and orders that were cancelled or never paid"),
    (Data::Memberships, Period::Days(30), "membership numbers of finished orders"),
    (
        Data::Addresses,
        Period::Months(12),
        "email addresses, phone numbers and delivery addresses of finished orders",
    ),
    (Data::ApprovalCodes, Period::Days(30), "approval codes"),
    (Data::SentMails, Period::Days(90), "recipients and subjects of sent emails"),
    (Data::UnsentMails, Period::Days(30), "emails that could not be sent"),
    (
        Data::Accounts,
        Period::TaxYears(ACCOUNT_YEARS),
        "sales records, with branches and the names on invoices and credit notes",
    ),
];

impl Period {
    /// Data whose last event was before this time has reached the end of its period.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        let today = clock::uk_date(now);
        let day = match self {
            Self::Days(days) => today.saturating_sub(days.days()),
            Self::Months(months) => today.saturating_sub(months.months()),
            Self::TaxYears(years) => tax_year_start(today.saturating_sub(years.years())),
        };
        clock::uk_midnight(clock::wire_date(day))
    }
}

/// The last day on which accounts of an event at this moment are kept.
pub(crate) fn accounts_end(at: Timestamp) -> civil::Date {
    let start = tax_year_start(clock::uk_date(at));
    start.saturating_add((ACCOUNT_YEARS + 1).years()).saturating_sub(1.day())
}

/// The 6 April on which the tax year of a day starts.
fn tax_year_start(day: civil::Date) -> civil::Date {
    let start = civil::date(day.year(), 4, 6);
    if day < start { start.saturating_sub(1.year()) } else { start }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use contract::Locale;
    use jiff::Timestamp;

    use super::{Period, TABLE, accounts_end};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    impl Period {
        /// The period in words.
        fn written(self, locale: Locale) -> String {
            match (self, locale) {
                (Self::Days(days), Locale::En) => format!("{days} days"),
                (Self::Days(days), Locale::Cy) => format!("{days} diwrnod"),
                (Self::Months(months), Locale::En) => format!("{months} months"),
                (Self::Months(months), Locale::Cy) => format!("{months} mis"),
                (Self::TaxYears(years), Locale::En) => format!("{years} years"),
                (Self::TaxYears(years), Locale::Cy) => format!("{years} blynedd"),
            }
        }
    }

    fn file(name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
        fs::read_to_string(path).expect("a file")
    }

    #[test]
    fn retention_period_ends_at_uk_midnight() {
        let noon = at("2027-06-01T11:00:00Z");
        assert_eq!(Period::Days(30).before(noon), at("2027-05-01T23:00:00Z"));
        assert_eq!(Period::Months(12).before(noon), at("2026-05-31T23:00:00Z"));
        // The day ends at midnight UK time, which is not midnight UTC.
        assert_eq!(Period::Days(30).before(at("2027-05-31T23:30:00Z")), at("2027-05-01T23:00:00Z"));
    }

    #[test]
    fn accounts_are_kept_six_years_after_the_tax_year() {
        for (happened, last_day) in [
            ("2026-11-22T12:00:00Z", "2033-04-05"),
            ("2027-04-05T22:59:59Z", "2033-04-05"),
            ("2027-04-05T23:00:00Z", "2034-04-05"),
        ] {
            let happened = at(happened);
            let end = accounts_end(happened);
            assert_eq!(end.to_string(), last_day);
            let period = Period::TaxYears(6);
            assert!(period.before(at(&format!("{last_day}T12:00:00Z"))) <= happened, "kept on the last day");
            let next = end.tomorrow().expect("a day");
            assert!(period.before(at(&format!("{next}T12:00:00Z"))) > happened, "removed on the next");
        }
    }

    #[test]
    fn documentation_lists_the_same_periods() {
        let text = file("docs/retention.md");
        let rows = text.lines().filter(|line| line.starts_with("| ")).skip(2);
        let rows: Vec<Vec<&str>> = rows.map(|row| row.split('|').map(str::trim).collect()).collect();
        assert_eq!(rows.len(), TABLE.len());
        for (row, (_, period, what)) in rows.iter().zip(TABLE) {
            assert_eq!((row[1], row[2]), (what, &*period.written(Locale::En)));
        }
    }

    #[test]
    fn privacy_page_lists_the_same_periods() {
        let page: toml::Table = file("content/pages/privacy.toml").parse().expect("TOML");
        for (locale, heading) in
            [(Locale::En, "## How long we keep it"), (Locale::Cy, "## Am ba hyd rydyn ni’n ei gadw")]
        {
            let text = page[locale.tag()]["html"].as_str().expect("a text");
            let (_, section) = text.split_once(heading).expect(heading);
            let section = section.split("\n## ").next().unwrap_or_default();
            let items: Vec<&str> = section.lines().filter(|line| line.starts_with("- ")).collect();
            assert_eq!(items.len(), TABLE.len(), "{items:?}");
            for (item, (_, period, what)) in items.iter().zip(TABLE) {
                assert!(item.contains(&period.written(locale)), "{what}: {item}");
            }
        }
    }
}
