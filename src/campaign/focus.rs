//! What the year is about, with a note before the detail.

use contract::campaign::Focus;
use leptos::prelude::*;

use super::figure::ShareFigure;
use crate::{
    i18n::{hub as t, use_locale},
    ui::Notice,
};

#[component]
pub(super) fn FocusSection(focus: Focus) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="focus section" id="focus" aria-labelledby="focus-title">
            <div class="focus__inner wrap">
                <div class="focus__text">
                    <p class="kicker">{t::this_year(locale)}</p>
                    <h2 id="focus-title">{focus.title}</h2>
                    <Notice title=t::content_note(locale)>
                        <p>{focus.content_note}</p>
                    </Notice>
                    <div class="focus__detail" inner_html=focus.html></div>
                </div>
                <ShareFigure figure=focus.figure/>
            </div>
        </section>
    }
}
