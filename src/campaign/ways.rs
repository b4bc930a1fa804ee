//! How to take part.

use contract::campaign::Way;
use leptos::prelude::*;

use crate::{
    i18n::{hub as t, use_locale},
    ui::Picture,
};

#[component]
pub(super) fn Ways(ways: Vec<Way>) -> impl IntoView {
    let locale = use_locale();
    let cards = ways.into_iter().map(|way| view! { <WayCard way/> }).collect_view();
    view! {
        <section class="ways section" id="take-part" aria-labelledby="take-part-title">
            <div class="wrap">
                <h2 id="take-part-title">{t::ways(locale)}</h2>
                <ul class="ways__list" role="list">{cards}</ul>
            </div>
        </section>
    }
}

#[component]
fn WayCard(way: Way) -> impl IntoView {
    let accent = way.picture.clone();
    view! {
        <li class="way" data-accent=accent>
            <Picture name=way.picture class="way__picture"/>
            <div class="way__text">
                <h3 class="way__title">{way.title}</h3>
                <p>{way.body}</p>
                <p class="way__effort">{way.effort}</p>
            </div>
        </li>
    }
}
