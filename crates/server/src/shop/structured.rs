//! What search engines read of a product: schema.org's vocabulary as JSON-LD.

use contract::{
    Locale,
    shop::{Product, Variant},
};
use serde_json::{Value, json};

use campaign_hub::routes::{Route, wanted_query};

/// Where a drawing's share picture is.
pub(crate) fn share_picture(product: &Product) -> String {
    format!("/share/{}.png", product.pictures.first().map(String::as_str).unwrap_or_default())
}

/// The product as a script element of data; `origin` stands before each path.
pub(crate) fn script(product: &Product, locale: Locale, origin: &str) -> String {
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
            "availability": availability(variant.left),
            "itemCondition": "https://schema.org/NewCondition",
        })
    };
    let data = json!({
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
    });
    // A text with `</script>` in it would end the element.
    let data = data.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/ld+json\">{data}</script>")
}

fn availability(left: Option<u32>) -> &'static str {
    match left {
        None => "https://schema.org/InStock",
        Some(0) => "https://schema.org/OutOfStock",
        Some(_) => "https://schema.org/LimitedAvailability",
    }
}
