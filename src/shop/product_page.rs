//! A product: what it looks like, what it costs, and what it is made of. The
//! address says which of its variants is shown.

use contract::{
    Locale,
    shop::{FindProduct, Product, Variant, choose_variant, vat_in},
};
use leptos::prelude::*;

use super::{card::cards, choice::Choice, facts::facts, stock};
use crate::{
    api,
    basket::Add,
    i18n::{format, shop as t, use_locale},
    routes::{self, Route},
    ui::{Head, Markup, PageHead, dial_href, markup, remote},
};

#[component]
pub(crate) fn ProductPage() -> impl IntoView {
    let locale = use_locale();
    // From one product to another the page stays.
    let slug = routes::param("product");
    let data = api::load_again(move || FindProduct { slug: slug.get(), locale });
    remote(data, |product| view! { <Content product/> })
}

#[component]
fn Content(product: Product) -> impl IntoView {
    let locale = use_locale();
    #[cfg(feature = "ssr")]
    crate::render::Collector::set_about(crate::render::About::Product(Box::new(product.clone())));
    let head = Head {
        title: product.text.name.clone(),
        description: product.text.summary.clone(),
        route: Some(Route::Product(product.slug.clone())),
    };
    let name = product.text.name.clone();
    let summary = product.text.summary.clone();
    let crumbs = crumbs(&product, locale);
    let related = cards(&product.related, locale);
    let shown = Shown::new(product);
    view! {
        <PageHead head/>
        <div class="wrap product">
            <nav class="crumbs" aria-label=t::crumbs(locale) inner_html=crumbs></nav>
            <div inner_html=move || shown.with(pictures)></div>
            <div class="product__main">
                <h1 class="product__name" id="page-heading" tabindex="-1">{name}</h1>
                <p class="lede">{summary}</p>
                <div
                    class="product__offer"
                    inner_html=move || shown.with(|product, variant| offer(product, variant, locale))
                ></div>
                <Choice shown/>
                <Add product=shown.product chosen=shown.chosen/>
                <div
                    class="notice product__order"
                    inner_html=move || shown.with(|product, variant| order(product, variant, locale))
                ></div>
            </div>
        </div>
        <section class="product-facts" aria-labelledby="facts-title">
            <div
                class="wrap section product-facts__inner"
                inner_html=move || shown.with(|product, variant| facts(product, variant, locale))
            ></div>
        </section>
        <section class="wrap section" aria-labelledby="related-title">
            <h2 id="related-title">{t::related(locale)}</h2>
            <ul class="products" role="list" inner_html=related></ul>
        </section>
    }
}

/// The product, and which of its variants is shown.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) product: StoredValue<Product>,
    /// An index into its variants.
    pub(super) chosen: Memo<usize>,
}

impl Shown {
    fn new(product: Product) -> Self {
        let query = routes::query_at(Route::Product(product.slug.clone()).path());
        let product = StoredValue::new(product);
        let chosen = Memo::new(move |_| {
            let wanted = query.with(|query| routes::wanted_in(query));
            product.with_value(|product| {
                choose_variant(&product.variants, wanted.each_ref().map(Option::as_deref))
            })
        });
        Self { product, chosen }
    }

    /// What `view` makes of the product and the variant, anew for each variant.
    pub(super) fn with<T>(self, view: impl FnOnce(&Product, &Variant) -> T) -> T {
        let chosen = self.chosen.get();
        self.product.with_value(|product| view(product, &product.variants[chosen]))
    }
}

fn crumbs(product: &Product, locale: Locale) -> String {
    let mut out = Markup::default();
    let shop = Route::Shop.href(locale);
    markup!(out, "<a href='" (shop) "'>" (t::title(locale)) "</a> <span aria-hidden='true'>/</span> <a href='" (shop)
        "?category=" (product.category.value) "'>" (product.category.label) "</a>");
    out.html()
}

/// The drawing as a whole, a piece of it from nearby, and the other sides.
fn pictures(product: &Product, variant: &Variant) -> String {
    let mut out = Markup::default();
    out.raw("<div class='product__pictures' role='img'");
    if let Some(colour) = &variant.colour {
        markup!(out, " data-colour='" (colour.value) "' aria-label='" (product.text.name) ", " (colour.label) "'>");
    } else {
        markup!(out, " aria-label='" (product.text.name) "'>");
    }
    for (index, name) in product.pictures.iter().enumerate() {
        out.raw(match index {
            0 => "<div class='product__picture product__picture--front'>",
            _ => "<div class='product__picture'>",
        });
        out.picture(name, "product__drawing");
        out.raw("</div>");
        if index == 0 {
            out.raw("<div class='product__picture'>");
            out.picture_detail(name, "product__detail");
            out.raw("</div>");
        }
    }
    out.raw("</div>");
    out.html()
}

/// What it costs, and whether it can be had.
fn offer(product: &Product, variant: &Variant, locale: Locale) -> String {
    let vat = match (product.cap, product.vat_percent) {
        (Some(cap), _) => {
            let most = product.branch_cap.unwrap_or(cap);
            t::cap(locale, &most.to_string(), &cap.to_string())
        }
        (None, 0) => t::no_vat(locale).to_owned(),
        (None, percent) => {
            let vat = format::price(locale, vat_in(variant.price_pence.into(), percent));
            t::with_vat(locale, &vat)
        }
    };
    let price = format::price(locale, variant.price_pence);
    let mut out = Markup::default();
    markup!(out, "<p class='product__price'>" (price) "</p><p>" (vat) "</p><p class='tag'>"
        (stock::sentence(locale, variant.left)) "</p>");
    out.html()
}

/// Whom to order from, with the number to name.
fn order(product: &Product, variant: &Variant, locale: Locale) -> String {
    let shop = &product.shop;
    let mut out = Markup::default();
    markup!(out, "<h2 class='notice__title'>" (t::how_to_order(locale)) "</h2><p>" (t::order_with(locale))
        " <b class='sku'>" (variant.sku) "</b></p><p class='product__contacts'><a class='more' href='"
        (dial_href(&shop.telephone)) "'>" (shop.telephone) "</a> <a class='more' href='mailto:" (shop.email)
        "?subject=" (variant.sku) "'>" (shop.email) "</a> <span>" (shop.hours) "</span></p>");
    if let Some(day) = product.order_by {
        markup!(out, "<p>" (t::order_by(locale, &format::short_date(locale, day))) "</p>");
    }
    out.html()
}
