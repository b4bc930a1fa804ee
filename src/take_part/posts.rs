//! Posts to share: copied, handed to the device's own share menu, or taken to a
//! network by a plain link. Nothing of a network is loaded here.

use contract::{Locale, query, take_part::Post};

use crate::{
    i18n::take_part as t,
    ui::{Markup, markup},
};

/// Where a network takes a text, as its parameter `text`.
const NETWORKS: [(&str, &str); 4] = [
    ("WhatsApp", "https://wa.me/"),
    ("Bluesky", "https://bsky.app/intent/compose"),
    ("Mastodon", "https://mastodonshare.com/"),
    ("X", "https://x.com/intent/post"),
];

/// Adds the posts, each with the site's address at its end. Buttons that need the
/// app are hidden until it runs.
pub(super) fn add(out: &mut Markup, posts: &[Post], address: &str, locale: Locale) {
    markup!(out, "<section class='wrap section posts' id='posts' aria-labelledby='posts-title'><h2 id='posts-title'>"
        (t::posts(locale)) "</h2><p>" (t::posts_body(locale)) "</p><ul class='post-list' role='list'>");
    for post in posts {
        let text = [&post.text, " ", address].concat();
        markup!(out, "<li class='post'><h3>" (post.title) "</h3><blockquote class='post__text'>" (text)
            "</blockquote><p class='actions'><button class='button' type='button' data-copy hidden>" (t::copy(locale))
            "</button> <button class='button' type='button' data-share hidden>" (t::share(locale))
            "</button></p><p class='post__networks'>" (t::share_on(locale)));
        for (name, base) in NETWORKS {
            markup!(out, " <a rel='external noopener noreferrer' href='" (query(base, &[("text", &text)])) "'>" (name)
                "</a>");
        }
        out.raw("</p></li>");
    }
    out.raw("</ul><p class='post-list__said' role='status'></p></section>");
}

/// Shows the buttons whose promise this browser can keep, and listens to them.
#[cfg(target_arch = "wasm32")]
pub(super) fn live() {
    use leptos::prelude::window;
    use wasm_bindgen::{JsCast as _, JsValue};
    use wasm_bindgen_futures::{JsFuture, spawn_local};
    use web_sys::Element;

    use crate::{
        i18n::use_locale,
        ui::live::{find, find_all, listen, write},
    };

    let locale = use_locale();
    let Some(section) = find(".posts") else { return };
    let navigator = window().navigator();
    let can = |name: &str| {
        js_sys::Reflect::get(&navigator, &JsValue::from_str(name)).is_ok_and(|value| value.is_truthy())
    };
    for (name, selector) in [("clipboard", "[data-copy]"), ("share", "[data-share]")] {
        if can(name) {
            for button in find_all(&section, selector) {
                _ = button.remove_attribute("hidden");
            }
        }
    }
    listen(&section, "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(button) = target.filter(|target| target.tag_name() == "BUTTON") else { return };
        let post = button.closest(".post").ok().flatten();
        let text = post.and_then(|post| post.query_selector(".post__text").ok().flatten());
        let text = text.and_then(|text| text.text_content()).unwrap_or_default();
        let navigator = window().navigator();
        if button.has_attribute("data-copy") {
            let copying = JsFuture::from(navigator.clipboard().write_text(&text));
            spawn_local(async move {
                // The same words twice would not be said twice.
                write(".post-list__said", "");
                let copied = copying.await.is_ok();
                write(".post-list__said", if copied { t::copied(locale) } else { t::not_copied(locale) });
            });
        } else {
            let data = web_sys::ShareData::new();
            data.set_text(&text);
            // Whoever closes the menu has changed their mind.
            let sharing = JsFuture::from(navigator.share_with_data(&data));
            spawn_local(async move { _ = sharing.await });
        }
    });
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn live() {}
