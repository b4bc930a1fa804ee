//! Taking part: the steps for a role, ticked off on this device, and posts to
//! share.

#[cfg(target_arch = "wasm32")]
mod activist;
mod checklist;
mod posts;
mod role_page;
mod take_part_page;

pub(crate) use role_page::RolePage;
pub(crate) use take_part_page::TakePartPage;
