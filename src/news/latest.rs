//! The latest news on another page.

use contract::news::NewsSummary;
use leptos::prelude::*;

use super::card::NewsCards;
use crate::{
    i18n::{news as t, use_locale},
    routes::Route,
};

/// The latest news, if there is any.
#[component]
pub(crate) fn LatestNews(items: Vec<NewsSummary>) -> impl IntoView {
    let locale = use_locale();
    (!items.is_empty()).then(|| {
        view! {
            <section class="section" id="news" aria-labelledby="news-title">
                <div class="wrap">
                    <h2 id="news-title">{t::title(locale)}</h2>
                    <ul class="news-list news-list--short" role="list">
                        <NewsCards items/>
                    </ul>
                    <p>
                        <a class="more" href=Route::News.href(locale)>{t::all(locale)}</a>
                    </p>
                </div>
            </section>
        }
    })
}
