//! What the finder says while somebody types and when they send it: the region,
//! the regions to choose from, or what is wrong with the text.

use contract::{
    Locale,
    contacts::RegionSummary,
    postcode::Postcode,
    region::{Found, Region},
};
use leptos::prelude::*;

use super::{
    finder::Field,
    look_up::{Answer, Needs, Search},
};
use crate::{
    i18n::{contacts as t, use_locale},
    routes::Route,
    ui::{ErrorSummary, dial_href},
};

/// What a page that shows regions shares with the finder on it.
#[derive(Clone)]
pub(super) struct PageRegions {
    /// The regions, so that the finder need not fetch them.
    pub(super) known: Vec<RegionSummary>,
    /// Which of them the finder has found; none until something is typed.
    pub(super) found: RwSignal<Option<Vec<Region>>>,
    /// What was wrong when the form was sent without the app.
    pub(super) refused: Option<String>,
}

/// Stands below the field once its code has arrived. The answer is announced
/// when typing rests: a live region would speak at every letter.
#[component]
pub(super) fn Live() -> impl IntoView {
    let locale = use_locale();
    let field = expect_context::<Field>();
    let (known, found, refused) = match use_context::<PageRegions>() {
        Some(PageRegions { known, found, refused }) => (known, Some(found), refused),
        None => Default::default(),
    };
    let search = Search::new(field.typed, known);
    search.refused.set(refused);
    #[cfg(target_arch = "wasm32")]
    browser::follow(search, field, found, locale);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = found;
    let summary = move || search.refused.get().map(|text| view! { <ErrorSummary field="place" text/> });
    let answer = move || match search.needs.get() {
        Needs::Failed => Some(view! { <p class="answer">{t::unreachable(locale)}</p> }.into_any()),
        _ => answer_view(locale, search),
    };
    view! {
        <p class="field__hint">{t::stays_here(locale)}</p>
        {summary}
        {answer}
    }
}

fn answer_view(locale: Locale, search: Search) -> Option<AnyView> {
    let answer = search.answer();
    let sentence = sentence(locale, &answer, search)?;
    let cards = answer
        .regions()
        .iter()
        .filter_map(|region| search.summary(*region))
        .map(|RegionSummary { region, name, office, telephone, .. }| {
            view! {
                <li class="answer__region">
                    <a class="answer__name" href=Route::Contact(region).href(locale)>{name}</a>
                    <span class="answer__office">{office}</span>
                    <a class="answer__telephone" href=dial_href(&telephone)>{telephone.clone()}</a>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <div class="answer" id="finder-answer" tabindex="-1">
                <p>{sentence}</p>
                <ul class="answer__regions" role="list">{cards}</ul>
            </div>
        }
        .into_any(),
    )
}

/// The answer in a sentence; none while there is nothing to say.
fn sentence(locale: Locale, answer: &Answer, search: Search) -> Option<String> {
    match answer {
        Answer::Nothing | Answer::Mistake(_) => None,
        Answer::Named(_) => Some(t::named(locale).to_owned()),
        Answer::Place(found) => Some(place(locale, found, search)),
    }
}

fn place(locale: Locale, Found { postcode, regions }: &Found, search: Search) -> String {
    let place = postcode.to_string();
    let [region] = regions[..] else { return t::border(locale, &place) };
    match (region, postcode) {
        (_, Postcode::NonGeographic { forces: true, .. }) => t::forces(locale, &place),
        (_, Postcode::NonGeographic { .. }) => t::no_place(locale, &place),
        (Region::National, _) => t::crown_dependency(locale, &place),
        _ => {
            let name = search.summary(region).map(|summary| summary.name).unwrap_or_default();
            t::one_region(locale, &place, &name)
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::time::Duration;

    use contract::{Locale, postcode::NotAPostcode, region::Region};
    use leptos::prelude::*;
    use leptos_router::hooks::use_navigate;
    use wasm_bindgen::JsCast as _;
    use web_sys::HtmlElement;

    use super::super::mistake::explain;
    use super::{Answer, Field, Needs, Search, sentence};
    use crate::{a11y::navigation, routes::Route};

    /// How long typing has to rest before the answer is said, in milliseconds.
    const REST: Duration = Duration::from_millis(700);

    /// Fetches what is needed, acts when the form is sent, says the answer when
    /// typing rests, and tells the page which regions were found.
    pub(super) fn follow(
        search: Search,
        field: Field,
        found: Option<RwSignal<Option<Vec<Region>>>>,
        locale: Locale,
    ) {
        let navigate = use_navigate();
        // Counts the answers, so that only the last of a flurry is said.
        let turns = StoredValue::new(0u32);
        leptos::task::spawn_local(search.prepare(locale));
        // Acts on each sending once, when everything is there to understand it.
        Effect::new(move |acted: Option<u32>| {
            let (sent, acted) = (field.sent.get(), acted.unwrap_or_default());
            match search.needs.get() {
                _ if sent == acted => {}
                Needs::Unasked | Needs::Waiting => return acted,
                Needs::Failed => leptos::task::spawn_local(search.prepare(locale)),
                Needs::There => {
                    if let Some(region) = send(search, locale) {
                        navigate(&Route::Contact(region).path(), Default::default());
                    }
                }
            }
            sent
        });
        Effect::new(move |before: Option<()>| {
            search.typed.track();
            if before.is_some() {
                search.refused.set(None);
            }
        });
        Effect::new(move |_| {
            let invalid = search.refused.with(Option::is_some);
            if let Some(input) = document().get_element_by_id("place") {
                _ = if invalid {
                    input.set_attribute("aria-invalid", "true")
                } else {
                    input.remove_attribute("aria-invalid")
                };
            }
        });
        Effect::new(move |_| {
            let answer = search.answer();
            if let Some(found) = found {
                let typed = search.typed.with(|typed| !typed.trim().is_empty());
                let regions = typed.then(|| answer.regions().to_vec());
                // Only a change is worth making the list and the map anew.
                if found.with_untracked(|known| *known != regions) {
                    found.set(regions);
                }
            }
            let turn = turns.get_value() + 1;
            turns.set_value(turn);
            let Some(sentence) = sentence(locale, &answer, search) else { return };
            // Not cleared when another letter comes: the browser would then never
            // call it, and never free it either.
            let announce = move || {
                if turns.try_get_value() == Some(turn) {
                    navigation::announce(&sentence);
                }
            };
            set_timeout(announce, REST);
        });
    }

    /// The one region that the text leads to; otherwise the focus goes to the
    /// choice, or to what is wrong.
    fn send(search: Search, locale: Locale) -> Option<Region> {
        let answer = if search.typed.with_untracked(|typed| typed.trim().is_empty()) {
            Answer::Mistake(NotAPostcode::Empty)
        } else {
            untrack(|| search.answer())
        };
        let target = match (answer.regions(), &answer) {
            ([region], _) => return Some(*region),
            (_, Answer::Nothing) => return None,
            (_, Answer::Mistake(mistake)) => {
                search.refused.set(Some(explain(locale, mistake)));
                "error-summary"
            }
            _ => "finder-answer",
        };
        // Once what takes the focus is in the document.
        request_animation_frame(move || {
            let element = document().get_element_by_id(target);
            if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                _ = element.focus();
            }
        });
        None
    }
}
