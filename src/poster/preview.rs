//! The live preview of the poster.

use leptos::{html, prelude::*, task::spawn_local};

use super::{
    picture::{PICTURE_WIDTH, paint},
    poster_form::PosterForm,
};
use crate::{
    i18n::{poster as t, use_locale},
    ui::canvas::load_drawn_face,
};

#[component]
pub(super) fn Preview(
    form: PosterForm,
    /// The URL of the page on joining.
    join_address: StoredValue<String>,
) -> impl IntoView {
    let locale = use_locale();
    let canvas = NodeRef::<html::Canvas>::new();
    let has_face = RwSignal::new(false);
    Effect::new(move |_| {
        spawn_local(async move {
            load_drawn_face().await;
            has_face.set(true);
        });
    });
    Effect::new(move |_| {
        has_face.track();
        let poster = form.poster();
        let join_address = join_address.get_value();
        if let Some(canvas) = canvas.get() {
            // Uses the width on the page, which is known once it is laid out.
            request_animation_frame(move || {
                let shown = canvas.get_bounding_client_rect().width() * window().device_pixel_ratio();
                let width = shown.clamp(200.0, f64::from(PICTURE_WIDTH));
                paint(&canvas, width, &poster, &join_address, locale);
            });
        }
    });
    view! {
        <figure class="poster__preview" data-needs-app="">
            <canvas
                class="poster__canvas"
                node_ref=canvas
                width="1000"
                height="1414"
                role="img"
                aria-label=t::preview_shows(locale)
            ></canvas>
            <figcaption>{t::preview(locale)}</figcaption>
        </figure>
    }
}
