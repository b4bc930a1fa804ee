//! The state of an order's page: the current order, the input in its forms, and the result of
//! the last change.

use contract::{
    Locale, Problem,
    orders::{ChangeKind, ChangeOrder, ChangeRefusal, FindOrder, Order, OrderChange},
    shop::Shop,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{errors, fields::Fields};
use crate::{
    a11y::navigation,
    api::{self, ApiError},
    i18n::order as t,
    ui::{FormError, error_text, focus_on, focus_summary, nfc},
};

/// The id of the status, which receives the focus after a change.
pub(super) const STATUS: &str = "order-status";

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct OrderStore {
    /// The token in the order's link.
    pub(super) token: StoredValue<String>,
    pub(super) order: RwSignal<Order>,
    pub(super) shop: StoredValue<Shop>,
    pub(super) fields: Fields,
    pub(super) errors: RwSignal<Vec<FormError>>,
    /// The change that these errors are about.
    pub(super) refused: RwSignal<Option<ChangeKind>>,
    /// The change that is being sent.
    sending: RwSignal<Option<ChangeKind>>,
    /// The last change that was made.
    pub(super) done: RwSignal<Option<&'static str>>,
    locale: Locale,
}

impl OrderStore {
    /// The state of a page for this order, and for a form that was refused.
    pub(super) fn new(
        token: String,
        order: Order,
        shop: Shop,
        fields: Fields,
        errors: Vec<FormError>,
        refused: Option<ChangeKind>,
        locale: Locale,
    ) -> Self {
        Self {
            token: StoredValue::new(token),
            order: RwSignal::new(order),
            shop: StoredValue::new(shop),
            fields,
            errors: RwSignal::new(errors),
            refused: RwSignal::new(refused),
            sending: RwSignal::new(None),
            done: RwSignal::new(None),
            locale,
        }
    }

    /// The error of the field with this id; empty if there is none.
    pub(super) fn error(self, id: &str) -> Signal<String> {
        error_text(self.errors, id)
    }

    /// Whether this change was refused last; its form stays open.
    pub(super) fn is_refused(self, kind: ChangeKind) -> bool {
        self.refused.get_untracked() == Some(kind)
    }

    /// Whether this change is being sent.
    pub(super) fn is_sending(self, kind: ChangeKind) -> bool {
        self.sending.get() == Some(kind)
    }

    /// Sends the input of a form, unless it has errors or another change is being sent.
    pub(super) fn send(self, kind: ChangeKind, event: &SubmitEvent) {
        event.prevent_default();
        if self.sending.with_untracked(Option::is_some) {
            return;
        }
        let order = self.order.get_untracked();
        let form = self.fields.form(kind, &order).cleaned(nfc);
        let takes_cards = self.shop.with_value(|shop| shop.card);
        let change = form.change(&order).and_then(|change| {
            let errors = change.validation_errors(&order, takes_cards);
            if errors.is_empty() { Ok(change) } else { Err(errors) }
        });
        match change {
            Ok(change) => {
                self.sending.set(Some(kind));
                self.done.set(None);
                spawn_local(self.change(change));
            }
            Err(errors) => self.refuse(kind, errors::of_fields(errors, &order, self.locale)),
        }
    }

    async fn change(self, change: OrderChange) {
        let (kind, locale) = (change.kind(), self.locale);
        let token = self.token.get_value();
        let request = |locale| FindOrder { token: token.clone(), locale };
        let answer = api::send(&ChangeOrder { token: token.clone(), locale, change }, None).await;
        // Even without a response, the change may have been made. The page may be cached in both
        // languages.
        for locale in Locale::ALL {
            api::forget(&request(locale));
        }
        // If the order has changed, the page shows it as it is now.
        let current = match &answer {
            Err(ApiError::Problem(Problem { status: 409, .. })) => Some(api::fetch(&request(locale)).await),
            _ => None,
        };
        // The reader may have left the page meanwhile.
        if self.sending.is_disposed() {
            return;
        }
        self.sending.set(None);
        match answer {
            Ok(order) => self.show_changed(kind, order),
            Err(ApiError::Problem(problem)) if problem.status == 404 => {
                // The link no longer works, and the reloaded page says so.
                _ = location().reload();
            }
            Err(error) => {
                self.refuse(kind, vec![self.error_of(&error)]);
                // If it could not be loaded, the page shows it as it was.
                if let Some(Ok(current)) = current {
                    self.order.set(current);
                }
            }
        }
    }

    /// Shows the changed order.
    fn show_changed(self, kind: ChangeKind, order: Order) {
        let done = done_text(kind, self.locale);
        self.errors.set(Vec::new());
        self.refused.set(None);
        self.fields.reset(kind, &order);
        self.order.set(order);
        self.done.set(Some(done));
        navigation::set_error_title(false, self.locale);
        focus_on(STATUS);
        navigation::announce(done);
    }

    /// Shows why a change was not made.
    fn refuse(self, kind: ChangeKind, errors: Vec<FormError>) {
        self.done.set(None);
        self.refused.set(Some(kind));
        self.errors.set(errors);
        navigation::set_error_title(true, self.locale);
        focus_summary();
    }

    fn error_of(self, error: &ApiError) -> FormError {
        let refusal = match error {
            ApiError::Problem(problem) => ChangeRefusal::find(&problem.kind),
            _ => None,
        };
        match refusal {
            Some(refusal) => errors::of_refusal(refusal, self.locale),
            None => errors::of_order(errors::of_api_error(error, self.locale)),
        }
    }
}

/// The confirmation of a change, visible and announced.
fn done_text(kind: ChangeKind, locale: Locale) -> &'static str {
    match kind {
        ChangeKind::Cancel => t::done_cancel(locale),
        ChangeKind::Address => t::done_address(locale),
        ChangeKind::Approve => t::done_approve(locale),
        ChangeKind::NewCode => t::done_new_code(locale),
        ChangeKind::Accept => t::done_accept(locale),
        ChangeKind::Return => t::done_return(locale),
    }
}
