//! Code splitting: each part of the app is a file that is loaded when something in it is first
//! shown, so that the first view does not load the whole site.
//!
//! The part of each page is a column of the table in `routes.rs`. `lazy_page!` splits off
//! something smaller. A part that failed to load is requested again when it is next needed,
//! because the loader forgets failed requests.

use std::{future::Future, pin::Pin};

use futures::FutureExt as _;
use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::{
    i18n::use_locale,
    routes::{Page, pages},
    ui::MissingPage,
};

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

type Arriving<T> = Pin<Box<dyn Future<Output = Result<T, NotLoaded>>>>;

/// A part with pages.
#[derive(Clone, Copy)]
struct Part {
    /// Renders one of its pages.
    make: fn(Page) -> Arriving<AnyView>,
    /// Fetches the code without rendering anything.
    fetch: fn() -> Arriving<()>,
}

/// Defines a function for each part, which returns its [`Part`], and [`Page::part`].
macro_rules! define_parts {
    ([$($part:ident)*] { $(
        $(#[$doc:meta])*
        $page:ident $(($parameter:ident: $value:ty))? at $address:literal => $feature:ident::$component:ident,
            part $in_part:ident, styles [$($sheet:literal)*] $(, heading $messages:ident::$heading:ident)?;
    )* }) => {
        split_parts! { [$($part)*] { $($in_part $page $feature::$component;)* } }

        impl Page {
            fn part(self) -> Part {
                match self {
                    $(Self::$page => $in_part(),)*
                }
            }
        }
    };
}

/// The functions of the parts. Only a part's own function names the part's components, and the
/// splitter moves that function into the part's file.
macro_rules! split_parts {
    ([$($part:ident)*] $rows:tt) => {
        /// The part that is loaded from the start.
        fn main() -> Part {
            view_of_part! { main $rows }
            Part { make: |page| Box::pin(async move { Ok(view(page)) }), fetch: || Box::pin(async { Ok(()) }) }
        }

        $(fn $part() -> Part {
            view_of_part! { $part $rows }
            #[cfg(feature = "split")]
            #[leptos::wasm_split::wasm_split(
                $part,
                wasm_split_path = leptos::wasm_split,
                preload(fetch),
                fallible
            )]
            fn make(page: Page) -> Result<AnyView, NotLoaded> {
                Ok(view(page))
            }
            #[cfg(not(feature = "split"))]
            async fn make(page: Page) -> Result<AnyView, NotLoaded> {
                Ok(view(page))
            }
            #[cfg(not(feature = "split"))]
            async fn fetch() -> Result<(), NotLoaded> {
                Ok(())
            }
            Part {
                make: |page| Box::pin(make(page)),
                fetch: || Box::pin(async { fetch().await.map_err(not_loaded) }),
            }
        })*
    };
}

/// The function `view`, which renders the pages of one part. Names are compared with a macro
/// whose first rule contains the part's name.
macro_rules! view_of_part {
    ($part:ident { $($in_part:ident $page:ident $feature:ident::$component:ident;)* }) => {
        macro_rules! if_in_part {
            ($part, $statement:expr) => {
                $statement
            };
            ($other:ident, $statement:expr) => {};
        }
        fn view(page: Page) -> AnyView {
            $(if_in_part!($in_part, if page == Page::$page {
                return crate::$feature::$component().into_any();
            });)*
            unreachable!("a page is made by its own part")
        }
    };
}

pages!(define_parts);

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        match (self.part().make)(self).await {
            Ok(view) => view,
            Err(NotLoaded) => view! { <LatePage page=self/> }.into_any(),
        }
    }

    async fn preload(&self) {}
}

/// Fetches the code of the page at `path`, so that it can be hydrated immediately.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn fetch_page(path: &str) -> Result<(), NotLoaded> {
    match crate::routes::Route::find(contract::Locale::split_path(path).1) {
        Some(route) => (route.page().part().fetch)().await,
        None => Ok(()),
    }
}

/// Shown for a page whose part could not be loaded: a way to retry, and the page once it is
/// loaded.
#[component]
fn LatePage(page: Page) -> impl IntoView {
    let locale = use_locale();
    let part = page.part();
    let arrival = Arrival::new(part.fetch, Arrived::Missing);
    let retry = Callback::new(move |()| arrival.fetch(|| ()));
    view! {
        {move || match arrival.made(|| (part.make)(page)) {
            Some(view) => view,
            None => {
                view! { <MissingPage name=page.heading(locale) is_coming=arrival.is_coming() retry/> }.into_any()
            }
        }}
    }
}

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
    fn new(fetch: fn() -> Arriving<()>, arrived: Arrived) -> Self {
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
        #[leptos::wasm_split::wasm_split(
                                                                    $part,
                                                                    wasm_split_path = leptos::wasm_split,
                                                                    preload($fetch),
                                                                    fallible
                                                                )]
        fn $make() -> Result<leptos::prelude::AnyView, $crate::parts::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $make() -> Result<leptos::prelude::AnyView, $crate::parts::NotLoaded> {
            Ok(leptos::prelude::IntoAny::into_any($view))
        }
        #[cfg(not(feature = "split"))]
        async fn $fetch() -> Result<(), $crate::parts::NotLoaded> {
            Ok(())
        }
        pub(crate) const $name: $crate::parts::LazyPage = $crate::parts::LazyPage {
            make: || Box::pin($make()),
            fetch: || Box::pin(async { $fetch().await.map_err($crate::parts::not_loaded) }),
        };
    };
}
pub(crate) use lazy_page;
