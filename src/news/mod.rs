//! News: the list by topic and union, each item, and the latest on other pages.

mod card;
mod item_page;
mod latest;
mod news_page;

pub(crate) use card::NewsCards;
pub(crate) use item_page::NewsItemPage;
pub(crate) use latest::LatestNews;
pub(crate) use news_page::NewsPage;
