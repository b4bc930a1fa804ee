//! Taking part: the steps for a role, ticked off on this device, and posts to share.

mod activist;
mod activist_picture;
mod checklist;
mod completed_steps;
mod posts;
mod role_cards;
mod role_page;
mod step_names;
mod take_part_page;

pub(crate) use role_page::RolePage;
pub(crate) use take_part_page::TakePartPage;
