//! Structured data for search engines about the subject of a page: schema.org's vocabulary as
//! JSON-LD.

use campaign_hub::{i18n, queries::wanted_query, render::PageSubject, routes::Route};
use contract::{
    Locale,
    events::Event,
    news::NewsItem,
    shop::{Product, Variant},
};
use serde_json::{Value, json};

use crate::share;

/// The subject of a page, as a script element; `origin` is prepended to each path.
pub(crate) fn script(subject: &PageSubject, locale: Locale, origin: &str) -> String {
    let data = match subject {
        PageSubject::Product(record) => product(record, locale, origin),
        PageSubject::News(record) => article(record, locale, origin),
        PageSubject::Event(record) => event(record, locale, origin),
    };
    // `</script>` in a text would end the element.
    let data = data.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/ld+json\">{data}</script>")
}

/// The URL of a picture's preview image.
pub(crate) fn share_picture(product: &Product) -> String {
    format!("/share/{}.png", product.pictures.first().map(String::as_str).unwrap_or_default())
}

fn product(product: &Product, locale: Locale, origin: &str) -> Value {
    let address = [origin, &Route::Product(product.slug.clone()).href(locale)].concat();
    let image = [origin, &share_picture(product)].concat();
    let offer = |variant: &Variant| {
        let wanted = wanted_query(&variant.axes().map(|term| term.map(|term| term.value.clone())));
        let url = if wanted.is_empty() { address.clone() } else { [&address, "?", &wanted].concat() };
        json!({
            "@type": "Offer",
            "sku": variant.sku,
            "url": url,
            "price": format!("{}.{:02}", variant.price_pence / 100, variant.price_pence % 100),
            "priceCurrency": product.currency,
            "availability": availability(variant.stock_left),
            "itemCondition": "https://schema.org/NewCondition",
        })
    };
    json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.text.name,
        "description": product.text.summary,
        "image": image,
        "url": address,
        "category": product.category.label,
        "material": product.text.materials,
        "weight": { "@type": "QuantitativeValue", "value": product.weight_grams, "unitCode": "GRM" },
        "inLanguage": locale,
        "offers": product.variants.iter().map(offer).collect::<Vec<Value>>(),
    })
}

fn article(item: &NewsItem, locale: Locale, origin: &str) -> Value {
    let summary = &item.summary;
    let route = Route::NewsItem(summary.slug.clone());
    let address = [origin, &route.href(locale)].concat();
    let image = [origin, &share::image_path(&route, locale, &summary.title)].concat();
    json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": summary.title,
        "description": summary.standfirst,
        "url": address,
        "image": image,
        "datePublished": summary.published.utc,
        "author": { "@type": "Organization", "name": summary.union.label },
        "publisher": { "@type": "Organization", "name": i18n::frame::site_name(locale) },
        "inLanguage": locale,
    })
}

fn event(event: &Event, locale: Locale, origin: &str) -> Value {
    let summary = &event.summary;
    let address = [origin, &Route::Event(summary.slug.clone()).href(locale)].concat();
    let status = if summary.cancelled { "EventCancelled" } else { "EventScheduled" };
    // All-day events have dates instead of times.
    let [starts, ends] = if summary.all_day {
        [summary.starts.uk_date, summary.last_day].map(|day| day.to_string())
    } else {
        [&summary.starts, &summary.ends].map(|moment| moment.utc.clone())
    };
    json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": summary.title,
        "description": summary.summary,
        "url": address,
        "startDate": starts,
        "endDate": ends,
        "eventStatus": format!("https://schema.org/{status}"),
        "location": { "@type": "Place", "name": summary.place },
        "organizer": { "@type": "Organization", "name": summary.union.label },
        "isAccessibleForFree": true,
        "inLanguage": locale,
    })
}

fn availability(left: Option<u32>) -> &'static str {
    match left {
        None => "https://schema.org/InStock",
        Some(0) => "https://schema.org/OutOfStock",
        Some(_) => "https://schema.org/LimitedAvailability",
    }
}
