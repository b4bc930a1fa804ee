//! With the app the list follows the form: a change goes into the address, and
//! whatever changes the address, a link and Back as well, brings the list and
//! the form after it.

use contract::shop::{Products, Search};
use leptos::{html, prelude::*};

/// What the page shows.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// What was looked for and found; they change together.
    pub(super) shown: RwSignal<(Search, Products)>,
    /// Whether the list is being fetched.
    pub(super) busy: RwSignal<bool>,
    /// Whether it could not be fetched.
    pub(super) failed: RwSignal<bool>,
    /// How often it was asked for again.
    pub(super) again: RwSignal<u32>,
    pub(super) form: NodeRef<html::Form>,
}

/// What somebody did with the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A letter more or less.
    Typed,
    /// A filter, or the order.
    Chosen,
    /// The form was sent.
    Sent,
}

#[cfg(target_arch = "wasm32")]
pub(super) use browser::follow;

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn follow(_: Found) -> impl Fn(Change) + Clone {
    |_| ()
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::time::Duration;

    use contract::shop::{ListProducts, Products, Search};
    use leptos::prelude::*;
    use leptos_router::{NavigateOptions, hooks::use_navigate};
    use wasm_bindgen::{JsCast as _, JsValue};
    use web_sys::{FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement, UrlSearchParams};

    use super::{Change, Found};
    use crate::{
        a11y::navigation,
        api::{self, ApiError},
        i18n::use_locale,
        routes::{self, Route},
        shop::results,
    };

    /// How long typing has to rest before the list follows, in milliseconds.
    const TYPING: Duration = Duration::from_millis(150);
    /// How long it has to rest before the number of results is said.
    const REST: Duration = Duration::from_millis(700);

    pub(in crate::shop) fn follow(found: Found) -> impl Fn(Change) + Clone {
        let locale = use_locale();
        let query = routes::query_at(Route::Shop.path());
        let navigate = use_navigate();
        // Of several letters, and of several requests, only the last one counts.
        let [letters, requests] = [StoredValue::new(0u32), StoredValue::new(0u32)];
        let next = |counter: StoredValue<u32>| {
            counter.update_value(|turn| *turn += 1);
            counter.get_value()
        };
        let is_last = |counter: StoredValue<u32>, turn| counter.try_get_value() == Some(turn);
        let from_form = StoredValue::new(false);

        let go = move || {
            let Some(form) = found.form.get_untracked() else { return };
            let current = query.with_untracked(|query| Search::parse(query));
            let wanted = Search { page: current.page, ..read(&form) };
            if wanted != current {
                from_form.set_value(true);
                let path = results::path(&Search { page: 1, ..wanted });
                let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
                navigate(&path, options);
            }
        };

        let at_first = go.clone();
        Effect::new(move |before: Option<()>| {
            let search = query.with(|query| Search::parse(query));
            found.again.track();
            let from_form = from_form.try_update_value(std::mem::take).unwrap_or_default();
            if before.is_none() {
                // Somebody may have used the form before the app ran.
                return at_first();
            }
            if let Some(form) = found.form.get_untracked() {
                if !from_form {
                    write(&form, &search);
                }
                // What changes at every letter is drawn as far as it is in view.
                if let Some(shop) = form.parent_element() {
                    _ = shop.toggle_attribute_with_force("data-live", from_form);
                }
            }
            found.busy.set(true);
            let turn = next(requests);
            leptos::task::spawn_local(async move {
                let answer = api::fetch(&ListProducts { locale, search: search.clone() }).await;
                if !is_last(requests, turn) || answer == Err(ApiError::Aborted) {
                    return;
                }
                found.busy.set(false);
                found.failed.set(answer.is_err());
                let Ok(products) = answer else { return };
                let total = products.total;
                if let Some(form) = found.form.get_untracked() {
                    count(&form, &products);
                }
                found.shown.set((search, products));
                if from_form {
                    let announce = move || {
                        if is_last(requests, turn) {
                            navigation::announce(&results::number(locale, total));
                        }
                    };
                    set_timeout(announce, REST);
                } else {
                    // Once the list is in the document.
                    request_animation_frame(|| navigation::settle(results::HEADING));
                }
            });
        });

        move |change| {
            let turn = next(letters);
            match change {
                Change::Typed => {
                    let go = go.clone();
                    set_timeout(
                        move || {
                            if is_last(letters, turn) {
                                go();
                            }
                        },
                        TYPING,
                    );
                }
                Change::Chosen => go(),
                Change::Sent => {
                    go();
                    navigation::settle(results::HEADING);
                }
            }
        }
    }

    /// What the form asks for.
    fn read(form: &HtmlFormElement) -> Search {
        let Ok(data) = FormData::new_with_form(form) else { return Search::default() };
        // The constructor takes whatever lists pairs, which a form's data does.
        let pairs = UrlSearchParams::new_with_str_sequence_sequence(&data);
        let query = pairs.map(|pairs| String::from(pairs.to_string()));
        query.map(|query| Search::parse(&query)).unwrap_or_default()
    }

    /// Brings the numbers beside the filters up to date.
    fn count(form: &HtmlFormElement, products: &Products) {
        let counts = products.facets.iter().flat_map(|facet| &facet.values).map(|value| value.count);
        if let Ok(places) = form.query_selector_all(".choice__count") {
            for (index, count) in (0..).zip(counts) {
                let count = count.to_string();
                // What stays as it was is not laid out anew.
                if let Some(place) = places.get(index)
                    && place.text_content().is_none_or(|shown| shown != count)
                {
                    place.set_text_content(Some(&count));
                }
            }
        }
    }

    /// Makes the form ask for this.
    fn write(form: &HtmlFormElement, search: &Search) {
        let Ok(controls) = form.query_selector_all("input, select") else { return };
        for control in (0..controls.length()).filter_map(|index| controls.get(index)).map(JsValue::from) {
            if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
                select.set_value(search.sort.name());
            } else if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
                if input.type_() == "checkbox" {
                    input.set_checked(search.has(&input.name(), &input.value()));
                } else {
                    input.set_value(&search.text);
                }
            }
        }
    }
}
