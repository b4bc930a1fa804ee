//! What the campaign asks for.

use contract::campaign::Demand;
use leptos::prelude::*;

use crate::i18n::{hub as t, use_locale};

#[component]
pub(super) fn Demands(demands: Vec<Demand>) -> impl IntoView {
    let items = demands
        .into_iter()
        .map(|demand| {
            view! {
                <li class="demand">
                    <h3 class="demand__title">{demand.title}</h3>
                    <p>{demand.body}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="demands section" id="demands" aria-labelledby="demands-title">
            <div class="wrap">
                <h2 id="demands-title">{t::demands(use_locale())}</h2>
                <ol class="demands__list" role="list">{items}</ol>
            </div>
        </section>
    }
}
