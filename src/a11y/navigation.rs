//! Client-side navigation: update the title, move the focus, announce the page once, and on
//! Back restore the reader's position.
//!
//! The router changes the URL and scrolls to the top; everything else is up to the app. Moving
//! the focus to the heading makes a screen reader read it, so nothing else is announced. Going
//! back moves the focus to a link, so the title is announced.

use std::cell::{Cell, RefCell};

use contract::Locale;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, HtmlElement};

use crate::{i18n::form, render::Head};

/// Every focusable element, in document order: its index finds the same element again when the
/// same page is rendered again.
const FOCUSABLE: &str = "a[href], button, input, select, textarea, summary, [tabindex]";

/// How long scrolling has to pause before the position is saved, in milliseconds; Safari
/// allows a hundred changes of the history state in half a minute.
const SCROLL_DEBOUNCE_MS: u64 = 150;

/// The reader's position on a page.
#[derive(Clone, Copy)]
struct PagePosition {
    /// The scroll position in whole CSS pixels: formatting a fraction would add code to the
    /// module.
    scroll: i32,
    /// The index of the focused element among [`FOCUSABLE`], if there is one.
    focus: Option<u32>,
}

thread_local! {
    /// Whether a page was shown before: the first one does not move the focus.
    static SHOWN: Cell<bool> = const { Cell::new(false) };
    /// The position to restore, set by the browser's Back and Forward.
    static RETURN_TO: Cell<Option<PagePosition>> = const { Cell::new(None) };
    /// The fragment of the link that was followed last.
    static FRAGMENT: RefCell<String> = const { RefCell::new(String::new()) };
    /// Counts scroll events, to act only on the last of a series.
    static SCROLLS: Cell<u64> = const { Cell::new(0) };
}

/// Starts to track the reader's position. Called once, before the app starts.
pub fn start() {
    // In the capture phase, before the router sees the click.
    let listener = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(on_click);
    _ = window().add_event_listener_with_callback_and_bool("click", listener.as_ref().unchecked_ref(), true);
    listener.forget();
    window_event_listener(ev::scroll, |_| {
        let count = SCROLLS.get() + 1;
        SCROLLS.set(count);
        set_timeout(
            move || {
                if SCROLLS.get() == count {
                    save_position();
                }
            },
            std::time::Duration::from_millis(SCROLL_DEBOUNCE_MS),
        );
    });
    window_event_listener(ev::popstate, |event| {
        FRAGMENT.take();
        RETURN_TO.set(Some(read_position(&event.state())));
    });
}

/// Saves the position before a link is followed, and the link's fragment.
fn on_click(event: web_sys::Event) {
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|target| target.closest("a[href]").ok().flatten());
    let Some(link) = link else { return };
    let href = link.get_attribute("href").unwrap_or_default();
    let (_, fragment) = href.split_once('#').unwrap_or_default();
    FRAGMENT.set(fragment.to_owned());
    RETURN_TO.set(None);
    save_position();
    // For a link within the page, the router scrolls but does not move the focus, so the skip
    // link would have no effect.
    let here = location().pathname().unwrap_or_default();
    if !fragment.is_empty() && link.dyn_ref::<HtmlAnchorElement>().is_some_and(|link| link.pathname() == here)
    {
        request_animation_frame(focus_start);
    }
    if link.has_attribute("data-language-switch") {
        keep_section(&link);
    }
}

/// Called when a page's data has arrived and its view is in the document: updates the title and
/// moves the focus. The first page of a document only gets the title's error prefix.
pub(crate) fn on_page_shown(head: &Head, locale: Locale) {
    let old_title = document().title();
    let title = head.full_title(locale);
    update_head(head, locale);
    if !SHOWN.replace(true) {
        // Only the server knows that it refused a form, so the page's own head does not say
        // so.
        let prefix = form::error_prefix(locale);
        let is_refused = title.starts_with(prefix) || old_title.strip_prefix(prefix) == Some(&*title);
        return set_error_title(is_refused, locale);
    }
    // Read now rather than in the next frame: if the reader presses Back before it, `RETURN_TO`
    // then holds the position on another page.
    let position = RETURN_TO.take();
    let move_focus = move || match position {
        Some(position) => {
            restore(position);
            announce(&title);
        }
        None => focus_start(),
    };
    // Without a heading, the view will be in the document in the next frame: this happens if the
    // same page is shown for another query string.
    if document().get_element_by_id("page-heading").is_some() {
        move_focus();
    } else {
        request_animation_frame(move_focus);
    }
}

