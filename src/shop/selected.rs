//! A product, and the variant that the URL selects.

use contract::shop::{Product, Variant, choose_variant};
use leptos::prelude::*;

use crate::{
    queries,
    routes::{self, Route},
};

#[derive(Clone, Copy)]
pub(super) struct Selected {
    pub(super) product: StoredValue<Product>,
    /// The index of the variant.
    pub(super) chosen: Memo<usize>,
}

impl Selected {
    pub(super) fn new(product: Product) -> Self {
        let query = routes::query_at(Route::Product(product.slug.clone()).path());
        let product = StoredValue::new(product);
        let chosen = Memo::new(move |_| {
            let wanted = query.with(|query| queries::wanted_in(query));
            product.with_value(|product| {
                choose_variant(&product.variants, wanted.each_ref().map(Option::as_deref))
            })
        });
        Self { product, chosen }
    }

    /// Renders `view` with the product and the variant, again for each variant.
    pub(super) fn with<T>(self, view: impl FnOnce(&Product, &Variant) -> T) -> T {
        let chosen = self.chosen.get();
        self.product.with_value(|product| view(product, &product.variants[chosen]))
    }
}
