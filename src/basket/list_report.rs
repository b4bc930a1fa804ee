//! The result of importing a list, in words.

use contract::{
    Locale,
    orders::{MAX_LINES, MAX_QUANTITY},
};
use leptos::prelude::*;

use super::{
    list_import::{NotAdded, Outcome},
    pasted::{FailedLine, PastedError},
    quantity::quantity_error,
};
use crate::i18n::{basket as t, use_locale};

/// The result of importing a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// The shop is unreachable.
    NoPrices,
    /// The file could not be read.
    Unreadable,
    Done(Outcome),
}

/// What was added, what was not, and why.
#[component]
pub(super) fn ListReport(report: Report) -> impl IntoView {
    let locale = use_locale();
    let outcome = match report {
        Report::NoPrices => return view! { <p>{t::no_prices_hint(locale)}</p> }.into_any(),
        Report::Unreadable => return view! { <p>{t::many_unreadable(locale)}</p> }.into_any(),
        Report::Done(outcome) => outcome,
    };
    let wrong = outcome.wrong();
    if outcome.added == 0 && wrong + outcome.not_stored.len() == 0 {
        return view! { <p>{t::many_nothing(locale)}</p> }.into_any();
    }
    let added = if outcome.not_stored.is_empty() {
        t::many_added(locale, outcome.added)
    } else {
        t::not_kept(locale).to_owned()
    };
    let failed = (wrong > 0).then(|| {
        let lists = outcome.not_added.into_iter();
        let lists = lists.map(|list| view! { <NotAddedLines list/> }).collect_view();
        view! {
            <p>{t::many_failed(locale, u32::try_from(wrong).unwrap_or(u32::MAX))}</p>
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
fn NotAddedLines(list: NotAdded) -> impl IntoView {
    let locale = use_locale();
    let NotAdded { file, pasted } = list;
    let failed = pasted.failed.into_iter().map(move |FailedLine { number, text, error }| {
        let number = number.to_string();
        let place = match &file {
            Some(file) => t::many_file_line(locale, file, &number),
            None => t::many_line(locale, &number),
        };
        view! {
            <li>{place} " " <b>{text}</b> ": " {error_text(locale, error)}</li>
        }
    });
    let unknown = pasted.lines.into_iter().map(|line| view! { <li>{t::unknown(locale, &line.sku)}</li> });
    view! {
        {failed.collect_view()}
        {unknown.collect_view()}
    }
}

fn error_text(locale: Locale, error: PastedError) -> String {
    match error {
        PastedError::Form => t::many_form(locale).to_owned(),
        PastedError::Quantity => quantity_error(locale, MAX_QUANTITY),
        PastedError::TooMany => t::many_too_many(locale, &MAX_LINES.to_string()),
    }
}
