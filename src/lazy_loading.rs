//! Loads code when it is first needed, and again if that failed.
//!
//! `lazy_page!` splits off something smaller than a page. Code that failed to load is requested
//! again when it is next needed, because the loader forgets failed requests.

use std::{future::Future, pin::Pin};

use futures::FutureExt as _;
use leptos::prelude::*;

/// The code of a part could not be loaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Converts any error, for code that is fetched without rendering a view.
pub(crate) fn not_loaded<E>(_: E) -> NotLoaded {
    NotLoaded
}

/// Code, or a view from it, that is being fetched.
pub(crate) type Arriving<T> = Pin<Box<dyn Future<Output = Result<T, NotLoaded>>>>;

/// The loading state of code that something on a page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// Not requested, or being fetched for the first time.
    NotYet,
    /// Failed to load; may be fetched again.
    Missing,
    /// Loaded.
    There,
}

/// Fetches code until it is loaded.
#[derive(Clone, Copy)]
pub(crate) struct Arrival {
    fetch: fn() -> Arriving<()>,
    arrived: RwSignal<Arrived>,
    is_coming: RwSignal<bool>,
}

impl Arrival {
    /// For code in this loading state.
    pub(crate) fn new(fetch: fn() -> Arriving<()>, arrived: Arrived) -> Self {
        Self { fetch, arrived: RwSignal::new(arrived), is_coming: RwSignal::new(false) }
    }

    /// For code that has not been requested yet.
    pub(crate) fn of(page: LazyPage) -> Self {
        Self::new(page.fetch, Arrived::NotYet)
    }

    /// The loading state.
    pub(crate) fn arrived(self) -> Arrived {
        self.arrived.get()
    }

    /// Whether it is being fetched.
    pub(crate) fn is_coming(self) -> Signal<bool> {
        self.is_coming.into()
    }

    /// Fetches the code, unless it is loaded or loading. Calls `if_missing` if loading fails,
    /// as long as the caller is still shown.
    pub(crate) fn fetch(self, if_missing: impl FnOnce() + 'static) {
        if self.is_coming.get_untracked() || self.arrived.get_untracked() == Arrived::There {
            return;
        }
        self.is_coming.set(true);
        leptos::task::spawn_local(async move {
            let arrived = if (self.fetch)().await.is_ok() { Arrived::There } else { Arrived::Missing };
            let Some(before) = self.arrived.try_get_untracked() else { return };
            self.is_coming.set(false);
            // The message that it is missing stays, with the focus in it.
            if arrived != before {
                self.arrived.set(arrived);
            }
            if arrived == Arrived::Missing {
                if_missing();
            }
        });
    }

    /// The view, once its code is loaded: it is then rendered synchronously.
    pub(crate) fn made(self, make: impl FnOnce() -> Arriving<AnyView>) -> Option<AnyView> {
        (self.arrived.get() == Arrived::There).then(|| make().now_or_never()?.ok()).flatten()
    }
}

/// Something smaller than a page whose code is loaded on demand.
#[derive(Clone, Copy)]
pub(crate) struct LazyPage {
    /// Renders it.
    pub(crate) make: fn() -> Arriving<AnyView>,
    /// Fetches the code without rendering anything.
    pub(crate) fetch: fn() -> Arriving<()>,
}

/// Defines `$name`, the [`LazyPage`] that shows `$view`. Its code is in the part `$part`;
/// `$make` and `$fetch` name its functions.
macro_rules! lazy_page {
    ($part:ident, $name:ident, $make:ident, $fetch:ident, $view:expr) => {
        #[cfg(feature = "split")]
        // On one line, because rustfmt indents several further each time.
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, preload($fetch), fallible)]
        fn $make() -> Result<leptos::prelude::AnyView, $crate::lazy_loading::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $make() -> Result<leptos::prelude::AnyView, $crate::lazy_loading::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $fetch() -> Result<(), $crate::lazy_loading::NotLoaded> {
            Ok(())
        }
        pub(crate) const $name: $crate::lazy_loading::LazyPage = $crate::lazy_loading::LazyPage {
            make: || Box::pin($make()),
            fetch: || Box::pin(async { $fetch().await.map_err($crate::lazy_loading::not_loaded) }),
        };
    };
}
pub(crate) use lazy_page;
