//! Documents to read, to print and to hand out; magazines and newsletters with
//! their issues.

mod card;
mod document_page;
mod publication_page;
mod publications_page;
mod resources_page;

pub(crate) use document_page::ResourcePage;
pub(crate) use publication_page::PublicationPage;
pub(crate) use publications_page::PublicationsPage;
pub(crate) use resources_page::ResourcesPage;
