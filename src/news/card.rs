//! A news item in a list.

use contract::news::NewsSummary;
use leptos::prelude::*;

use crate::{
    i18n::{format, use_locale},
    routes::Route,
    ui::Picture,
};

/// A list of news items, as cards.
#[component]
pub(crate) fn NewsCards(items: Vec<NewsSummary>) -> impl IntoView {
    items.into_iter().map(|item| view! { <NewsCard item/> }).collect_view()
}

#[component]
fn NewsCard(item: NewsSummary) -> impl IntoView {
    let locale = use_locale();
    view! {
        <li class="news-card">
            <div class="news-card__picture">
                <Picture name=item.picture class="news-card__drawing"/>
            </div>
            <div class="news-card__text">
                <p class="news-card__from">
                    {format::short_date(locale, item.published.uk_date)} " · " {item.union.label}
                </p>
                <h3 class="news-card__title">
                    <a href=Route::NewsItem(item.slug).href(locale)>{item.title}</a>
                </h3>
                <p>{item.standfirst}</p>
            </div>
        </li>
    }
}
