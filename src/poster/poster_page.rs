//! The form for the words, and what comes of them. Without the app it prints a
//! PDF; with it the poster is seen while somebody types.

use contract::{
    Locale,
    poster::{Look, Paper, Poster, PosterField},
};
use leptos::prelude::*;

use super::told::{label, mistakes};
use crate::{
    i18n::{documents, poster as t, use_locale},
    routes::Route,
    ui::{Head, Markup, TextPage, error_list, fixed_page, limit_text, markup},
};

#[component]
pub(crate) fn PosterPage() -> impl IntoView {
    let locale = use_locale();
    // What a browser without script has sent, where something was wrong with it.
    let posted = use_context::<Poster>();
    #[cfg(feature = "ssr")]
    if posted.is_some() {
        crate::render::Collector::set_status(422);
    }
    fixed_page(page(posted.as_ref(), locale))
}

fn page(posted: Option<&Poster>, locale: Locale) -> TextPage {
    let mut wrong = posted.map(|poster| mistakes(locale, poster)).unwrap_or_default();
    let refused = !wrong.is_empty();
    wrong.extend(limit_text(locale).map(|text| ("page-heading", text)));
    let poster = posted.cloned().unwrap_or_default();
    let mut out = Markup::default();
    markup!(out, "<div class='wrap page-start'><p class='crumb'><a href='" (Route::Resources.href(locale)) "'>"
        (documents::title(locale)) "</a></p><h1 id='page-heading' tabindex='-1'>" (t::title(locale))
        "</h1><p class='lede'>" (t::summary(locale)) "</p></div><div class='wrap poster'><div class='poster__mistakes'>");
    if !wrong.is_empty() {
        error_list(&mut out, &wrong, locale);
    }
    markup!(out, "</div><form class='poster__form' method='post' novalidate autocomplete='off' action='"
        (Route::PosterMaker.href(locale)) "'>");
    out.raw("<div class='poster__fields'>");
    for field in PosterField::ALL {
        add_field(&mut out, field, &poster, &wrong, locale);
    }
    let looks = [(Look::Bold, t::bold(locale)), (Look::Light, t::light(locale))];
    let looks = looks.map(|(look, name)| (look.value(), name, look == poster.look));
    add_choice(&mut out, "look", t::look(locale), &looks);
    let papers = [(Paper::A4, "A4"), (Paper::A3, "A3")];
    let papers = papers.map(|(paper, name)| (paper.value(), name, paper == poster.paper));
    add_choice(&mut out, "paper", t::paper(locale), &papers);
    markup!(out, "</div><figure class='poster__preview' data-needs-app><canvas class='poster__canvas' width='1000'"
        " height='1414' role='img' aria-label='" (t::preview_shows(locale)) "'></canvas><figcaption>"
        (t::preview(locale)) "</figcaption></figure><div class='poster__finish'><p class='actions'>"
        "<button class='button button--main' type='submit'>" (t::print(locale))
        "</button><button class='button' type='button' data-picture data-needs-app>" (t::save_picture(locale))
        "</button></p><p class='poster__status' role='status'></p><p class='poster__note'>" (t::note(locale))
        "</p></div></form></div>");
    TextPage {
        head: Head {
            title: if refused { t::title_refused(locale) } else { t::title(locale) }.to_owned(),
            description: t::summary(locale).to_owned(),
            route: Some(Route::PosterMaker),
        },
        html: out.html(),
        live,
    }
}

fn add_field(
    out: &mut Markup,
    field: PosterField,
    poster: &Poster,
    wrong: &[(&'static str, String)],
    locale: Locale,
) {
    let name = field.name();
    let mistake = wrong.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str());
    let invalid = if mistake.is_some() { "true" } else { "false" };
    let typed = poster.field(field);
    let hint = match field {
        PosterField::Headline => t::headline_hint(locale),
        PosterField::Words => t::words_hint(locale),
        PosterField::Time => t::time_hint(locale),
        PosterField::Place => t::place_hint(locale),
        PosterField::Branch => t::branch_hint(locale),
        PosterField::Link => t::link_hint(locale),
    };
    markup!(out, "<div class='field'><label class='field__label' for='" (name) "'>" (label(locale, field))
        "</label><p class='field__hint' id='" (name) "-hint'>" (hint) "</p><p class='field__error' id='" (name)
        "-error'>" (mistake.unwrap_or_default()) "</p>");
    if field == PosterField::Words {
        out.raw("<textarea rows='4'");
    } else {
        markup!(out, "<input value='" (typed) "' type='text'");
    }
    markup!(out, " class='field__input' id='" (name) "' name='" (name) "' aria-invalid='" (invalid)
        "' aria-describedby='" (name) "-error " (name) "-hint'>");
    if field == PosterField::Words {
        markup!(out, "\n" (typed) "</textarea>");
    }
    out.raw("</div>");
}

/// Adds a choice of one; each is its value, its name, and whether it is chosen.
fn add_choice(out: &mut Markup, name: &str, label: &str, choices: &[(&str, &str, bool)]) {
    markup!(out, "<fieldset class='choices'><legend class='choices__label'>" (label)
        "</legend><div class='choices__row'>");
    for (value, text, chosen) in choices {
        markup!(out, "<label class='choice'><input class='choice__box' type='radio' name='" (name) "' value='"
            (value) "'");
        if *chosen {
            out.raw(" checked");
        }
        markup!(out, "><span class='choice__label'>" (text) "</span></label>");
    }
    out.raw("</div></fieldset>");
}

fn live() {
    #[cfg(target_arch = "wasm32")]
    super::live::live();
}
