//! The question before a link such as `/basket?add=HEART-MUG-RED-EN:12` adds something.

use contract::orders::{OrderLine, PricedBasket};
use futures::future::abortable;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{List, list_parser::parse_link, page_state::PageState, prices::price};
use crate::{
    api::ApiError,
    i18n::{basket as t, format},
    routes::{self, Route},
    ui::{focus_if_idle, focus_on, keep_focus, retry_when_online},
};

const TITLE: &str = "link-question-title";

/// Asks whether to add the items in the URL; nothing if it names none.
#[component]
pub(super) fn LinkQuestion(page: PageState) -> impl IntoView {
    let locale = page.locale;
    let query = routes::query_at(Route::Basket.path());
    let linked = Memo::new(move |_| query.with(|query| parse_link(query)));
    let answer = RwSignal::new(None::<Result<PricedBasket, ApiError>>);
    let retries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        retries.track();
        let lines = linked.get();
        if lines.is_empty() {
            return answer.set(None);
        }
        let (prices, asking) = abortable(price(lines, String::new(), locale));
        on_cleanup(move || asking.abort());
        spawn_local(async move {
            if let Ok(prices) = prices.await {
                keep_focus(TITLE);
                answer.set(Some(prices));
                // The customer followed the link to answer this, unless they are already doing
                // something else.
                focus_if_idle(TITLE);
            }
        });
    });
    retry_when_online(move || {
        if answer.with_untracked(|answer| matches!(answer, Some(Err(_)))) {
            retries.update(|tries| *tries += 1);
        }
    });
    view! {
        {move || {
            answer.get().map(|answer| match answer {
                Ok(priced) => view! { <Question priced linked=linked.get_untracked() page/> }.into_any(),
                Err(_) => view! {
                    <Notice title=t::no_prices(locale)>
                        <p>{t::no_prices_hint(locale)}</p>
                        <p class="actions">
                            <button class="button" type="button" on:click=move |_| retries.update(|tries| *tries += 1)>
                                {t::retry(locale)}
                            </button>
                        </p>
                    </Notice>
                }
                .into_any(),
            })
        }}
    }
}

#[component]
fn Notice(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="notice" aria-labelledby=TITLE>
            <h2 class="notice__title" id=TITLE tabindex="-1">{title}</h2>
            {children()}
        </section>
    }
}

#[component]
fn Question(priced: PricedBasket, linked: Vec<OrderLine>, page: PageState) -> impl IntoView {
    let locale = page.locale;
    let navigate = use_navigate();
    let answered = Callback::new(move |()| {
        // The question is not asked again when the page is reloaded.
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&Route::Basket.path(), options);
        focus_on("page-heading");
    });
    let PricedBasket { lines, unknown, .. } = priced;
    let wanted: Vec<OrderLine> =
        linked.into_iter().filter(|linked| lines.iter().any(|line| line.sku == linked.sku)).collect();
    let accept = move |_| {
        let add = |line: &OrderLine| page.basket.change(List::Basket, &line.sku, i64::from(line.quantity));
        let is_stored = wanted.iter().all(add);
        page.set_stored_status(is_stored, t::link_accepted(locale));
        answered.run(());
    };
    let decline = move |_| {
        page.set_status(t::link_declined(locale));
        answered.run(());
    };
    let accept = (!lines.is_empty()).then(|| {
        view! {
            <button class="button button--main" type="button" on:click=accept>{t::link_accept(locale)}</button>
            " "
        }
    });
    let lines = lines.into_iter().map(move |line| {
        let total = format::price(locale, line.total_pence);
        let text = [&line.quantity.to_string(), " × ", &line.full_name(), ", ", &total].concat();
        view! { <li>{text}</li> }
    });
    let unknown = unknown.into_iter().map(move |sku| view! { <li>{t::unknown_code(locale, &sku)}</li> });
    view! {
        <Notice title=t::link_question(locale)>
            <ul>{lines.collect_view()} {unknown.collect_view()}</ul>
            <p class="actions">
                {accept}
                <button class="button" type="button" on:click=decline>{t::link_decline(locale)}</button>
            </p>
        </Notice>
    }
}
