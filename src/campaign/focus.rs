//! The year's focus, with its statistic.

use contract::campaign::{Figure, Focus};
use leptos::prelude::*;

use crate::{
    i18n::{home as t, use_locale},
    ui::Picture,
};

#[component]
pub(super) fn FocusSection(focus: Focus) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="focus section" id="focus" aria-labelledby="focus-title">
            <div class="focus__inner wrap">
                <div class="focus__text">
                    <p class="kicker">{t::this_year(locale)}</p>
                    <h2 id="focus-title">{focus.title}</h2>
                    // Before any detail.
                    <div class="notice">
                        <p class="notice__title">{t::content_note(locale)}</p>
                        <p>{focus.content_note}</p>
                    </div>
                    <div class="focus__detail" inner_html=focus.html></div>
                </div>
                <Share figure=focus.figure/>
            </div>
        </section>
    }
}

/// `count` of `of` figures are filled, to visualise the share; the text says it too.
#[component]
fn Share(figure: Figure) -> impl IntoView {
    let locale = use_locale();
    let Figure { count, of, label, source } = figure;
    let people = (0..of)
        .map(|index| {
            let class = if index < count { "share__person share__person--counted" } else { "share__person" };
            view! { <Picture name="person" class/> }
        })
        .collect_view();
    view! {
        <figure class="share">
            <div class="share__people">{people}</div>
            <figcaption>
                <p class="share__sentence">
                    <strong class="share__number">
                        {t::share(locale, &of.to_string(), &count.to_string())}
                    </strong>
                    " "
                    {label}
                </p>
                <p class="share__source">{t::source(locale, &source)}</p>
            </figcaption>
        </figure>
    }
}
