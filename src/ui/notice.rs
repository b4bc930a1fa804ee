//! A notice: a short text set apart from the page's flow.

use leptos::prelude::*;

/// A box with a heading that says something before or beside the page's text.
/// Its rule and heading tell it apart, not its colour alone.
#[component]
pub(crate) fn Notice(
    /// What the notice is about, in a few words.
    #[prop(into)]
    title: String,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="notice">
            <p class="notice__title">{title}</p>
            {children()}
        </div>
    }
}
