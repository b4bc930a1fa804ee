//! Component tests in a real browser: effects on storage, focus and the document, which a
//! simulated DOM would not show.
#![cfg(target_arch = "wasm32")]

use campaign_hub::{a11y::ContrastSwitch, app::App, device::DeviceStorage, i18n};
use contract::Locale;
use leptos::{prelude::*, task::tick};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// Mounts a component in a container of its own, in a language.
fn mount<V: IntoView + 'static>(locale: Locale, view: fn() -> V) -> HtmlElement {
    let host: HtmlElement = document().create_element("div").expect("an element").unchecked_into();
    document().body().expect("a body").append_child(&host).expect("a child");
    leptos::mount::mount_to(host.clone(), move || {
        i18n::provide_locale(locale);
        view()
    })
    .forget();
    host
}

fn find(host: &Element, selector: &str) -> HtmlElement {
    host.query_selector(selector).expect("a selector").expect(selector).unchecked_into()
}

fn storage() -> web_sys::Storage {
    window().local_storage().expect("storage is allowed").expect("storage")
}

#[wasm_bindgen_test]
async fn device_storage_lists_the_contrast_setting_and_deletes_it() {
    storage().set_item("contrast", "high").expect("room");
    storage().set_item("left-behind", "1").expect("room");
    let host = mount(Locale::En, || view! { <DeviceStorage/> });
    tick().await;
    let list = find(&host, "ul").inner_text();
    assert!(list.contains("Your high contrast setting") && list.contains("left-behind"), "{list}");
    find(&host, "button").click();
    tick().await;
    assert_eq!(storage().length(), Ok(0));
    assert!(find(&host, "[role=status]").inner_text().starts_with("Cleared."));
    assert!(host.query_selector("button").expect("a selector").is_none());
}

#[wasm_bindgen_test]
async fn device_storage_shows_when_nothing_is_stored() {
    storage().clear().expect("storage");
    let host = mount(Locale::Cy, || view! { <DeviceStorage/> });
    tick().await;
    assert!(find(&host, "[role=status]").inner_text().starts_with("Nid yw’r wefan hon wedi cadw dim"));
}

#[wasm_bindgen_test]
async fn contrast_switch_starts_in_the_document_s_state() {
    let root = document().document_element().expect("a root");
    root.set_attribute("data-contrast", "high").expect("an attribute");
    let on = mount(Locale::En, || view! { <ContrastSwitch/> });
    tick().await;
    root.set_attribute("data-contrast", "standard").expect("an attribute");
    let off = mount(Locale::En, || view! { <ContrastSwitch/> });
    tick().await;
    assert_eq!(find(&on, "button").get_attribute("aria-pressed").as_deref(), Some("true"));
    assert_eq!(find(&off, "button").get_attribute("aria-pressed").as_deref(), Some("false"));
    // As boot.js reports a change.
    window().dispatch_event(&web_sys::Event::new("contrast").expect("an event")).expect("a listener");
    tick().await;
    assert_eq!(find(&on, "button").get_attribute("aria-pressed").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn failed_api_requests_show_an_error_within_the_frame() {
    // The test's own server has no API and responds with something else.
    window()
        .history()
        .expect("history")
        .replace_state_with_url(&"".into(), "", Some("/"))
        .expect("an address");
    let host = mount(Locale::En, App);
    for _ in 0..200 {
        wait(10).await;
        if host.query_selector("h1").expect("a selector").is_some() {
            break;
        }
    }
    assert_eq!(find(&host, "h1").inner_text(), "You need the latest version of this site");
    assert_eq!(find(&host, "main button").inner_text(), "Try again");
    assert!(document().title().starts_with("You need the latest version"));
    assert!(find(&host, "footer").inner_text().contains("Privacy"));
}

/// Waits for `ms` milliseconds while the browser works.
async fn wait(ms: i32) {
    let timer = js_sys::Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).expect("a timer");
    });
    wasm_bindgen_futures::JsFuture::from(timer).await.expect("a timer never fails");
}
