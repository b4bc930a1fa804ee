//! The start of most pages: a title and a summary, which are also their metadata.

use leptos::prelude::*;

use super::{Head, PageHead};
use crate::routes::Route;

/// The heading and the summary of a page, which it shows first. It sets the page's head.
#[component]
pub(crate) fn PageStart(route: Route, title: &'static str, summary: &'static str) -> impl IntoView {
    let head = Head { title: title.to_owned(), description: summary.to_owned(), route: Some(route) };
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{summary}</p>
        </div>
    }
}
