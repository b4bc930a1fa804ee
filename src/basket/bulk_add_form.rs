//! Adds many products at once, from pasted text or a file.

use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::{
    list_import::{ImportResult, ListSource, import_lists, read_file},
    list_report::{ListReport, Report},
    page_state::PageState,
};
use crate::i18n::basket as t;

/// The form for a list. Lines that could not be added stay in it, to be corrected.
#[component]
pub(super) fn BulkAddForm(page: PageState) -> impl IntoView {
    let locale = page.locale;
    let (area, file) = (NodeRef::<html::Textarea>::new(), NodeRef::<html::Input>::new());
    let report = RwSignal::new(None::<Report>);
    let is_busy = StoredValue::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((area, file)) = area.get_untracked().zip(file.get_untracked()) else { return };
        // A second press does not add it twice.
        if is_busy.get_value() {
            return;
        }
        is_busy.set_value(true);
        spawn_local(async move {
            let typed = area.value();
            let result = import(page, &typed, &file).await;
            // If the page was left meanwhile, there is nobody to tell.
            if is_busy.try_set_value(false).is_some() {
                return;
            }
            match &result {
                Report::Imported(result) => {
                    page.has_list_errors.set(result.has_errors());
                    show_lines_to_correct(result, &typed, &area, &file);
                }
                Report::UnreadableFile => page.has_list_errors.set(true),
                Report::ShopUnreachable => {}
            }
            report.set(Some(result));
        });
    };
    let is_unreadable = move || report.with(|report| *report == Some(Report::UnreadableFile));
    let has_list_errors = move || page.has_list_errors.get() && !is_unreadable();
    let aria = |is_invalid: bool| if is_invalid { "true" } else { "false" };
    view! {
        <section class="basket__bulk-add" aria-labelledby="bulk-title" data-hide-without-app="">
            <h2 id="bulk-title">{t::bulk_title(locale)}</h2>
            <form class="bulk-add" autocomplete="off" novalidate on:submit=send>
                <div class="field">
                    <label class="field__label" for="bulk-list">{t::bulk_list(locale)}</label>
                    <p class="field__hint" id="bulk-hint">{t::bulk_hint(locale)}</p>
                    <textarea
                        class="field__input"
                        node_ref=area
                        id="bulk-list"
                        rows="6"
                        spellcheck="false"
                        aria-describedby="bulk-hint"
                        aria-invalid=move || aria(has_list_errors())
                    ></textarea>
                </div>
                <div class="field">
                    <label class="field__label" for="bulk-file">{t::bulk_file(locale)}</label>
                    <input
                        class="field__input"
                        node_ref=file
                        id="bulk-file"
                        type="file"
                        accept=".csv,.txt,text/csv,text/plain"
                        aria-invalid=move || aria(is_unreadable())
                    />
                </div>
                <p class="actions">
                    <button class="button" type="submit">{t::bulk_submit(locale)}</button>
                </p>
                <div class="bulk-add__report" role="status">
                    {move || report.get().map(|report| view! { <ListReport report/> })}
                </div>
            </form>
        </section>
    }
}

/// Imports the pasted text and the chosen file.
async fn import(page: PageState, typed: &str, file: &HtmlInputElement) -> Report {
    let mut sources = vec![ListSource { file: None, text: typed.to_owned() }];
    if let Some(file) = file.files().and_then(|files| files.get(0)) {
        match read_file(file).await {
            Some(source) => sources.push(source),
            None => return Report::UnreadableFile,
        }
    }
    match import_lists(page.basket, sources, page.locale).await {
        Ok(result) => Report::Imported(result),
        Err(_) => Report::ShopUnreachable,
    }
}

/// Leaves the lines to correct in the field, and anything typed meanwhile.
fn show_lines_to_correct(
    result: &ImportResult,
    read: &str,
    area: &HtmlTextAreaElement,
    file: &HtmlInputElement,
) {
    let mut left = result.lines_to_correct();
    let now = area.value();
    if now != read {
        left.push(now.strip_prefix(read).unwrap_or(&now).trim().to_owned());
    }
    area.set_value(&left.join("\n"));
    file.set_value("");
}
