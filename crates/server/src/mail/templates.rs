//! What emails say, in the language of the order.
//!
//! Emails never contain text that the customer typed: the email address of an order, or of a
//! branch officer, may belong to someone else.

use campaign_hub::{
    i18n::{format, mail as t, order as o, order_status},
    routes::Route,
};
use contract::{
    Locale,
    orders::{Hold, Order, OrderEvent, OrderHistoryEntry, OrderStatus, OrderedLine, Payment},
};
use jiff::Timestamp;

use super::parts::{Part, html, plain};
use crate::{
    error::ApiError,
    limits::Limits,
    orders::pay_path,
    secrets::{self, Secrets},
    shop::Catalogue,
    state::AppState,
    store::{NewMail, Officer, Priority, Scope},
    text::email_key,
};

/// What is needed to write an email.
#[derive(Clone, Copy)]
pub(crate) struct MailContext<'a> {
    /// Used to make the tokens in links.
    pub(crate) secrets: &'a Secrets,
    /// The site's own origin, without a trailing slash.
    pub(crate) origin: &'a str,
    pub(crate) now: Timestamp,
    /// The limits on emails to one recipient; none for emails that an anonymous client cannot
    /// cause.
    pub(crate) limits: Option<&'a Limits>,
}

impl AppState {
    /// The context for emails that are written now.
    pub(crate) fn mail_context(&self) -> MailContext<'_> {
        MailContext {
            secrets: &self.secrets,
            origin: self.public_url.origin(),
            now: self.clock.now(),
            limits: Some(self.limits.as_ref()),
        }
    }
}

impl<'a> MailContext<'a> {
    /// The emails about an order, with the token in its link.
    pub(crate) fn about(self, order: &'a Order, token: &'a str, locale: Locale) -> OrderMails<'a> {
        OrderMails { context: self, order, token, locale }
    }
}

/// Writes the emails about an order, in one language.
#[derive(Clone, Copy)]
pub(crate) struct OrderMails<'a> {
    context: MailContext<'a>,
    order: &'a Order,
    token: &'a str,
    locale: Locale,
}

