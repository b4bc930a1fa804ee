//! The state of the shop's search. The form changes the URL, and so do links and Back; the
//! form and the list follow the URL, whatever has changed it.

use std::time::Duration;

use contract::{
    Locale,
    shop::{Facet, ListProducts, Products, Search},
};
use futures::future::abortable;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    a11y::navigation,
    api::{self, ApiError},
    i18n::{shop as t, use_locale},
    routes::Route,
    ui::{has_focus, keep_focus, listing::with_query, retry_when_online},
};

/// The id of the results' heading, which receives the focus when another page is shown.
pub(super) const HEADING: &str = "results-title";

/// The debounce delay before the list follows typing.
const TYPING_DELAY: Duration = Duration::from_millis(150);
/// The delay before the number of results is announced.
const ANNOUNCEMENT_DELAY: Duration = Duration::from_millis(700);

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct ProductSearch {
    /// The text in the search field.
    pub(super) text: RwSignal<String>,
    /// The search that the form asks for, with its last submitted text.
    pub(super) wanted: RwSignal<Search>,
    /// The current search and its results, which change together.
    pub(super) found: RwSignal<(Search, Products)>,
    /// Whether results are loading.
    pub(super) is_busy: RwSignal<bool>,
    /// Whether the last request failed.
    pub(super) has_failed: RwSignal<bool>,
    /// Whether the last change came from the form rather than a link.
    pub(super) is_live: RwSignal<bool>,
    /// The number of times that the same results were requested again.
    retries: RwSignal<u32>,
    /// Changes the URL.
    go: Callback<String>,
}

impl ProductSearch {
    /// The state of a page with these results of the search in the URL.
    pub(super) fn new(address: Memo<Search>, products: Products) -> Self {
        let search = address.get_untracked();
        let navigate = use_navigate();
        let state = Self {
            text: RwSignal::new(search.text.clone()),
            wanted: RwSignal::new(search.clone()),
            found: RwSignal::new((search, products)),
            is_busy: RwSignal::new(false),
            has_failed: RwSignal::new(false),
            is_live: RwSignal::new(false),
            retries: RwSignal::new(0),
            // Replaces the history entry, because each change of the list should not be a step
            // back.
            go: Callback::new(move |path: String| {
                navigate(&path, NavigateOptions { replace: true, scroll: false, ..Default::default() });
            }),
        };
        state.follow_typing();
        state.follow_address(address);
        state.report_result();
        // The list has failed to load, or may be from before the connection was lost.
        retry_when_online(move || state.retry());
        state
    }

    /// Changes the search with `change`, and requests it.
    pub(super) fn ask(self, change: impl FnOnce(&mut Search)) {
        let before = self.wanted.get_untracked();
        let mut wanted = Search { text: self.text.get_untracked(), ..before.clone() };
        change(&mut wanted);
        // In the form that the URL will have.
        let wanted = Search::parse(&wanted.query());
        if wanted != before {
            let wanted = Search { page: 1, ..wanted };
            let path = path(&wanted);
            self.wanted.set(wanted);
            self.go.run(path);
        }
    }

    /// Selects or clears a value of a filter.
    pub(super) fn choose(self, facet: Facet, value: String, is_chosen: bool) {
        self.ask(|wanted| {
            let choice = (facet, value);
            wanted.chosen.retain(|chosen| *chosen != choice);
            if is_chosen {
                wanted.chosen.push(choice);
            }
        });
    }

    /// Loads the results again.
    pub(super) fn retry(self) {
        self.retries.update(|retries| *retries += 1);
    }

    /// The number of products for a value of a filter.
    pub(super) fn count(self, facet: Facet, value: &str) -> u32 {
        self.found.with(|(_, products)| {
            let mut facets = products.facets.iter().filter(|counts| counts.name == facet.name());
            let counts =
                facets.next().and_then(|counts| counts.values.iter().find(|count| count.value == value));
            counts.map_or(0, |count| count.count)
        })
    }

    /// Makes the search follow typing.
    fn follow_typing(self) {
        Effect::new(move |before: Option<()>| {
            self.text.track();
            if before.is_some() {
                debounce(TYPING_DELAY, move || self.ask(|_| ()));
            }
        });
    }

    /// Makes the form and the list follow the URL.
    fn follow_address(self, address: Memo<Search>) {
        let locale = use_locale();
        let first = (address.get_untracked(), 0);
        Effect::new(move |before: Option<(Search, u32)>| {
            let now = (address.get(), self.retries.get());
            let before = before.as_ref().unwrap_or(&first);
            if now == *before {
                return now;
            }
            let search = now.0.clone();
            let is_wanted = self.wanted.with_untracked(|wanted| *wanted == search);
            if !is_wanted {
                self.text.set(search.text.clone());
                self.wanted.set(search.clone());
            }
            // A list that is already shown is updated without a message, and stays if that fails.
            let is_quiet =
                now.0 == before.0 && !self.is_busy.get_untracked() && !self.has_failed.get_untracked();
            if !is_quiet {
                // A retry still answers the form or the link that asked first.
                if now.0 != before.0 {
                    self.is_live.set(is_wanted);
                }
                self.is_busy.set(true);
            }
            let (answer, request) = abortable(async move {
                let answer = api::fetch(&ListProducts { locale, search: search.clone() }).await;
                (search, answer)
            });
            // Outdated responses are ignored.
            on_cleanup(move || request.abort());
            spawn_local(async move {
                let Ok((search, answer)) = answer.await else { return };
                match answer {
                    Err(ApiError::Aborted) => return,
                    Err(_) if is_quiet => return,
                    Err(_) => self.has_failed.set(true),
                    Ok(products) => {
                        keep_focus(HEADING);
                        self.has_failed.set(false);
                        self.found.set((search, products));
                    }
                }
                if !is_quiet {
                    self.is_busy.set(false);
                }
            });
            now
        });
    }

    /// Announces the number of results after a change in the form, and moves the focus to the
    /// results after a link.
    fn report_result(self) {
        let locale = use_locale();
        Effect::new(move |before: Option<()>| {
            let is_busy = self.is_busy.get();
            if before.is_none() || is_busy || self.has_failed.get_untracked() {
                return;
            }
            if self.is_live.get_untracked() {
                let total = self.found.with_untracked(|(_, products)| products.total);
                let had_focus = has_focus(HEADING);
                debounce(ANNOUNCEMENT_DELAY, move || {
                    // A heading that has received the focus since then has been read.
                    if had_focus || !has_focus(HEADING) {
                        navigation::announce(&count_text(locale, total));
                    }
                });
            } else {
                // Once the list is in the document.
                request_animation_frame(|| navigation::restore_or_focus(HEADING));
            }
        });
    }
}

/// Runs a function once the effect that calls this has not run again for a while.
fn debounce(delay: Duration, run: impl FnOnce() + 'static) {
    if let Ok(timeout) = set_timeout_with_handle(run, delay) {
        on_cleanup(move || timeout.clear());
    }
}

/// The number of results.
pub(super) fn count_text(locale: Locale, total: u32) -> String {
    if total == 0 { t::none_found(locale).to_owned() } else { t::found(locale, total) }
}

/// The path of a search, without the language prefix.
pub(super) fn path(search: &Search) -> String {
    with_query(&Route::Shop.path(), &search.query())
}
