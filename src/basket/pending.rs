//! The order that was sent and not answered: kept on the device, and sent again until
//! the server has said what became of it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use contract::{
    Problem, Submission as _,
    orders::{OrderLine, PlaceOrder, PlacedOrder},
};
use leptos::prelude::window;

use super::kept;
use crate::{
    api::{self, ApiError},
    ui::LimitReached,
};

/// The name under which it is kept: its key, a line's end, and its JSON.
const KEPT: &str = "order-pending";

/// The order that has no answer, if there is one: this device has one at most, whichever
/// tab it was made in.
#[derive(Clone, Default)]
pub(super) struct Pending {
    /// It, where the device keeps nothing.
    unkept: Rc<RefCell<Option<String>>>,
    sending: Rc<Cell<bool>>,
}

/// What came of sending it.
pub(super) enum Answer {
    /// It is placed; these are the lines that it had, unless another tab has heard that
    /// before.
    Placed(Vec<OrderLine>, PlacedOrder),
    /// The server says what is wrong with it; what was kept of it is to be forgotten.
    Refused(Problem, String),
    /// The server takes no more from this network for so long.
    TooMany(LimitReached),
    /// Nobody knows: it may be placed or not.
    Silence,
}

/// The lines of an order that was sent; the rest need not be read again.
#[derive(serde::Deserialize)]
struct SentLines {
    lines: Vec<OrderLine>,
    #[serde(default)]
    quote: bool,
}

impl Pending {
    fn read(&self) -> Option<String> {
        kept::note(KEPT).or_else(|| self.unkept.borrow().clone())
    }

    pub(super) fn is_there(&self) -> bool {
        self.read().is_some()
    }

    /// Whether it is on its way.
    pub(super) fn is_sending(&self) -> bool {
        self.sending.get()
    }

    /// Keeps an order before its first try, with a key of its own, so that it is this
    /// order that is tried again.
    pub(super) fn keep(&self, order: &PlaceOrder) {
        let Ok(json) = serde_json::to_string(order) else { return };
        let pending = [new_key(), json].join("\n");
        if !kept::set_note(KEPT, Some(&pending)) {
            self.unkept.replace(Some(pending));
        }
    }

    /// Forgets what was kept of an order whose answer is understood; whether it was still
    /// that one.
    pub(super) fn forget(&self, pending: &str) -> bool {
        let is_this = self.read().as_deref() == Some(pending);
        if is_this {
            kept::set_note(KEPT, None);
            self.unkept.take();
        }
        is_this
    }

    /// Whether what another tab has changed in the storage is this.
    pub(super) fn concerns(changed: Option<&str>) -> bool {
        changed == Some(KEPT)
    }

    /// Sends it; none while it is on its way, or where there is none.
    pub(super) fn send(&self) -> Option<impl Future<Output = Answer> + use<>> {
        let pending = self.read()?;
        let Some((key, json)) = pending.split_once('\n') else {
            self.forget(&pending);
            return None;
        };
        if self.sending.replace(true) {
            return None;
        }
        let (own, key, json) = (self.clone(), key.to_owned(), json.to_owned());
        let pending = pending.clone();
        Some(async move {
            let sent = api::send_text(PlaceOrder::PATH, json.clone(), Some(&key)).await;
            let answer = sent.and_then(|body| api::parse::<PlacedOrder>(&body));
            own.sending.set(false);
            match answer {
                Ok(placed) => {
                    let is_news = own.forget(&pending);
                    let sent = api::parse::<SentLines>(&json).ok().filter(|sent| is_news && !sent.quote);
                    Answer::Placed(sent.map(|sent| sent.lines).unwrap_or_default(), placed)
                }
                // Kept, since an earlier try may have been placed: the same key then gets its answer.
                Err(ApiError::Problem(problem)) if problem.status == 429 && problem.errors.is_empty() => {
                    Answer::TooMany(limit(&problem))
                }
                Err(ApiError::Problem(problem)) if problem.status < 500 => Answer::Refused(problem, pending),
                Err(_) => Answer::Silence,
            }
        })
    }
}

/// How long to wait, as a problem says it.
pub(super) fn limit(problem: &Problem) -> LimitReached {
    let retry_after_seconds = problem.retry_after_seconds.unwrap_or_default();
    LimitReached { by_network: true, retry_after_seconds }
}

/// 128 bits in hex, from the browser's own source of them.
fn new_key() -> String {
    let mut bytes = [0u8; 16];
    if let Ok(crypto) = window().crypto() {
        _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
