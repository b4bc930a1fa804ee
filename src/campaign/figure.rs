//! A share of people, drawn as people.

use contract::campaign::Figure;
use leptos::prelude::*;

use crate::{
    i18n::{hub as t, use_locale},
    ui::Picture,
};

/// `count` of `of` people stand filled beside the others, so that the share can
/// be seen; the words say it too.
#[component]
pub(super) fn ShareFigure(figure: Figure) -> impl IntoView {
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
