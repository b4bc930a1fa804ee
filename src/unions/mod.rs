//! The federation and the unions: a search by job, and a page for each.

mod union_page;
mod unions_page;

pub(crate) use union_page::UnionPage;
pub(crate) use unions_page::UnionsPage;
