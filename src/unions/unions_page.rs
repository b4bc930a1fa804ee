//! All unions, or those that match a name, an abbreviation or a job.

use contract::unions::{ListUnions, UnionSummary, Unions};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{unions as t, use_locale},
    routes::{self, Route},
    ui::{EmailLink, Head, PageHead, Remote, SearchForm, dial_href},
};

#[component]
pub(crate) fn UnionsPage() -> impl IntoView {
    let locale = use_locale();
    let query = routes::query_at(Route::Unions.path());
    let text = Memo::new(move |_| query.with(|query| ListUnions::text_in(query)));
    let unions = api::resource(move || ListUnions { locale, text: text.get() });
    view! { <Remote data=unions let:unions><Content unions/></Remote> }
}

#[component]
fn Content(unions: Unions) -> impl IntoView {
    let locale = use_locale();
    let Unions { text, unions, telephone, email } = unions;
    // The heading receives the focus, so it says what was found.
    let count = u32::try_from(unions.len()).unwrap_or(u32::MAX);
    let title = match (text.is_empty(), count) {
        (true, _) => t::title(locale).to_owned(),
        (false, 0) => t::nothing(locale, &text),
        (false, _) => t::found(locale, count, &text),
    };
    let head =
        Head { title: title.clone(), description: t::summary(locale).to_owned(), route: Some(Route::Unions) };
    let all = (!text.is_empty()).then(|| {
        view! {
            <p>
                <a class="more" href=Route::Unions.href(locale)>{t::all(locale)}</a>
            </p>
        }
    });
    let cards = unions.into_iter().map(|union| view! { <Card union/> }).collect_view();
    view! {
        <PageHead head/>
        <div class="wrap page-start">
            <h1 id="page-heading" tabindex="-1">{title}</h1>
            <p class="lede">{t::summary(locale)}</p>
            <SearchForm route=Route::Unions label=t::label(locale) hint=t::hint(locale) text/>
        </div>
        <div class="wrap unions">
            <ul class="union-list" role="list">{cards}</ul>
            {all}
            <div class="notice">
                <p class="notice__title">{t::unsure(locale)}</p>
                <p>{t::ask(locale)}</p>
                <p>
                    <a class="contact__telephone" href=dial_href(&telephone)>{telephone.clone()}</a>
                </p>
                <p>
                    <EmailLink email/>
                </p>
            </div>
            <p>
                <a class="more" href=Route::Join.href(locale)>{t::how_to_join(locale)}</a>
            </p>
        </div>
    }
}

#[component]
fn Card(union: UnionSummary) -> impl IntoView {
    let locale = use_locale();
    view! {
        <li class="union-card" data-accent=union.accent>
            <h2 class="union-card__name">
                <a href=Route::Union(union.slug).href(locale)>{union.name}</a>
            </h2>
            <p class="union-card__letters">{union.abbreviation}</p>
            <p>{union.summary}</p>
            <p class="union-card__jobs">{union.jobs.join(" · ")}</p>
        </li>
    }
}
