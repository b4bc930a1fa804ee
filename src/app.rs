//! The app: language, router, and the frame around every page.

use contract::Locale;
use leptos::prelude::*;
use leptos_router::{
    ParamSegment, StaticSegment,
    components::{FlatRoutes, Route, Router},
};

use crate::{
    basket::{BasketPage, CheckoutPage},
    campaign::{HubPage, PastYearsPage},
    contacts::{ContactsPage, RegionPage},
    courses::{CoursePage, CoursesPage},
    documents::{PublicationPage, PublicationsPage, ResourcePage, ResourcesPage},
    events::{EventPage, EventsPage},
    frame::Frame,
    i18n,
    lazy::lazy_page,
    news::{NewsItemPage, NewsPage},
    orders::{FindOrderPage, OrderPage},
    page::{AccessibilityPage, JoinPage, PrivacyPage},
    poster::PosterPage,
    routes,
    search::SearchPage,
    shop::{ProductPage, ShopPage},
    support::SupportPage,
    take_part::{RolePage, TakePartPage},
    ui::NotFound,
    unions::{UnionPage, UnionsPage},
    videos::VideosPage,
};

/// The whole app, for the address that is being shown.
#[component]
pub fn App() -> impl IntoView {
    let locale = routes::current_locale();
    i18n::provide_locale(locale);
    let base = match locale {
        Locale::En => "",
        Locale::Cy => "/cy",
    };
    let (routing, set_routing) = signal(false);
    // Without its slash: the root is then found both at `/` and right at a base.
    let segment = |route: routes::Route| StaticSegment(route.template().trim_start_matches('/'));

    view! {
        <Router base set_is_routing=set_routing>
            <Frame routing>
                <FlatRoutes fallback=NotFound>
                    <Route path=segment(routes::Route::Hub) view=HubPage/>
                    <Route path=segment(routes::Route::Contacts) view=CONTACTS/>
                    <Route path=(StaticSegment("contacts"), ParamSegment("region")) view=CONTACT/>
                    <Route path=segment(routes::Route::News) view=NEWS/>
                    <Route path=(StaticSegment("news"), ParamSegment("item")) view=NEWS_ITEM/>
                    <Route path=segment(routes::Route::Events) view=EVENTS/>
                    <Route path=(StaticSegment("events"), ParamSegment("event")) view=EVENT/>
                    <Route path=segment(routes::Route::TakePart) view=TAKE_PART/>
                    <Route path=(StaticSegment("take-part"), ParamSegment("role")) view=ROLE/>
                    <Route path=segment(routes::Route::Unions) view=UNIONS/>
                    <Route path=(StaticSegment("unions"), ParamSegment("union")) view=UNION/>
                    <Route path=segment(routes::Route::Courses) view=COURSES/>
                    <Route path=(StaticSegment("courses"), ParamSegment("course")) view=COURSE/>
                    <Route path=segment(routes::Route::Resources) view=RESOURCES/>
                    <Route path=(StaticSegment("resources"), ParamSegment("document")) view=RESOURCE/>
                    <Route path=segment(routes::Route::PosterMaker) view=POSTER_MAKER/>
                    <Route path=segment(routes::Route::Publications) view=PUBLICATIONS/>
                    <Route path=(StaticSegment("publications"), ParamSegment("publication")) view=PUBLICATION/>
                    <Route path=segment(routes::Route::Search) view=SEARCH/>
                    <Route path=segment(routes::Route::Shop) view=SHOP/>
                    <Route path=(StaticSegment("shop"), ParamSegment("product")) view=PRODUCT/>
                    <Route path=segment(routes::Route::Basket) view=BASKET/>
                    <Route path=segment(routes::Route::Checkout) view=CHECKOUT/>
                    <Route path=segment(routes::Route::FindOrder) view=FIND_ORDER/>
                    <Route path=(StaticSegment("orders"), ParamSegment("token")) view=ORDER/>
                    <Route path=segment(routes::Route::PastYears) view=PAST_YEARS/>
                    <Route path=segment(routes::Route::Videos) view=VIDEOS/>
                    <Route path=segment(routes::Route::Join) view=JOIN/>
                    <Route path=segment(routes::Route::Support) view=SUPPORT/>
                    <Route path=segment(routes::Route::Accessibility) view=ACCESSIBILITY/>
                    <Route path=segment(routes::Route::Privacy) view=PRIVACY/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

/// Fetches the code of the page at `path`, so that it can be taken over at once.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn fetch_page(path: &str) -> Result<(), crate::lazy::NotLoaded> {
    use routes::Route::{
        Accessibility, Basket, Checkout, Contact, Contacts, Course, Courses, Event, Events, FindOrder, Hub,
        Join, News, NewsItem, Order, PastYears, PosterMaker, Privacy, Product, Publication, Publications,
        Resource, Resources, Role, Search, Shop, Support, TakePart, Union, Unions, Videos,
    };
    let page = match routes::Route::find(Locale::split_path(path).1) {
        None | Some(Hub) => return Ok(()),
        Some(Contacts) => CONTACTS,
        Some(Contact(_)) => CONTACT,
        Some(News) => NEWS,
        Some(NewsItem(_)) => NEWS_ITEM,
        Some(Events) => EVENTS,
        Some(Event(_)) => EVENT,
        Some(TakePart) => TAKE_PART,
        Some(Role(_)) => ROLE,
        Some(Unions) => UNIONS,
        Some(Union(_)) => UNION,
        Some(Courses) => COURSES,
        Some(Course(_)) => COURSE,
        Some(Resources) => RESOURCES,
        Some(Resource(_)) => RESOURCE,
        Some(PosterMaker) => POSTER_MAKER,
        Some(Publications) => PUBLICATIONS,
        Some(Publication(_)) => PUBLICATION,
        Some(Search) => SEARCH,
        Some(Shop) => SHOP,
        Some(Product(_)) => PRODUCT,
        Some(Basket) => BASKET,
        Some(Checkout) => CHECKOUT,
        Some(FindOrder) => FIND_ORDER,
        Some(Order(_)) => ORDER,
        Some(PastYears) => PAST_YEARS,
        Some(Videos) => VIDEOS,
        Some(Join) => JOIN,
        Some(Support) => SUPPORT,
        Some(Accessibility) => ACCESSIBILITY,
        Some(Privacy) => PRIVACY,
    };
    (page.fetch)().await
}

// The hub and the frame are the main module. Pages that are made of the same
// parts share a chunk: what several chunks share becomes a file of its own for
// every combination of them.
lazy_page!(contacts, CONTACTS, make_contacts, fetch_contacts, view! { <ContactsPage/> });
lazy_page!(contact, CONTACT, make_contact, fetch_contact, view! { <RegionPage/> });
lazy_page!(news, NEWS, make_news, fetch_news, view! { <NewsPage/> });
lazy_page!(news, NEWS_ITEM, make_news_item, fetch_news_item, view! { <NewsItemPage/> });
lazy_page!(events, EVENTS, make_events, fetch_events, view! { <EventsPage/> });
lazy_page!(events, EVENT, make_event, fetch_event, view! { <EventPage/> });
lazy_page!(take_part, TAKE_PART, make_take_part, fetch_take_part, view! { <TakePartPage/> });
lazy_page!(take_part, ROLE, make_role, fetch_role, view! { <RolePage/> });
lazy_page!(unions, UNIONS, make_unions, fetch_unions, view! { <UnionsPage/> });
lazy_page!(unions, UNION, make_union, fetch_union, view! { <UnionPage/> });
lazy_page!(unions, VIDEOS, make_videos, fetch_videos, view! { <VideosPage/> });
lazy_page!(courses, COURSES, make_courses, fetch_courses, view! { <CoursesPage/> });
lazy_page!(courses, COURSE, make_course, fetch_course, view! { <CoursePage/> });
lazy_page!(documents, RESOURCES, make_resources, fetch_resources, view! { <ResourcesPage/> });
lazy_page!(documents, RESOURCE, make_resource, fetch_resource, view! { <ResourcePage/> });
lazy_page!(documents, PUBLICATIONS, make_publications, fetch_publications, view! { <PublicationsPage/> });
lazy_page!(documents, PUBLICATION, make_publication, fetch_publication, view! { <PublicationPage/> });
lazy_page!(poster, POSTER_MAKER, make_poster_maker, fetch_poster_maker, view! { <PosterPage/> });
lazy_page!(search, SEARCH, make_search, fetch_search, view! { <SearchPage/> });
lazy_page!(shop, SHOP, make_shop, fetch_shop, view! { <ShopPage/> });
lazy_page!(product, PRODUCT, make_product, fetch_product, view! { <ProductPage/> });
lazy_page!(basket, BASKET, make_basket, fetch_basket, view! { <BasketPage/> });
lazy_page!(basket, CHECKOUT, make_checkout, fetch_checkout, view! { <CheckoutPage/> });
lazy_page!(basket, FIND_ORDER, make_find_order, fetch_find_order, view! { <FindOrderPage/> });
lazy_page!(orders, ORDER, make_order, fetch_order, view! { <OrderPage/> });
lazy_page!(pages, PAST_YEARS, make_past_years, fetch_past_years, view! { <PastYearsPage/> });
lazy_page!(pages, SUPPORT, make_support, fetch_support, view! { <SupportPage/> });
lazy_page!(pages, JOIN, make_join, fetch_join, view! { <JoinPage/> });
lazy_page!(pages, ACCESSIBILITY, make_accessibility, fetch_accessibility, view! { <AccessibilityPage/> });
lazy_page!(pages, PRIVACY, make_privacy, fetch_privacy, view! { <PrivacyPage/> });
