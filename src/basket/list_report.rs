//! The result of importing a list, in words.

use contract::{
    Locale,
    orders::{MAX_LINES, MAX_QUANTITY},
};
use leptos::prelude::*;

use super::{
    line_error::LineError,
    list_import::{ImportResult, RejectedLines},
    list_parser::InvalidLine,
    quantity::quantity_error,
};
use crate::i18n::{basket as t, use_locale};

/// The result of importing a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The shop is unreachable.
    ShopUnreachable,
    /// The file could not be read.
    UnreadableFile,
    Imported(ImportResult),
}

/// What was added, what was not, and why.
#[component]
pub(super) fn ListReport(report: Report) -> impl IntoView {
    let locale = use_locale();
    let result = match report {
        Report::ShopUnreachable => return view! { <p>{t::no_prices_hint(locale)}</p> }.into_any(),
        Report::UnreadableFile => return view! { <p>{t::bulk_unreadable(locale)}</p> }.into_any(),
        Report::Imported(result) => result,
    };
    let error_count = result.error_count();
    if result.added == 0 && error_count + result.not_stored.len() == 0 {
        return view! { <p>{t::bulk_empty(locale)}</p> }.into_any();
    }
    let added = if result.not_stored.is_empty() {
        t::bulk_added(locale, result.added)
    } else {
        t::not_stored(locale).to_owned()
    };
    let failed = (error_count > 0).then(|| {
        let lists = result.rejected.into_iter();
        let lists = lists.map(|list| view! { <RejectedLinesList list/> }).collect_view();
        view! {
            <p>{t::bulk_failed(locale, u32::try_from(error_count).unwrap_or(u32::MAX))}</p>
            <ul>{lists}</ul>
        }
    });
    view! {
        <p>{added}</p>
        {failed}
    }
    .into_any()
}

/// The lines that were not added, each with its error.
#[component]
fn RejectedLinesList(list: RejectedLines) -> impl IntoView {
    let locale = use_locale();
    let RejectedLines { file, invalid, unknown, .. } = list;
    let failed = invalid.into_iter().map(move |InvalidLine { number, text, error }| {
        let number = number.to_string();
        let place = match &file {
            Some(file) => t::bulk_file_line(locale, file, &number),
            None => t::bulk_line(locale, &number),
        };
        view! {
            <li>{place} " " <b>{text}</b> ": " {error_text(locale, error)}</li>
        }
    });
    let unknown = unknown.into_iter().map(|line| view! { <li>{t::unknown_code(locale, &line.sku)}</li> });
    view! {
        {failed.collect_view()}
        {unknown.collect_view()}
    }
}

fn error_text(locale: Locale, error: LineError) -> String {
    match error {
        LineError::Ambiguous => t::bulk_format(locale).to_owned(),
        LineError::InvalidQuantity => quantity_error(locale, MAX_QUANTITY),
        LineError::TooManyLines => t::bulk_too_many(locale, &MAX_LINES.to_string()),
    }
}
