//! The parts that the app's code is split into, so that the first view does not load the whole
//! site: each is a WebAssembly file of its own, which is loaded when one of its pages is first
//! shown.
//!
//! The part of each page is a column of the table in `routes.rs`.

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::{
    i18n::use_locale,
    lazy_loading::{LazyLoad, LoadFuture, LoadState, NotLoaded, not_loaded},
    routes::{Page, pages},
    ui::MissingPage,
};

/// A part with pages.
#[derive(Clone, Copy)]
struct Part {
    /// Renders one of its pages.
    render: fn(Page) -> LoadFuture<AnyView>,
    /// Fetches the code without rendering anything.
    fetch: fn() -> LoadFuture<()>,
}

/// Defines a function for each part, which returns its [`Part`], and [`Page::part`].
macro_rules! define_parts {
    ([$($part:ident)*] { $(
        $(#[$doc:meta])*
        $page:ident $(($parameter:ident: $value:ty))? at $address:literal => $feature:ident::$component:ident,
            part $in_part:ident, $access:ident, styles [$($sheet:literal)*] $(, heading $messages:ident::$heading:ident)?;
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

/// Defines the functions of the parts. Only the inner function `render` of a part names the
/// part's components, so the splitter moves them with it into the part's file.
macro_rules! split_parts {
    ([$($part:ident)*] $rows:tt) => {
        /// The part `main` of the table, which is loaded from the start.
        fn main() -> Part {
            view_of_part! { main $rows }
            Part { render: |page| Box::pin(async move { Ok(view(page)) }), fetch: || Box::pin(async { Ok(()) }) }
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
            fn render(page: Page) -> Result<AnyView, NotLoaded> {
                Ok(view(page))
            }
            #[cfg(not(feature = "split"))]
            async fn render(page: Page) -> Result<AnyView, NotLoaded> {
                Ok(view(page))
            }
            #[cfg(not(feature = "split"))]
            async fn fetch() -> Result<(), NotLoaded> {
                Ok(())
            }
            Part {
                render: |page| Box::pin(render(page)),
                fetch: || Box::pin(async { fetch().await.map_err(not_loaded) }),
            }
        })*
    };
}

/// Defines `view`, which renders the pages of `$part` and leaves out those of other parts. A macro
/// cannot compare two names, so this defines another, `if_in_part!`, whose first rule only
/// matches the name of this part.
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
            unreachable!("a page is rendered by its own part")
        }
    };
}

pages!(define_parts);

/// How the router renders a page: it waits for the page's part to load.
impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        match (self.part().render)(self).await {
            Ok(view) => view,
            Err(NotLoaded) => view! { <RetryPage page=self/> }.into_any(),
        }
    }

    /// Nothing to do, because `choose` loads the part.
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
fn RetryPage(page: Page) -> impl IntoView {
    let locale = use_locale();
    let part = page.part();
    let lazy_load = LazyLoad::new(part.fetch, LoadState::Failed);
    let retry = Callback::new(move |()| lazy_load.fetch(|| ()));
    view! {
        {move || match lazy_load.view_if_loaded(|| (part.render)(page)) {
            Some(view) => view,
            None => {
                let is_loading = lazy_load.is_loading();
                view! { <MissingPage name=page.heading(locale) is_loading retry/> }.into_any()
            }
        }}
    }
}
