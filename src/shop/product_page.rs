//! A product: pictures, price, order form and details. The URL selects the variant shown.

use contract::{
    shop::{FindProduct, Product, vat_in},
    term::Term,
};
use leptos::prelude::*;

use super::{
    card::Cards, contact_details::ContactDetails, facts::Facts, selected::Selected, stock,
    variant_form::VariantForm,
};
use crate::{
    api,
    basket::AddToBasket,
    i18n::{format, frame, shop as t, use_locale},
    render::{PageSubject, set_subject},
    routes::{self, Route},
    ui::{Head, PageHead, Picture, PictureDetail, Remote},
};

#[component]
pub(crate) fn ProductPage() -> impl IntoView {
    let locale = use_locale();
    // The component is reused from one product to another.
    let slug = routes::param("product");
    let product = api::resource(move || FindProduct { slug: slug.get(), locale });
    view! { <Remote data=product let:product> <ProductView product/> </Remote> }
}

#[component]
fn ProductView(product: Product) -> impl IntoView {
    let locale = use_locale();
    set_subject(PageSubject::Product(Box::new(product.clone())));
    let head = Head {
        title: product.text.name.clone(),
        description: product.text.summary.clone(),
        route: Some(Route::Product(product.slug.clone())),
    };
    let name = product.text.name.clone();
    let summary = product.text.summary.clone();
    let category = product.category.clone();
    let order_by = product.order_by;
    let related = product.related.clone();
    let has_choice = product.variants.len() > 1;
    let selected = Selected::new(product);
    view! {
        <PageHead head/>
        <div class="wrap product">
            <Breadcrumb category/>
            <Pictures selected/>
            <div class="product__main">
                <h1 class="product__name" id="page-heading" tabindex="-1">{name}</h1>
                <p class="lede">{summary}</p>
                <Offer selected/>
                // Another product gets new forms, without earlier input.
                <For
                    each=move || [selected]
                    key=|selected| selected.product.with_value(|product| product.slug.clone())
                    let:selected
                >
                    {has_choice.then(|| view! { <VariantForm selected/> })}
                    <AddToBasket product=selected.product chosen=selected.chosen/>
                </For>
                <div class="product__order">
                    {order_by.map(|day| {
                        view! { <p>{t::order_by(locale, &format::short_date(locale, day))}</p> }
                    })}
                    <p>
                        <a class="more" href=Route::DeliveryAndReturns.href(locale)>{frame::returns(locale)}</a>
                    </p>
                    <ContactDetails selected/>
                </div>
            </div>
        </div>
        <Facts selected/>
        <section class="wrap section" aria-labelledby="related-title">
            <h2 id="related-title">{t::related(locale)}</h2>
            <ul class="products" role="list"><Cards products=related/></ul>
        </section>
    }
}

#[component]
fn Breadcrumb(category: Term) -> impl IntoView {
    let locale = use_locale();
    let shop = Route::Shop.href(locale);
    let in_category = [&shop, "?category=", &category.value].concat();
    view! {
        <nav class="crumbs" aria-label=t::crumbs(locale)>
            <a href=shop>{t::title(locale)}</a>
            " "
            <span aria-hidden="true">"/"</span>
            " "
            <a href=in_category>{category.label}</a>
        </nav>
    }
}

/// The whole picture, a close-up, and the other sides.
#[component]
fn Pictures(selected: Selected) -> impl IntoView {
    let colour =
        move || selected.with(|_, variant| variant.colour.as_ref().map(|colour| colour.value.clone()));
    let label = move || {
        selected.with(|product, variant| match &variant.colour {
            Some(colour) => [&product.text.name, ", ", &colour.label].concat(),
            None => product.text.name.clone(),
        })
    };
    let mut names = selected.product.with_value(|product| product.pictures.clone()).into_iter();
    let front = names.next().map(|name| {
        view! {
            <div class="product__picture product__picture--front">
                <Picture name=name.clone() class="product__drawing"/>
            </div>
            <div class="product__picture">
                <PictureDetail name class="product__detail"/>
            </div>
        }
    });
    let others = names
        .map(|name| {
            view! {
                <div class="product__picture">
                    <Picture name class="product__drawing"/>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="product__pictures" role="img" data-colour=colour aria-label=label>
            {front}
            {others}
        </div>
    }
}

/// The price, and whether it is in stock.
#[component]
fn Offer(selected: Selected) -> impl IntoView {
    let locale = use_locale();
    let price = move || selected.with(|_, variant| format::price(locale, variant.price_pence));
    let vat = move || {
        selected.with(|product, variant| match (product.cap, product.vat_percent) {
            (Some(cap), _) => {
                let most = product.branch_cap.unwrap_or(cap);
                t::cap(locale, &most.to_string(), &cap.to_string())
            }
            (None, 0) => t::no_vat(locale).to_owned(),
            (None, percent) => {
                let vat = format::price(locale, vat_in(variant.price_pence.into(), percent));
                t::with_vat(locale, &vat)
            }
        })
    };
    let days = selected.product.with_value(|product| product.made_to_order_days);
    view! {
        <div class="product__offer">
            <p class="product__price">{move || price()}</p>
            <p>{move || vat()}</p>
            <p class="tag">{move || selected.with(|_, variant| stock::sentence(locale, variant.stock_left))}</p>
            {days.map(|days| view! { <p>{t::made_to_order(locale, &days.to_string())}</p> })}
        </div>
    }
}
