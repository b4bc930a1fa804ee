//! The field that takes a postcode, part of one, or a region's name.
//!
//! The form is plain: without the app it posts, and the server answers with the region's
//! address. With the app the text is understood in the browser, and stays there.

use contract::{contacts::RegionSummary, region::Region};
use leptos::{ev::SubmitEvent, html, prelude::*};

use super::answer::Answers;
use crate::{
    a11y::navigation,
    i18n::{contacts as t, remote, use_locale},
    parts::{Arrival, Arrived, lazy_page},
    routes::Route,
    ui::{MissingPart, SingleError, bind_input},
};

/// What the form shares with the code that understands the text.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) typed: RwSignal<String>,
    /// What was refused when it was sent; shown until the text changes.
    pub(super) refused: RwSignal<Option<String>>,
    /// How often the form was sent.
    pub(super) sent: RwSignal<u32>,
    /// The regions, where the page has them.
    pub(super) regions: RwSignal<Vec<RegionSummary>>,
    /// Which regions the text leads to; none before a text is understood.
    pub(super) found: RwSignal<Option<Vec<Region>>>,
}

impl Field {
    /// A field among `regions`. `typed` is what was sent without the app, `refused` what was
    /// wrong with it.
    pub(super) fn new(typed: String, refused: Option<String>, regions: Vec<RegionSummary>) -> Self {
        Self {
            typed: RwSignal::new(typed),
            refused: RwSignal::new(refused),
            sent: RwSignal::new(0),
            regions: RwSignal::new(regions),
            found: RwSignal::new(None),
        }
    }
}

lazy_page!(finder, ANSWERS, make_answers, fetch_answers, view! { <Answers/> });

/// The field with its button. The code that understands the text arrives when the field is
/// first used, and shows below what the text leads to.
#[component]
pub(super) fn Finder(field: Field) -> impl IntoView {
    let locale = use_locale();
    let Field { typed, refused, sent, .. } = field;
    provide_context(field);
    let (form, input) = (NodeRef::<html::Form>::new(), NodeRef::<html::Input>::new());
    let answers = Arrival::of(ANSWERS);
    let wake = move || {
        answers.fetch(move || {
            // Where the code does not arrive, the form is sent as it is.
            if sent.get_untracked() > 0 {
                _ = form.get_untracked().map(|form| form.submit());
            }
        });
    };
    bind_input(input, typed);
    let rendered = typed.get_untracked();
    Effect::new(move |before: Option<String>| {
        let typed = typed.get();
        if typed != *before.as_ref().unwrap_or(&rendered) {
            refused.set(None);
        }
        // Typed now, or early, before the app was ready. Of what the server has refused all
        // is said already.
        if !typed.is_empty() && refused.with_untracked(Option::is_none) {
            wake();
        }
        typed
    });
    Effect::new(move |_| navigation::set_error_title(refused.with(Option::is_some), locale));
    let is_refused = move || refused.with(Option::is_some).then_some("true");
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        sent.update(|sent| *sent += 1);
        wake();
    };
    let error = move || refused.get().map(|text| view! { <SingleError field="place" text/> });
    let below = move || match answers.arrived() {
        Arrived::NotYet => None,
        Arrived::There => answers.made(ANSWERS.make),
        Arrived::Missing => {
            let missing = view! {
                <MissingPart is_coming=answers.is_coming() retry=Callback::new(move |()| wake())>
                    <p role="alert">{remote::part_missing(locale)}</p>
                </MissingPart>
            };
            Some(missing.into_any())
        }
    };
    view! {
        <form
            class="finder"
            node_ref=form
            method="post"
            action=Route::Contacts.href(locale)
            novalidate
            on:submit=send
        >
            <div class="field">
                <label class="field__label" for="place">{t::label(locale)}</label>
                <p class="field__hint" id="place-hint">{t::hint(locale)}</p>
                <div class="finder__row">
                    // An id that is not there describes nothing: `place-error` is there when
                    // something is wrong.
                    <input
                        class="field__input"
                        node_ref=input
                        id="place"
                        name="place"
                        type="text"
                        value=typed.get_untracked()
                        autocomplete="off"
                        spellcheck="false"
                        enterkeyhint="search"
                        maxlength="100"
                        aria-describedby="place-error place-hint"
                        aria-invalid=is_refused
                        on:focus=move |_| wake()
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                    <button class="button button--main" type="submit">{t::find(locale)}</button>
                </div>
            </div>
            <div class="finder__below">{error} {below}</div>
        </form>
    }
}

/// The finder as a strip of another page.
#[component]
pub(crate) fn FindStrip() -> impl IntoView {
    let locale = use_locale();
    let field = Field::new(String::new(), None, Vec::new());
    view! {
        <section class="find-strip" id="find" aria-labelledby="find-title">
            <div class="find-strip__inner wrap">
                <div class="find-strip__text">
                    <h2 id="find-title">{t::strip_title(locale)}</h2>
                    <p>{t::strip_body(locale)}</p>
                    <a class="more" href=Route::Contacts.href(locale)>{t::strip_more(locale)}</a>
                </div>
                <Finder field/>
            </div>
        </section>
    }
}
