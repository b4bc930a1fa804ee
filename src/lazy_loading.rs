//! Loads code when it is first needed, and again if that failed.
//!
//! `lazy_view!` splits off something smaller than a page. Code that failed to load is requested
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
pub(crate) type LoadFuture<T> = Pin<Box<dyn Future<Output = Result<T, NotLoaded>>>>;

/// The loading state of code that something on a page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoadState {
    /// Not requested, or being fetched for the first time.
    Pending,
    /// Failed to load; may be fetched again.
    Failed,
    /// Loaded.
    Loaded,
}

/// Loads code on demand, again after a failure.
#[derive(Clone, Copy)]
pub(crate) struct LazyLoad {
    fetch: fn() -> LoadFuture<()>,
    state: RwSignal<LoadState>,
    is_loading: RwSignal<bool>,
}

impl LazyLoad {
    /// For code in this loading state.
    pub(crate) fn new(fetch: fn() -> LoadFuture<()>, state: LoadState) -> Self {
        Self { fetch, state: RwSignal::new(state), is_loading: RwSignal::new(false) }
    }

    /// For code that has not been requested yet.
    pub(crate) fn of(view: LazyView) -> Self {
        Self::new(view.fetch, LoadState::Pending)
    }

    /// The loading state.
    pub(crate) fn state(self) -> LoadState {
        self.state.get()
    }

    /// Whether it is being fetched.
    pub(crate) fn is_loading(self) -> Signal<bool> {
        self.is_loading.into()
    }

    /// Fetches the code, unless it is loaded or loading. Calls `if_failed` if loading fails,
    /// as long as the caller is still shown.
    pub(crate) fn fetch(self, if_failed: impl FnOnce() + 'static) {
        if self.is_loading.get_untracked() || self.state.get_untracked() == LoadState::Loaded {
            return;
        }
        self.is_loading.set(true);
        leptos::task::spawn_local(async move {
            let state = if (self.fetch)().await.is_ok() { LoadState::Loaded } else { LoadState::Failed };
            let Some(before) = self.state.try_get_untracked() else { return };
            self.is_loading.set(false);
            // The error message stays, with the focus in it.
            if state != before {
                self.state.set(state);
            }
            if state == LoadState::Failed {
                if_failed();
            }
        });
    }

    /// The view, once its code is loaded: it is then rendered synchronously.
    pub(crate) fn view_if_loaded(self, render: impl FnOnce() -> LoadFuture<AnyView>) -> Option<AnyView> {
        (self.state.get() == LoadState::Loaded).then(|| render().now_or_never()?.ok()).flatten()
    }
}

/// Something smaller than a page whose code is loaded on demand.
#[derive(Clone, Copy)]
pub(crate) struct LazyView {
    /// Renders it.
    pub(crate) render: fn() -> LoadFuture<AnyView>,
    /// Fetches the code without rendering anything.
    pub(crate) fetch: fn() -> LoadFuture<()>,
}

/// Defines `$name`, the [`LazyView`] that shows `$view`. Its code is in the part `$part`;
/// `$render` and `$fetch` name its functions.
macro_rules! lazy_view {
    ($part:ident, $name:ident, $render:ident, $fetch:ident, $view:expr) => {
        #[cfg(feature = "split")]
        // On one line, because rustfmt indents several further each time.
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, preload($fetch), fallible)]
        fn $render() -> Result<leptos::prelude::AnyView, $crate::lazy_loading::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $render() -> Result<leptos::prelude::AnyView, $crate::lazy_loading::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $fetch() -> Result<(), $crate::lazy_loading::NotLoaded> {
            Ok(())
        }
        pub(crate) const $name: $crate::lazy_loading::LazyView = $crate::lazy_loading::LazyView {
            render: || Box::pin($render()),
            fetch: || Box::pin(async { $fetch().await.map_err($crate::lazy_loading::not_loaded) }),
        };
    };
}
pub(crate) use lazy_view;
