//! “You are an activist”: shown once all steps are completed, with an image to share that is
//! drawn on this device.

use leptos::{html, prelude::*, task::spawn_local};

use super::activist_picture::draw;
use crate::{
    i18n::{take_part as t, use_locale},
    ui::canvas::load_drawn_face,
};

#[component]
pub(super) fn Activist() -> impl IntoView {
    let locale = use_locale();
    let canvas = NodeRef::<html::Canvas>::new();
    // The image as a data URL.
    let picture = RwSignal::new(None::<String>);
    canvas.on_load(move |canvas| {
        spawn_local(async move {
            load_drawn_face().await;
            picture.set(draw(&canvas, locale));
        });
    });
    view! {
        <div class="activist" role="group" aria-labelledby="activist-title">
            <h3 id="activist-title">{t::activist(locale)}</h3>
            <p>{t::activist_body(locale)}</p>
            <canvas
                class="activist__picture"
                node_ref=canvas
                width="1080"
                height="1080"
                role="img"
                aria-label=t::picture_shows(locale)
            ></canvas>
            <p class="actions">
                <a
                    class="button button--main"
                    rel="external"
                    download="activist.png"
                    href=move || picture.get()
                    hidden=move || picture.with(Option::is_none)
                >
                    {t::download(locale)}
                </a>
            </p>
        </div>
    }
}
