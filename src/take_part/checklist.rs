//! Steps to tick off. What is done is kept on this device and nowhere else, and
//! is the same in all tabs.

use contract::{Locale, take_part::Step};

use crate::{
    i18n::take_part as t,
    ui::{Markup, markup},
};

/// Adds the steps of a role. Nothing is ticked until the app runs: a rendered page
/// is the same for all.
pub(super) fn add(out: &mut Markup, role: &str, steps: &[Step], locale: Locale) {
    markup!(out, "<section class='wrap section checklist' aria-labelledby='steps-title' data-role='" (role)
        "'><h2 id='steps-title'>" (t::your_steps(locale)) "</h2><p class='checklist__note'>" (t::kept_here(locale))
        "</p><ol class='checklist__steps' role='list'>");
    for step in steps {
        markup!(out, "<li class='step'><label class='step__label'><input class='step__box' type='checkbox' value='"
            (step.name) "' autocomplete='off'><span class='step__title'>" (step.title)
            "</span></label><div class='step__how prose'>");
        out.sanitised(&step.html);
        out.raw("</div></li>");
    }
    markup!(out, "</ol><p class='checklist__done' role='status'>" (done_of(0, steps.len(), locale))
        "</p><div class='checklist__end'></div></section>");
}

fn done_of(done: usize, total: usize, locale: Locale) -> String {
    t::done_of(locale, &done.to_string(), &total.to_string())
}

#[cfg(target_arch = "wasm32")]
pub(super) use kept::live;

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn live() {}

#[cfg(target_arch = "wasm32")]
mod kept {
    use contract::Locale;
    use leptos::prelude::window;
    use wasm_bindgen::JsCast as _;
    use web_sys::{Element, HtmlInputElement};

    use super::done_of;
    use crate::{
        i18n::use_locale,
        take_part::activist,
        ui::live::{find, find_all, listen, listen_to_storage, write},
    };

    /// What the names of what is kept start with; the role follows.
    const KEY: &str = "steps-";

    /// Ticks what this device remembers, remembers what is ticked, and follows
    /// other tabs.
    pub(in crate::take_part) fn live() {
        let locale = use_locale();
        let Some(section) = find(".checklist") else { return };
        let key = [KEY, &section.get_attribute("data-role").unwrap_or_default()].concat();
        // Somebody may have ticked a box before the app ran.
        for input in boxes(&section).filter(HtmlInputElement::checked) {
            change(&key, &input.value(), true);
        }
        read_into(&section, &key, locale);
        let (own, own_key) = (section.clone(), key.clone());
        listen(&section, "change", move |event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                if change(&own_key, &input.value(), input.checked()) {
                    read_into(&own, &own_key, locale);
                } else {
                    // Storage is blocked or full: ticks then last as long as the page.
                    count(&own, locale);
                }
            }
        });
        listen_to_storage(move |changed| {
            if changed.is_none_or(|changed| changed == key) {
                read_into(&section, &key, locale);
            }
        });
    }

    fn boxes(section: &Element) -> impl Iterator<Item = HtmlInputElement> {
        find_all(section, "input").into_iter().filter_map(|input| input.dyn_into().ok())
    }

    fn read_into(section: &Element, key: &str, locale: Locale) {
        if storage().is_some() {
            let known = read(key);
            for input in boxes(section) {
                input.set_checked(known.contains(&input.value()));
            }
        }
        count(section, locale);
    }

    /// Says how many steps are done, and what somebody is who has done all.
    fn count(section: &Element, locale: Locale) {
        let (done, total) = boxes(section)
            .fold((0, 0), |(done, total), input| (done + usize::from(input.checked()), total + 1));
        write(".checklist__done", &done_of(done, total, locale));
        let Some(end) = find(".checklist__end") else { return };
        let all = total > 0 && done == total;
        if all != end.has_child_nodes() {
            end.set_inner_html(&if all { activist::panel(locale) } else { String::new() });
            activist::draw(locale);
        }
    }

    fn storage() -> Option<web_sys::Storage> {
        window().local_storage().ok().flatten()
    }

    /// The names of what is done, as they are kept: with spaces between them.
    fn read(key: &str) -> Vec<String> {
        let kept = storage().and_then(|storage| storage.get_item(key).ok().flatten());
        kept.unwrap_or_default().split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// Changes one name of what is kept now, so that nothing is lost that another
    /// tab has ticked; says whether that could be stored.
    fn change(key: &str, name: &str, is_done: bool) -> bool {
        let mut kept = read(key);
        kept.retain(|known| known != name);
        if is_done {
            kept.push(name.to_owned());
        }
        let Some(storage) = storage() else { return false };
        if kept.is_empty() {
            return storage.remove_item(key).is_ok();
        }
        storage.set_item(key, &kept.join(" ")).is_ok()
    }
}
