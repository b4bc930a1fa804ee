//! Events: what is to come and what is over, one event, and the next one for the
//! hub.

mod card;
mod event_page;
mod events_page;
mod next_event;
mod visitor;
mod when;

pub(crate) use card::EventCards;
pub(crate) use event_page::EventPage;
pub(crate) use events_page::EventsPage;
pub(crate) use next_event::NextEvent;
