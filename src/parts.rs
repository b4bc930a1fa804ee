//! The parts that the app's code is split into: each is a file that arrives when something in
//! it is first shown, so that a first view does not pay for the whole site.
//!
//! Which page is in which part is a column of the table in `routes.rs`. `lazy_page!` makes a
//! part of something smaller. A part that did not arrive is fetched again when it is asked for
//! again: the loader forgets a request that has failed.

use std::{future::Future, pin::Pin};

use futures::FutureExt as _;
use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::{
    i18n::use_locale,
    routes::{Page, pages},
    ui::MissingPage,
};

/// The code of a part did not arrive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// The same of any error, for code that is fetched without making a view.
pub(crate) fn not_loaded<E>(_: E) -> NotLoaded {
    NotLoaded
}

type Arriving<T> = Pin<Box<dyn Future<Output = Result<T, NotLoaded>>>>;

/// A part that holds pages.
#[derive(Clone, Copy)]
struct Part {
    /// Makes one of its pages.
    make: fn(Page) -> Arriving<AnyView>,
    /// Fetches the code, and makes nothing.
    fetch: fn() -> Arriving<()>,
}

/// Makes a function of each part, which says what the part can do, and [`Page::part`].
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

/// The functions of the parts. That of a part alone names the part's components, in code that
/// the splitter moves into the part's file.
macro_rules! split_parts {
    ([$($part:ident)*] $rows:tt) => {
        /// What is there from the start.
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

/// The function `view`, which makes the pages in the rows of one part. To compare the names,
/// there is a macro whose first rule has the part's name in it.
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

/// Fetches the code of the page at `path`, so that it can be taken over at once.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn fetch_page(path: &str) -> Result<(), NotLoaded> {
    match crate::routes::Route::find(contract::Locale::split_path(path).1) {
        Some(route) => (route.page().part().fetch)().await,
        None => Ok(()),
    }
}

/// A page whose part did not arrive: a way to try again, and the page once it is there.
#[component]
fn LatePage(page: Page) -> impl IntoView {
    let locale = use_locale();
    let part = page.part();
    let arrival = Arrival::new(part.fetch, Arrived::Missing);
    let retry = Callback::new(move |()| arrival.fetch(|| ()));
    move || match arrival.made(|| (part.make)(page)) {
        Some(view) => view,
        None => {
            view! { <MissingPage name=page.heading(locale) is_coming=arrival.is_coming() retry/> }.into_any()
        }
    }
}

/// How far code is that something on a page waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// It was not asked for, or is fetched for the first time.
    NotYet,
    /// It did not come, and may be fetched again.
    Missing,
    /// It is there.
    There,
}

/// Fetches code until it is there.
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

    /// That of code which nobody has asked for.
    pub(crate) fn of(page: LazyPage) -> Self {
        Self::new(page.fetch, Arrived::NotYet)
    }

    /// How far the code is.
    pub(crate) fn arrived(self) -> Arrived {
        self.arrived.get()
    }

    /// Whether it is being fetched.
    pub(crate) fn is_coming(self) -> Signal<bool> {
        self.is_coming.into()
    }

    /// Fetches the code, unless it is there or on its way. Calls `if_missing` if it does not
    /// arrive, as long as what waits for it is still shown.
    pub(crate) fn fetch(self, if_missing: impl FnOnce() + 'static) {
        if self.is_coming.get_untracked() || self.arrived.get_untracked() == Arrived::There {
            return;
        }
        self.is_coming.set(true);
        leptos::task::spawn_local(async move {
            let arrived = if (self.fetch)().await.is_ok() { Arrived::There } else { Arrived::Missing };
            let Some(before) = self.arrived.try_get_untracked() else { return };
            self.is_coming.set(false);
            // What says that it is missing stays, with the focus in it.
            if arrived != before {
                self.arrived.set(arrived);
            }
            if arrived == Arrived::Missing {
                if_missing();
            }
        });
    }

    /// What the code makes, once it is there: it then takes no time.
    pub(crate) fn made(self, make: impl FnOnce() -> Arriving<AnyView>) -> Option<AnyView> {
        (self.arrived.get() == Arrived::There).then(|| make().now_or_never()?.ok()).flatten()
    }
}

/// Something other than a page that is made by code which may still have to arrive.
#[derive(Clone, Copy)]
pub(crate) struct LazyPage {
    /// Makes it.
    pub(crate) make: fn() -> Arriving<AnyView>,
    /// Fetches the code, and makes nothing.
    pub(crate) fetch: fn() -> Arriving<()>,
}

/// Defines `$name`, the [`LazyPage`] that shows `$view`. Its code is in the part `$part`;
/// `$make` and `$fetch` name the functions behind it.
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
