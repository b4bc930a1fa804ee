//! Documents to read, to print and to hand out; magazines and newsletters with
//! their issues.

mod card;
mod document_page;
mod publications;
mod resources_page;

pub(crate) use document_page::ResourcePage;
pub(crate) use publications::{PublicationPage, PublicationsPage};
pub(crate) use resources_page::ResourcesPage;
