//! Posts to share: copied, passed to the device's share menu, or opened on a social network
//! with a plain link. No code of a network is loaded here.

use contract::{query, take_part::Post};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::ShareData;

use crate::i18n::{take_part as t, use_locale};

/// The share pages of social networks, with the parameter `text`.
const NETWORKS: [(&str, &str); 4] = [
    ("WhatsApp", "https://wa.me/"),
    ("Bluesky", "https://bsky.app/intent/compose"),
    ("Mastodon", "https://mastodonshare.com/"),
    ("X", "https://x.com/intent/post"),
];

/// What this browser can do with a post. Unknown until the app runs.
#[derive(Clone, Copy)]
struct ShareSupport {
    can_copy: RwSignal<bool>,
    can_share: RwSignal<bool>,
}

impl ShareSupport {
    fn detect() -> Self {
        let support = Self { can_copy: RwSignal::new(false), can_share: RwSignal::new(false) };
        Effect::new(move |_| {
            let navigator = window().navigator();
            let has = |name: &str| {
                let value = js_sys::Reflect::get(&navigator, &JsValue::from_str(name));
                value.is_ok_and(|value| value.is_truthy())
            };
            support.can_copy.set(has("clipboard"));
            support.can_share.set(has("share"));
        });
        support
    }
}

/// The posts, each with the site's URL at the end.
#[component]
pub(super) fn Posts(posts: Vec<Post>, address: String) -> impl IntoView {
    let locale = use_locale();
    let support = ShareSupport::detect();
    // Whether the last copy succeeded; none while it is in progress.
    let is_copied = RwSignal::new(None::<bool>);
    let posts = posts
        .into_iter()
        .map(|Post { title, text }| {
            let text = [&text, " ", &address].concat();
            view! { <PostItem title text support is_copied/> }
        })
        .collect_view();
    let status = move || {
        is_copied.get().map(|is_copied| if is_copied { t::copied(locale) } else { t::not_copied(locale) })
    };
    view! {
        <section class="wrap section posts" id="posts" aria-labelledby="posts-title">
            <h2 id="posts-title">{t::posts(locale)}</h2>
            <p>{t::posts_body(locale)}</p>
            <ul class="post-list" role="list">{posts}</ul>
            <p class="post-list__status" role="status">{move || status()}</p>
        </section>
    }
}

#[component]
fn PostItem(
    title: String,
    text: String,
    support: ShareSupport,
    is_copied: RwSignal<Option<bool>>,
) -> impl IntoView {
    let locale = use_locale();
    let ShareSupport { can_copy, can_share } = support;
    let networks = NETWORKS.map(|(name, base)| {
        let href = query(base, &[("text", &text)]);
        view! {
            " "
            <a rel="external noopener noreferrer" href=href>{name}</a>
        }
    });
    let quote = text.clone();
    let text = StoredValue::new(text);
    let copy = move |_| {
        let copying =
            text.with_value(|text| JsFuture::from(window().navigator().clipboard().write_text(text)));
        // A live region does not announce the same text twice.
        is_copied.set(None);
        spawn_local(async move { is_copied.set(Some(copying.await.is_ok())) });
    };
    let share = move |_| {
        let data = ShareData::new();
        text.with_value(|text| data.set_text(text));
        let sharing = JsFuture::from(window().navigator().share_with_data(&data));
        // Closing the menu is not an error.
        spawn_local(async move { _ = sharing.await });
    };
    view! {
        <li class="post">
            <h3>{title}</h3>
            <blockquote class="post__text">{quote}</blockquote>
            <p class="actions">
                <button class="button" type="button" hidden=move || !can_copy.get() on:click=copy>
                    {t::copy(locale)}
                </button>
                " "
                <button class="button" type="button" hidden=move || !can_share.get() on:click=share>
                    {t::share(locale)}
                </button>
            </p>
            <p class="post__networks">{t::share_on(locale)} {networks}</p>
        </li>
    }
}
