//! The parts that the app's code is split into, with the pages of each: a part is loaded when
//! one of its pages is first shown, so that the first view does not load the whole site.
//!
//! The part of each page is a column of the table in `routes.rs`.

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::{
    i18n::use_locale,
    lazy_loading::{Arrival, Arrived, Arriving, NotLoaded, not_loaded},
    routes::{Page, pages},
    ui::MissingPage,
};

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
