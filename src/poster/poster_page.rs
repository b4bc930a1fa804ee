//! The poster form and its result. Without the app it submits and gets a PDF; with the app
//! there is a live preview.

use contract::poster::{Look, Paper, Poster, PosterField};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    picture,
    poster_form::PosterForm,
    preview::Preview,
    validation_errors::{label, validation_errors},
};
use crate::{
    api,
    i18n::{documents, poster as t, use_locale},
    render::set_status,
    routes::Route,
    ui::{ErrorSummary, FormError, Head, PageHead, RadioButtons, TextArea, TextInput, limit_text},
};

#[component]
pub(crate) fn PosterPage() -> impl IntoView {
    let locale = use_locale();
    // The form as submitted without JavaScript, if it had errors.
    let posted = api::from_server::<Poster>();
    if posted.is_some() {
        set_status(422);
    }
    let mut errors = posted.as_ref().map(|poster| validation_errors(locale, poster)).unwrap_or_default();
    let is_refused = !errors.is_empty();
    errors.extend(limit_text(locale).map(|text| FormError::new("page-heading", text)));
    let join_address = StoredValue::new(picture::join_address(locale));
    let form = PosterForm::new(&posted.unwrap_or_default(), errors);
    let head = Head {
        title: t::title(locale).to_owned(),
        description: t::summary(locale).to_owned(),
        route: Some(Route::PosterMaker),
    };
    let summary = move || {
        let errors = form.errors.get();
        (!errors.is_empty()).then(|| view! { <ErrorSummary errors/> })
    };
    let print = move |event: SubmitEvent| {
        if form.validate(locale).is_some() {
            form.set_status(t::printing(locale));
        } else {
            event.prevent_default();
        }
    };
    let save_picture = move |_| {
        if let Some(poster) = form.validate(locale) {
            let is_saved = picture::save(&poster, &join_address.get_value(), locale).is_some();
            form.set_status(if is_saved { t::saved(locale) } else { t::not_saved(locale) });
        }
    };
    view! {
        <PageHead head=if is_refused { head.with_error(locale) } else { head }/>
        <div class="wrap page-start">
            <p class="crumb">
                <a href=Route::Resources.href(locale)>{documents::title(locale)}</a>
            </p>
            <h1 id="page-heading" tabindex="-1">{t::title(locale)}</h1>
            <p class="lede">{t::summary(locale)}</p>
        </div>
        <div class="wrap poster">
            {move || summary()}
            <form
                class="poster__form"
                method="post"
                novalidate
                autocomplete="off"
                action=api::server_href(&Route::PosterMaker.href(locale))
                on:submit=print
            >
                <Fields form/>
                <Preview form join_address/>
                <div class="poster__finish">
                    <p class="actions">
                        <button class="button button--main" type="submit">{t::print(locale)}</button>
                        <button class="button" type="button" data-needs-app="" on:click=save_picture>
                            {t::save_picture(locale)}
                        </button>
                    </p>
                    <p class="poster__status" role="status">{move || form.status.get()}</p>
                    <p class="poster__note">{t::note(locale)}</p>
                </div>
            </form>
        </div>
    }
}

#[component]
fn Fields(form: PosterForm) -> impl IntoView {
    let locale = use_locale();
    let looks = [(Look::Bold, t::bold(locale)), (Look::Light, t::light(locale))];
    let looks = looks.map(|(look, label)| (look, look.value(), label)).to_vec();
    let papers = [(Paper::A4, "A4"), (Paper::A3, "A3")];
    let papers = papers.map(|(paper, label)| (paper, paper.value(), label)).to_vec();
    view! {
        <div class="poster__fields">
            {PosterField::ALL.map(|field| view! { <Field form field/> })}
            <fieldset class="choices">
                <legend class="choices__label">{t::look(locale)}</legend>
                <div class="choices__row">
                    <RadioButtons name="look" choices=looks chosen=form.look/>
                </div>
            </fieldset>
            <fieldset class="choices">
                <legend class="choices__label">{t::paper(locale)}</legend>
                <div class="choices__row">
                    <RadioButtons name="paper" choices=papers chosen=form.paper/>
                </div>
            </fieldset>
        </div>
    }
}

#[component]
fn Field(form: PosterForm, field: PosterField) -> impl IntoView {
    let locale = use_locale();
    let (id, label) = (field.name(), label(locale, field));
    let hint = match field {
        PosterField::Headline => t::headline_hint(locale),
        PosterField::Words => t::words_hint(locale),
        PosterField::Time => t::time_hint(locale),
        PosterField::Place => t::place_hint(locale),
        PosterField::Branch => t::branch_hint(locale),
        PosterField::Link => t::link_hint(locale),
    };
    let (value, error) = (form.text(field), form.error(field));
    if field == PosterField::Words {
        view! { <TextArea id label hint error value rows=4/> }.into_any()
    } else {
        view! { <TextInput id label hint error value/> }.into_any()
    }
}
