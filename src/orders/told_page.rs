//! An order in the browser. The server has told all of it, and its forms are plain
//! ones: the app leaves it as it is, and needs no code for it.

use contract::{orders::FindOrder, shop::FindShop};
use leptos::prelude::*;

use crate::{
    api,
    i18n::{order as t, use_locale},
    routes::{self, Route},
    ui::{Head, told_page},
};

#[component]
pub(crate) fn OrderPage() -> impl IntoView {
    let locale = use_locale();
    let token = routes::param("token");
    // What the document was made of; only the server reads it.
    let data = api::load_both(move || FindOrder { token: token.get(), locale }, &FindShop { locale });
    told_page(
        data,
        move |title| Head { title, description: t::summary(locale).to_owned(), route: None },
        move || Route::Order(token.get_untracked()).href(locale),
    )
}
