//! Pages whose code arrives when they are first shown, so that a first view
//! does not pay for the whole site.
//!
//! Which pages share a chunk is decided where they are defined.

use std::{future::Future, pin::Pin};

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::ui;

/// The code of a page did not arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// The same of any error, for code that is fetched without making a page.
pub(crate) fn not_loaded<E>(_: E) -> NotLoaded {
    NotLoaded
}

type Arriving<T> = Pin<Box<dyn Future<Output = Result<T, NotLoaded>>>>;

/// A page that is made by code which may still have to arrive.
#[derive(Clone, Copy)]
pub(crate) struct LazyPage {
    /// Makes the page.
    pub(crate) make: fn() -> Arriving<AnyView>,
    /// Fetches the code, and makes nothing.
    #[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "the server has all code"))]
    pub(crate) fetch: fn() -> Arriving<()>,
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        match (self.make)().await {
            Ok(view) => view,
            Err(NotLoaded) => view! { <ui::NotLoaded/> }.into_any(),
        }
    }

    async fn preload(&self) {}
}

/// Fetches code that brings the page to life which is being shown, and runs it. Where
/// it does not arrive the page stays the document that it is.
#[cfg(target_arch = "wasm32")]
pub(crate) fn arrive_later(page: LazyPage) {
    use leptos::reactive::{computed::ScopedFuture, owner::Owner};

    let Some(owner) = Owner::current() else { return };
    let arriving = owner.with(|| ScopedFuture::new((page.make)()));
    leptos::task::spawn_local(async move {
        if arriving.await.is_err() {
            _ = document().document_element().map(|root| root.set_attribute("data-app", "failed"));
        }
    });
}

/// Defines `$name`, the [`LazyPage`] that shows `$view`. Its code is part of
/// the chunk `$chunk`; `$make` and `$fetch` name the functions behind it.
macro_rules! lazy_page {
    ($chunk:ident, $name:ident, $make:ident, $fetch:ident, $view:expr) => {
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split(
                                                                    $chunk,
                                                                    wasm_split_path = leptos::wasm_split,
                                                                    preload($fetch),
                                                                    fallible
                                                                )]
        fn $make() -> Result<leptos::prelude::AnyView, $crate::lazy::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $make() -> Result<leptos::prelude::AnyView, $crate::lazy::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $fetch() -> Result<(), $crate::lazy::NotLoaded> {
            Ok(())
        }
        pub(crate) const $name: $crate::lazy::LazyPage = $crate::lazy::LazyPage {
            make: || Box::pin($make()),
            fetch: || Box::pin(async { $fetch().await.map_err($crate::lazy::not_loaded) }),
        };
    };
}
pub(crate) use lazy_page;