impl OrderMails<'_> {
    /// The email about the order's new status, with its summary and link.
    pub(crate) fn order_mail(self, catalogue: &Catalogue) -> Result<NewMail, ApiError> {
        let Self { context, order, locale, .. } = self;
        let name = order_status::name(order.displayed_status(), locale);
        let hint = order_status::hint_in_email(order, locale);
        let mut parts = vec![self.greeting(), Part::Text(hint)];
        parts.extend(self.payment(catalogue));
        parts.extend(self.lines());
        parts.extend(self.order_link());
        // The law requires this in the confirmation. Afterwards it tells the customer about the
        // refund.
        let has_right = order.has_right_to_cancel();
        if has_right {
            parts.push(Part::Text(o::right_to_cancel(locale).to_owned()));
        }
        if has_right || order.status == OrderStatus::Cancelled {
            parts.push(Part::Text(t::returns(locale).to_owned()));
            parts.push(Part::Link([context.origin, &Route::DeliveryAndReturns.href(locale)].concat()));
        }
        let subject = t::order_subject(locale, &order.reference, name);
        self.to_customer(order.status.name(), subject, &parts)
    }

    /// The reminder that the order expires soon, and what to do about it.
    pub(crate) fn reminder_mail(self, catalogue: &Catalogue) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let day = self.held_day();
        let mut parts = vec![self.greeting()];
        if order.status == OrderStatus::AwaitingPayment {
            parts.push(Part::Text(match order.hold() {
                Some(Hold::CardPayment(last)) => {
                    t::reminder_card_payment(locale, &day, &format::time(locale, last))
                }
                _ => t::reminder_payment(locale, &day),
            }));
            parts.extend(self.payment(catalogue));
            if order.payment == (Payment::Transfer {}) {
                parts.push(Part::Text(t::reminder_paid(locale).to_owned()));
            }
        } else {
            parts.push(Part::Text(t::reminder_approval(locale, &day)));
        }
        parts.extend(self.lines());
        parts.extend(self.order_link());
        self.to_customer("reminder", t::reminder_subject(locale, &order.reference), &parts)
    }

    /// The email that the order is held for longer.
    pub(crate) fn extension_mail(self) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let mut parts = vec![self.greeting(), Part::Text(t::extended(locale, &self.held_day()))];
        parts.extend(self.order_link());
        self.to_customer("extended", t::extended_subject(locale, &order.reference), &parts)
    }

    /// Tells the customer that the delivery address was changed, because someone else with the
    /// link may have changed it.
    pub(crate) fn address_mail(self, catalogue: &Catalogue) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let facts = catalogue.facts();
        let mut parts = vec![self.greeting(), Part::Text(t::address_changed(locale).to_owned())];
        if order.approver.is_some() {
            parts.push(Part::Text(t::address_approval(locale).to_owned()));
        }
        parts.extend([
            Part::Text(t::address_not_you(locale).to_owned()),
            Part::List(vec![facts.telephone.clone(), facts.email.clone()]),
        ]);
        parts.extend(self.order_link());
        self.to_customer("address", t::address_subject(locale, &order.reference), &parts)
    }

    /// How to return items.
    pub(crate) fn return_mail(
        self,
        catalogue: &Catalogue,
        items: &[(String, u32)],
    ) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let item = |(sku, count): &(String, u32)| {
            let line = order.lines.iter().find(|line| line.sku == *sku);
            format!("{count} × {}", line.map(OrderedLine::full_name).unwrap_or_default())
        };
        let mut parts = vec![
            self.greeting(),
            Part::Text(t::return_requested(locale).to_owned()),
            Part::List(items.iter().map(item).collect()),
            Part::Text(t::return_to(locale, &order.reference)),
            Part::List(catalogue.facts().seller.lines()),
        ];
        parts.extend(self.order_link());
        self.to_customer("return", t::return_subject(locale, &order.reference), &parts)
    }

    /// The link to the order, for the customer who asked for it.
    pub(crate) fn link_mail(self) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let parts = [
            self.greeting(),
            Part::Text(t::link_asked(locale).to_owned()),
            self.link(),
            Part::Text(t::link_warning(locale).to_owned()),
            Part::Text(t::not_you(locale).to_owned()),
        ];
        self.to_customer("link", t::link_subject(locale, &order.reference), &parts)
    }

    /// A new link to the order, which replaces the previous one.
    pub(crate) fn new_link_mail(self) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let parts = [
            self.greeting(),
            Part::Text(t::link_replaced(locale).to_owned()),
            self.link(),
            Part::Text(t::link_warning(locale).to_owned()),
        ];
        self.to_customer("new-link", t::link_subject(locale, &order.reference), &parts)
    }

    /// The approval code, for the branch officer; the email mentions a changed delivery
    /// address.
    pub(crate) fn code_mail(self, officer: &Officer, code: &str) -> Result<NewMail, ApiError> {
        let Self { order, locale, .. } = self;
        let total = format::pounds(order.price.total_pence);
        let mut parts = vec![Part::Text(t::code_asked(locale, &officer.branch, &total))];
        let is_change = |own: &OrderHistoryEntry| own.event == Some(OrderEvent::AddressChanged);
        if order.history.iter().any(is_change) {
            parts.push(Part::Text(t::code_changed(locale).to_owned()));
        }
        parts.extend(self.lines());
        parts.push(Part::Text(t::code_is(locale).to_owned()));
        parts.push(Part::Code(code.to_owned()));
        parts.push(self.link());
        parts.push(Part::Text(t::code_not(locale).to_owned()));
        self.write("code", &officer.email, t::code_subject(locale, &order.reference), &parts)
    }

    fn greeting(self) -> Part {
        Part::Text(t::greeting(self.locale).to_owned())
    }

    /// The last day for which the order is held.
    fn held_day(self) -> String {
        let last = self.order.held_until.as_ref();
        last.map(|last| format::short_date(self.locale, last.uk_date)).unwrap_or_default()
    }

    /// How to pay an order awaiting payment: the bank account for a transfer, or the page for
    /// cards.
    fn payment(self, catalogue: &Catalogue) -> Vec<Part> {
        let Self { context, order, token, locale } = self;
        match order.payment {
            _ if order.status != OrderStatus::AwaitingPayment => Vec::new(),
            Payment::Transfer {} => vec![self.account(catalogue)],
            Payment::Card {} => {
                let page = [context.origin, &pay_path(token, locale)].concat();
                vec![Part::Text(t::pay_link(locale).to_owned()), Part::Link(page)]
            }
            Payment::PurchaseOrder { .. } | Payment::Nothing {} => Vec::new(),
        }
    }

    /// The bank account for transfers.
    fn account(self, catalogue: &Catalogue) -> Part {
        let Self { order, locale, .. } = self;
        let account = &catalogue.facts().account;
        let rows = [
            (o::account_name(locale), account.name.clone()),
            (o::sort_code(locale), account.sort_code.clone()),
            (o::account_number(locale), account.number.clone()),
            (o::reference(locale), order.reference.clone()),
            (o::amount(locale), format::pounds(order.price.total_pence)),
        ];
        Part::List(rows.map(|(name, value)| format!("{name}: {value}")).into())
    }

    fn lines(self) -> [Part; 3] {
        let Self { order, locale, .. } = self;
        let line = |(line, price): (&OrderedLine, &contract::orders::price::LinePrice)| {
            format!("{} × {}, {}", line.quantity, line.full_name(), format::price(locale, price.total_pence))
        };
        let vat: u64 = order.price.vat.iter().map(|vat| vat.vat_pence).sum();
        let [total, vat] = [order.price.total_pence, vat].map(format::pounds);
        [
            Part::Text(t::lines(locale).to_owned()),
            Part::List(order.lines.iter().zip(&order.price.lines).map(line).collect()),
            Part::Text(t::total(locale, &total, &vat)),
        ]
    }

    /// The link to the order, and a warning not to pass it on.
    fn order_link(self) -> [Part; 3] {
        [
            Part::Text(t::see(self.locale).to_owned()),
            self.link(),
            Part::Text(t::link_warning(self.locale).to_owned()),
        ]
    }

    /// The URL of the order's page.
    fn link(self) -> Part {
        let page = Route::Order(self.token.to_owned()).href(self.locale);
        Part::Link([self.context.origin, &page].concat())
    }

    fn to_customer(self, kind: &'static str, subject: String, parts: &[Part]) -> Result<NewMail, ApiError> {
        self.write(kind, &self.order.customer.email, subject, parts)
    }

    fn write(
        self,
        kind: &'static str,
        recipient: &str,
        subject: String,
        parts: &[Part],
    ) -> Result<NewMail, ApiError> {
        let Self { context, order, locale, .. } = self;
        // Emails that protect someone have limits of their own, so that others cannot use them up.
        let scope = match kind {
            "code" => Scope::CodesPerRecipient,
            "address" => Scope::NoticesPerRecipient,
            "reminder" => Scope::RemindersPerRecipient,
            _ => Scope::MailsPerRecipient,
        };
        let claims = context.limits.map(|limits| limits.claims(&[(scope, &email_key(recipient))]));
        Ok(NewMail {
            id: secrets::random_id()?,
            reference: order.reference.clone(),
            kind,
            priority: priority(kind),
            recipient: recipient.to_owned(),
            plain: plain(parts, locale),
            html: html(&subject, parts, locale),
            subject,
            made_at: context.now,
            claims: claims.unwrap_or_default(),
        })
    }
}

/// Whether someone is waiting for an email of this kind.
fn priority(kind: &str) -> Priority {
    let confirms = [
        OrderStatus::Quoted,
        OrderStatus::Placed,
        OrderStatus::AwaitingApproval,
        OrderStatus::AwaitingPayment,
        OrderStatus::Confirmed,
    ];
    let is_awaited =
        matches!(kind, "code" | "link" | "new-link") || confirms.iter().any(|status| status.name() == kind);
    if is_awaited { Priority::Awaited } else { Priority::Normal }
}
