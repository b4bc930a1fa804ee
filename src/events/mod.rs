//! Events: upcoming and past, each event, and the next one for the home page.

mod card;
mod event_page;
mod event_time;
mod events_page;
mod next_event;
mod visitor_time;

pub(crate) use card::EventCards;
pub(crate) use event_page::EventPage;
pub(crate) use events_page::EventsPage;
pub(crate) use next_event::NextEvent;