/// Called when a page shows different content because its query string changed: restores the
/// reader's position, or moves to the element with the id `start`.
pub(crate) fn restore_or_focus(start: &str) {
    match RETURN_TO.take() {
        Some(position) => restore(position),
        None => {
            let start = document().get_element_by_id(start);
            if let Some(start) = start.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                _ = start.focus();
            }
        }
    }
}

/// Adds or removes the error prefix of the title, as the server does.
pub(crate) fn set_error_title(has_error: bool, locale: Locale) {
    let title = document().title();
    let prefix = form::error_prefix(locale);
    let own = title.strip_prefix(prefix).unwrap_or(&title);
    document().set_title(&if has_error { [prefix, own].concat() } else { own.to_owned() });
}

/// Updates the document's head for a page that the server did not render.
fn update_head(head: &Head, locale: Locale) {
    document().set_title(&head.full_title(locale));
    set_attribute("meta[name=description]", "content", &head.description);
    if let Some(route) = &head.route {
        let origin = location().origin().unwrap_or_default();
        set_attribute("link[rel=canonical]", "href", &[&origin, route.href(locale).as_str()].concat());
        for alternate in Locale::ALL {
            let selector = ["link[hreflang=", alternate.tag(), "]"].concat();
            set_attribute(&selector, "href", &[&origin, route.href(alternate).as_str()].concat());
        }
    }
}

fn set_attribute(selector: &str, name: &str, value: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        _ = element.set_attribute(name, value);
    }
}

/// Moves the focus to the start of the content: the target of the link's fragment, or the
/// page's heading.
fn focus_start() {
    let fragment = FRAGMENT.take();
    let target = (!fragment.is_empty()).then(|| document().get_element_by_id(&fragment)).flatten();
    let heading = target.or_else(|| document().get_element_by_id("page-heading"));
    if let Some(heading) = heading.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        if !heading.has_attribute("tabindex") {
            _ = heading.set_attribute("tabindex", "-1");
        }
        focus(&heading);
    }
}

/// Focuses without scrolling, which is handled separately.
fn focus(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    _ = element.focus_with_options(&options);
}

/// Saves the reader's position in the history entry.
fn save_position() {
    let focus = document().active_element().and_then(|active| {
        let all = document().query_selector_all(FOCUSABLE).ok()?;
        (0..all.length()).find(|&index| all.get(index).is_some_and(|node| node.is_same_node(Some(&active))))
    });
    let scroll = window().scroll_y().unwrap_or_default() as i32;
    let saved = [scroll.to_string(), focus.map(|index| index.to_string()).unwrap_or_default()].join(" ");
    if let Ok(history) = window().history() {
        _ = history.replace_state(&JsValue::from_str(&saved), "");
    }
}

fn read_position(state: &JsValue) -> PagePosition {
    let saved = state.as_string().unwrap_or_default();
    let (scroll, focus) = saved.split_once(' ').unwrap_or_default();
    PagePosition { scroll: scroll.parse().unwrap_or_default(), focus: focus.parse().ok() }
}

fn restore(position: PagePosition) {
    let found = position.focus.and_then(|index| document().query_selector_all(FOCUSABLE).ok()?.get(index));
    match found.and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        Some(element) => focus(&element),
        None => focus_start(),
    }
    window().scroll_to_with_x_and_y(0.0, f64::from(position.scroll));
}

/// Announces `text` to screen readers once, politely.
pub(crate) fn announce(text: &str) {
    if let Some(region) = document().get_element_by_id("announcer") {
        region.set_text_content(Some(text));
    }
}

/// Makes the link to the other language lead to the current section: sections have the same
/// ids in both languages.
fn keep_section(link: &Element) {
    let Ok(sections) = document().query_selector_all("main section[id]") else { return };
    let section = (0..sections.length())
        .filter_map(|index| sections.get(index)?.dyn_into::<Element>().ok())
        .take_while(|section| section.get_bounding_client_rect().top() < 120.0)
        .last();
    let href = link.get_attribute("href").unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    let href = match section {
        Some(section) if window().scroll_y().unwrap_or_default() > 0.0 => [page, "#", &section.id()].concat(),
        _ => page.to_owned(),
    };
    _ = link.set_attribute("href", &href);
}
