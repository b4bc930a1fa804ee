//! The region finder's answer: a region, or a choice of regions.

use std::time::Duration;

use contract::{
    Locale,
    contacts::RegionSummary,
    postcode::{Postcode, PostcodeError},
    region::{PostcodeMatch, Region},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{
    finder_field::FinderField,
    postcode_error::explain,
    region_search::{Answer, DataState, RegionSearch},
};
use crate::{
    a11y::navigation,
    i18n::{contacts as t, use_locale},
    lazy_loading::lazy_view,
    routes::Route,
    ui::{dial_href, focus_on, focus_summary, retry_when_online},
};

/// How long typing has to pause before the answer is announced, because a live region would
/// speak at every letter.
const ANNOUNCE_DELAY: Duration = Duration::from_millis(700);

lazy_view!(contacts, ANSWERS, render_answers, fetch_answers, view! { <Answers/> });

/// Shown below the field; handles submission.
#[component]
fn Answers() -> impl IntoView {
    let locale = use_locale();
    let field = expect_context::<FinderField>();
    let search = RegionSearch::new(field);
    search.prepare(locale);
    handle_submissions(search);
    announce(search);
    Effect::new(move |_| {
        let is_typed = search.is_ready() && field.typed.with(|typed| !typed.trim().is_empty());
        let found = is_typed.then(|| search.answer().regions().to_vec());
        // The list and the map are only updated if the result changed.
        if field.found.with_untracked(|known| *known != found) {
            field.found.set(found);
        }
    });
    let answer = move || match search.state.get() {
        DataState::Failed => {
            retry_when_online(move || search.prepare(locale));
            Some(view! { <p class="answer">{t::unreachable(locale)}</p> }.into_any())
        }
        _ => answer_view(locale, search),
    };
    view! {
        <p class="field__hint">{t::stays_here(locale)}</p>
        {move || answer()}
    }
}

fn answer_view(locale: Locale, search: RegionSearch) -> Option<AnyView> {
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

/// The answer in a sentence; none if there is nothing to say.
fn sentence(locale: Locale, answer: &Answer, search: RegionSearch) -> Option<String> {
    match answer {
        Answer::Nothing | Answer::NotFound(_) => None,
        Answer::Named(_) => Some(t::named(locale).to_owned()),
        Answer::Place(found) => Some(place(locale, found, search)),
    }
}

fn place(
    locale: Locale,
    PostcodeMatch { postcode, regions }: &PostcodeMatch,
    search: RegionSearch,
) -> String {
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

/// Handles each submission once the required data has arrived: opens the region if there is
/// only one, or moves the focus to the choice or the error.
fn handle_submissions(search: RegionSearch) {
    let locale = use_locale();
    let navigate = use_navigate();
    Effect::new(move |handled: Option<u32>| {
        let (submissions, handled) = (search.field.submissions.get(), handled.unwrap_or_default());
        if submissions == handled {
            return handled;
        }
        match search.state.get() {
            DataState::Idle => {
                search.prepare(locale);
                return handled;
            }
            DataState::Loading => return handled,
            // The reader has seen the failure message, so the answer replaces it.
            DataState::Failed => {
                search.prepare(locale);
                return submissions;
            }
            DataState::Loaded => {}
        }
        let answer = if search.field.typed.with_untracked(|typed| typed.trim().is_empty()) {
            Answer::NotFound(PostcodeError::Empty)
        } else {
            untrack(|| search.answer())
        };
        match (answer.regions(), &answer) {
            ([region], _) => navigate(&Route::Contact(*region).path(), Default::default()),
            (_, Answer::Nothing) => {}
            (_, Answer::NotFound(error)) => {
                search.field.error.set(Some(explain(locale, error)));
                focus_summary();
            }
            _ => focus_on("finder-answer"),
        }
        submissions
    });
}

/// Announces the answer when typing pauses.
fn announce(search: RegionSearch) {
    let locale = use_locale();
    // To act only on the last of a series.
    let answer_count = StoredValue::new(0u32);
    Effect::new(move |_| {
        let answer = search.answer();
        let number = answer_count.get_value() + 1;
        answer_count.set_value(number);
        let Some(sentence) = sentence(locale, &answer, search) else { return };
        let announce = move || {
            if answer_count.try_get_value() == Some(number) {
                navigation::announce(&sentence);
            }
        };
        set_timeout(announce, ANNOUNCE_DELAY);
    });
}
