//! Order administration for staff, from the command line until there are pages for it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use campaign_hub::i18n::format::pounds;
use contract::{
    Locale,
    orders::{Customer, Delivery, Order, OrderState, Payment},
    time::Date,
};
use jiff::Timestamp;
use print::{PrintedDocument, Typesetter};
use serde_json::json;

use super::{
    approval::{state_after_approval, was_paid},
    hold::HoldRules,
    link::token_of,
    order_documents,
    payment_service::{PaymentService, RefundMethod, RefundedBy},
    reseal,
    show::{held_until, to_order},
    transition_mail,
};
use crate::{
    card::CardPayments,
    clock::{self, Clock},
    config::{HOLD_WORKING_DAYS, PublicUrl},
    contacts,
    error::ApiError,
    keys::{self, KeySource},
    mail::{self, MailContext},
    secrets::Secrets,
    shop::{Catalogue, CatalogueCache},
    store::{
        ChangeOutcome, GivenUpMail, HeldOrder, ListedOrder, NewTransition, RecordedRefund, Refund, Store,
        StoredOrder, format_quantities,
    },
};

/// The interface for staff commands.
pub struct OrderAdmin {
    pub(super) store: Store,
    pub(super) secrets: Secrets,
    public_url: PublicUrl,
    card: Option<Arc<dyn CardPayments>>,
    pub(super) clock: Clock,
    hold_working_days: u32,
    /// The folder with emails that were written to files.
    pub(super) outbox: PathBuf,
}

impl OrderAdmin {
    /// Opens the database and the key ring. The folder `data` contains the emails that the
    /// server wrote to files, and links in emails start with `public_url`. `now` overrides the
    /// system's clock.
    pub async fn open(
        database_url: &str,
        data: &Path,
        keys: &KeySource,
        public_url: PublicUrl,
        card: Option<Arc<dyn CardPayments>>,
        now: Option<Timestamp>,
    ) -> anyhow::Result<Self> {
        let store = Store::open(database_url).await.context("cannot open the database")?;
        // Links made with a key other than the server's would not work.
        let secrets = keys::read(&store, keys).await?;
        let clock = now.map(Clock::starting_at).unwrap_or_default();
        Ok(Self {
            store,
            secrets,
            public_url,
            card,
            clock,
            hold_working_days: HOLD_WORKING_DAYS,
            outbox: data.join("outbox"),
        })
    }

    /// Sets the number of working days that orders are held.
    pub fn with_hold_working_days(self, hold_working_days: u32) -> Self {
        Self { hold_working_days, ..self }
    }

    /// A line for each order, optionally of one status, the oldest first.
    pub async fn list(&self, state: Option<OrderState>) -> anyhow::Result<String> {
        let mut out = String::new();
        for order in self.store.list_orders(state).await? {
            let ListedOrder { reference, state, placed_at, total_pence, customer, .. } = order;
            let customer: Customer = serde_json::from_str(&customer)?;
            let day = clock::uk_date(placed_at);
            let who = [customer.name, customer.branch].join(" ");
            writeln!(
                out,
                "{reference}  {day}  {:<18}  {}  {}",
                state.name(),
                pounds(total_pence),
                who.trim()
            )?;
        }
        Ok(out)
    }

    /// An order as JSON, with its link and the decrypted membership number.
    pub async fn show(&self, reference: &str) -> anyhow::Result<String> {
        let stored = self.order(reference).await?;
        let token = token_of(&self.secrets, &stored);
        let sealed = self.store.sealed_membership(reference).await?;
        let catalogue = self.catalogue().await?;
        let locale = stored.locale;
        let order =
            to_order(stored, &catalogue, clock::uk_date(self.clock.now()), locale).map_err(to_anyhow)?;
        let mut value = serde_json::to_value(order)?;
        if let Some(sealed) = sealed {
            value["membership"] = self
                .secrets
                .unseal(&reseal::membership(reference), &sealed)
                .context("the membership number was encrypted with a different key")?
                .into();
        }
        let at = |seconds: i64| Timestamp::from_second(seconds).map(|at| at.to_string()).unwrap_or_default();
        let announced = |(seconds, quantities, reason): (i64, String, String)| json!({ "at": at(seconds), "pieces": quantities, "reason": reason });
        value["returns"] = self.store.returns_of(reference).await?.into_iter().map(announced).collect();
        let sessions = self.store.card_sessions(reference).await?;
        value["card_payments"] = sessions.into_iter().filter_map(|session| session.payment).collect();
        let refund = |RecordedRefund { refund: Refund { pence, payment, .. }, made_at, done_at }| json!({ "at": at(made_at), "pence": pence, "to": payment, "done": done_at.map(at) });
        value["refunds"] = self.store.refunds_of(reference).await?.into_iter().map(refund).collect();
        let route = campaign_hub::routes::Route::Order(token);
        value["link"] = [self.public_url.origin(), &route.href(locale)].concat().into();
        Ok(serde_json::to_string_pretty(&value)?)
    }

    /// Changes the status of an order, and queues the email about it. If it is cancelled or
    /// was paid in another way, it can no longer be paid by card.
    pub async fn change_state(&self, reference: &str, to: OrderState, note: &str) -> anyhow::Result<()> {
        let stored = self.order(reference).await?;
        match to {
            OrderState::Returned => bail!("use: orders receive {reference} SKU:QUANTITY"),
            OrderState::Refunded => bail!("use: orders refund {reference}"),
            // There would be no code to approve it with.
            OrderState::AwaitingApproval => {
                bail!("cannot be set manually: an order needs approval again when its address is changed")
            }
            OrderState::PartlyDispatched => bail!("use: orders dispatch {reference} SKU:QUANTITY"),
            _ => {}
        }
        let payment: Payment = serde_json::from_str(&stored.payment)?;
        let approved = state_after_approval(&stored, &payment);
        if stored.state == OrderState::AwaitingApproval && to == OrderState::Confirmed && approved != to {
            bail!("{reference} is not paid: after approval its status is {}", approved.name());
        }
        let catalogue = self.catalogue().await?;
        let now = self.clock.now();
        let hold = HoldRules::new(self.hold_working_days, &catalogue).hold(to, &payment, now);
        let hold = hold.filter(|_| !was_paid(&stored, &payment));
        let new = NewTransition { note, hold, ..NewTransition::new(to, now) };
        let mail = transition_mail(self.mail_context(), &catalogue, &stored, &new).map_err(to_anyhow)?;
        require_changed(reference, self.store.change_state(reference, new, &mail).await?)?;
        if !matches!(to, OrderState::Confirmed | OrderState::Cancelled) {
            return Ok(());
        }
        self.payments(&catalogue).settle(&stored).await.map_err(to_anyhow).with_context(|| {
            format!("{reference} is now {}, but a card payment still needs settling", to.name())
        })
    }

    /// Records a part dispatch with the quantity of each SKU, and emails the customer.
    pub async fn dispatch(
        &self,
        reference: &str,
        quantities: &[(String, u32)],
    ) -> anyhow::Result<OrderState> {
        let stored = self.order(reference).await?;
        let mut all = true;
        let catalogue = self.catalogue().await?;
        let mut stock = BTreeMap::new();
        for (sku, count) in quantities {
            let line = stored.lines.iter().find(|line| line.sku == *sku);
            let line = line.with_context(|| format!("{sku} is not in {reference}"))?;
            let open = line.quantity - line.dispatched;
            anyhow::ensure!((1..=open).contains(count), "only {open} of {sku} left to dispatch");
            let offer = catalogue.offer(sku, stored.locale);
            let taken = offer.map_or_else(|| vec![(sku.clone(), *count)], |offer| offer.takes(sku, *count));
            for (sku, count) in taken {
                *stock.entry(sku).or_default() += count;
            }
        }
        for line in &stored.lines {
            let now: u32 =
                quantities.iter().filter(|(sku, _)| *sku == line.sku).map(|(_, count)| *count).sum();
            all &= line.dispatched + now == line.quantity;
        }
        let to = if all { OrderState::Dispatched } else { OrderState::PartlyDispatched };
        let note = format_quantities(quantities);
        let new = NewTransition { note: &note, ..NewTransition::new(to, self.clock.now()) };
        let mail = transition_mail(self.mail_context(), &catalogue, &stored, &new).map_err(to_anyhow)?;
        require_changed(
            reference,
            self.store.dispatch_part(reference, quantities, &stock, new, &mail).await?,
        )?;
        Ok(to)
    }

    /// Records returned items, with the quantity of each SKU.
    pub async fn receive(&self, reference: &str, quantities: &[(String, u32)]) -> anyhow::Result<()> {
        let stored = self.order(reference).await?;
        for (sku, count) in quantities {
            let line = stored.lines.iter().find(|line| line.sku == *sku);
            let line = line.with_context(|| format!("{sku} is not in {reference}"))?;
            let out = line.dispatched - line.returned;
            anyhow::ensure!((1..=out).contains(count), "only {out} of {sku} can be returned");
        }
        let catalogue = self.catalogue().await?;
        let note = format_quantities(quantities);
        let new = NewTransition { note: &note, ..NewTransition::new(OrderState::Returned, self.clock.now()) };
        let mail = transition_mail(self.mail_context(), &catalogue, &stored, &new).map_err(to_anyhow)?;
        require_changed(reference, self.store.receive_return(reference, quantities, new, &mail).await?)
    }

    /// Refunds what is due for an order, and returns what was done. `by_hand` records a manual
    /// refund if the provider refuses to refund the card.
    pub async fn refund(&self, reference: &str, by_hand: bool) -> anyhow::Result<String> {
        let catalogue = self.catalogue().await?;
        let refunded_by = if by_hand { RefundedBy::StaffManually } else { RefundedBy::Staff };
        let refunded = self.payments(&catalogue).refund(reference, refunded_by).await.map_err(|error| {
            let hint = "if the provider keeps rejecting it, refund it manually and run again with --by-hand";
            if matches!(error, ApiError::Card(_)) { to_anyhow(error).context(hint) } else { to_anyhow(error) }
        });
        Ok(match refunded? {
            None => format!("{reference}: no refund due"),
            Some((pence, RefundMethod::Card)) => {
                format!("{reference}: refunded {} to the card", pounds(pence))
            }
            Some((pence, RefundMethod::Manual)) => format!("{reference}: refund {} manually", pounds(pence)),
            Some((pence, RefundMethod::InvoiceCredit)) => format!(
                "{reference}: credit {} on the invoice, or refund it manually if it has been paid",
                pounds(pence)
            ),
        })
    }

    /// A line for each order with a refund due.
    pub async fn list_due(&self) -> anyhow::Result<String> {
        let catalogue = self.catalogue().await?;
        let mut references: BTreeSet<String> = self.store.with_open_refunds().await?.into_iter().collect();
        for state in [OrderState::Cancelled, OrderState::Returned] {
            references
                .extend(self.store.list_orders(Some(state)).await?.into_iter().map(|order| order.reference));
        }
        let mut out = String::new();
        for reference in references {
            let Some(order) = self.store.order(&reference).await? else { continue };
            let Some((pence, method)) =
                self.payments(&catalogue).refund_due(&order).await.map_err(to_anyhow)?
            else {
                continue;
            };
            let method = match method {
                RefundMethod::Card => "to the card",
                RefundMethod::Manual => "manually",
                RefundMethod::InvoiceCredit => "credit on the invoice",
            };
            writeln!(out, "{reference}  {}  {method}", pounds(pence))?;
        }
        Ok(out)
    }

    /// A line for each order on hold: first paid orders awaiting another approval, then those
    /// that expire next.
    pub async fn list_held(&self) -> anyhow::Result<String> {
        Ok(self.store.held_orders().await?.iter().map(held_order_line).collect())
    }

    /// A line for each order that has expired but is still on hold: either the server will
    /// cancel it soon, or it cannot ask whether the order was paid.
    pub async fn list_overdue(&self) -> anyhow::Result<String> {
        let now = self.clock.now();
        let held = self.store.held_orders().await?;
        Ok(held
            .iter()
            .filter(|order| order.expires_at.is_some_and(|at| at <= now))
            .map(held_order_line)
            .collect())
    }

    /// Holds an order to the end of the day this number of working days away, queues the email
    /// about it, and returns that day.
    pub async fn extend(&self, reference: &str, working_days: u32) -> anyhow::Result<Date> {
        let stored = self.order(reference).await?;
        let Some(before) = stored.expires_at else {
            bail!("{reference} is {}: it does not expire", stored.state.name());
        };
        let catalogue = self.catalogue().await?;
        let hold = HoldRules::new(working_days, &catalogue).for_working_days(self.clock.now());
        let last = held_until(hold.expires_at);
        anyhow::ensure!(hold.expires_at > before, "{reference} is held until {}", held_until(before).uk_date);
        let token = token_of(&self.secrets, &stored);
        let locale = stored.locale;
        let mut order =
            to_order(stored, &catalogue, clock::uk_date(self.clock.now()), locale).map_err(to_anyhow)?;
        let day = last.uk_date;
        order.held_until = Some(last);
        let mails = self.mail_context().about(&order, &token, locale);
        let mail = mails.extension_mail().map_err(to_anyhow)?;
        require_changed(reference, self.store.hold_order(reference, hold, Some(&mail)).await?)?;
        Ok(day)
    }

    /// A line for each email that was given up, without its recipient.
    pub async fn list_mails(&self) -> anyhow::Result<String> {
        let mut out = String::new();
        for GivenUpMail { id, reference, kind, at, reason } in self.store.given_up_mails().await? {
            writeln!(out, "{id}  {reference}  {kind}  {at}  {reason}")?;
        }
        Ok(out)
    }

    /// Queues an email again that was given up.
    pub async fn resend_mail(&self, id: &str) -> anyhow::Result<()> {
        let missing = || format!("no unsent email {id}, or its text has been removed");
        let sealed = self.store.sealed_mail(id).await?.with_context(missing)?;
        let text = self
            .secrets
            .unseal(&mail::seal_context(id), &sealed)
            .context("the email was encrypted with a different key")?;
        let [plain, html]: [String; 2] = serde_json::from_str(&text)?;
        let is_resent = self.store.resend_mail(id, &plain, &html, self.clock.now()).await?;
        anyhow::ensure!(is_resent, missing());
        Ok(())
    }

    /// An order's invoice or quote, as a PDF.
    pub async fn invoice(&self, reference: &str) -> anyhow::Result<Vec<u8>> {
        let catalogue = self.catalogue().await?;
        let stored = self.order(reference).await?;
        let order = self.payments(&catalogue).localise(&stored).map_err(to_anyhow)?;
        anyhow::ensure!(
            order.document().is_some(),
            "{reference} is {}: it has no invoice",
            order.state.name()
        );
        self.print_order_document(reference, order_documents::invoice).await
    }

    /// An order's delivery note, as a PDF.
    pub async fn delivery_note(&self, reference: &str) -> anyhow::Result<Vec<u8>> {
        let stored = self.order(reference).await?;
        let office = match serde_json::from_str(&stored.delivery)? {
            Delivery::Collection { region } => contacts::office(&self.store, region, stored.locale).await?,
            Delivery::Post { .. } => None,
        };
        let note = |order: &Order, catalogue: &Catalogue, locale| {
            order_documents::delivery_note(order, office.as_deref(), catalogue, locale)
        };
        self.print_order_document(reference, note).await
    }

    /// A statement of a branch's orders under one purchase order, as a PDF.
    pub async fn statement(&self, branch: &str, number: &str, locale: Locale) -> anyhow::Result<Vec<u8>> {
        let catalogue = self.catalogue().await?;
        let today = clock::uk_date(self.clock.now());
        let mut orders = Vec::new();
        for reference in self.store.orders_under(branch, number).await? {
            let Some(stored) = self.store.order(&reference).await? else { continue };
            orders.push(to_order(stored, &catalogue, today, locale).map_err(to_anyhow)?);
        }
        anyhow::ensure!(!orders.is_empty(), "no orders of {branch} under {number}");
        let statement =
            order_documents::statement(&orders, number, clock::wire_date(today), &catalogue, locale);
        print_pdf(&statement)
    }

    async fn print_order_document(
        &self,
        reference: &str,
        write: impl Fn(&Order, &Catalogue, Locale) -> print::ShopDocument,
    ) -> anyhow::Result<Vec<u8>> {
        let stored = self.order(reference).await?;
        let catalogue = self.catalogue().await?;
        let locale = stored.locale;
        let order =
            to_order(stored, &catalogue, clock::uk_date(self.clock.now()), locale).map_err(to_anyhow)?;
        print_pdf(&write(&order, &catalogue, locale))
    }

    pub(super) async fn order(&self, reference: &str) -> anyhow::Result<StoredOrder> {
        self.store.order(reference).await?.with_context(|| format!("no order {reference}"))
    }

    pub(super) async fn catalogue(&self) -> anyhow::Result<Arc<Catalogue>> {
        Ok(CatalogueCache::default().get(&self.store).await?)
    }

    pub(super) fn payments<'a>(&'a self, catalogue: &'a Catalogue) -> PaymentService<'a> {
        PaymentService {
            store: &self.store,
            card: self.card.as_deref(),
            mail_context: self.mail_context(),
            catalogue,
        }
    }

    pub(super) fn mail_context(&self) -> MailContext<'_> {
        let origin = self.public_url.origin();
        MailContext { secrets: &self.secrets, origin, now: self.clock.now(), limits: None }
    }

    /// All orders as CSV for a spreadsheet, without text that could be taken for a formula.
    pub async fn export(&self, state: Option<OrderState>) -> anyhow::Result<String> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record([
            "reference",
            "placed",
            "state",
            "total_pence",
            "kind",
            "name",
            "branch",
            "email",
            "telephone",
            "purchase_order",
            "delivery",
        ])?;
        for order in self.store.list_orders(state).await? {
            let customer: Customer = serde_json::from_str(&order.customer)?;
            let kind = serde_json::to_value(customer.kind)?;
            let fields = [
                order.reference,
                order.placed_at.to_string(),
                order.state.name().to_owned(),
                order.total_pence.to_string(),
                kind.as_str().unwrap_or_default().to_owned(),
                customer.name,
                customer.branch,
                customer.email,
                customer.telephone,
                order.purchase_order.unwrap_or_default(),
                order.delivery,
            ];
            out.write_record(fields.map(|field| escape_formula(&field)))?;
        }
        Ok(String::from_utf8(out.into_inner()?)?)
    }
}

/// Renders a document as a PDF. Staff are warned about characters that the fonts lack, because
/// a name or an address may be wrong without them.
fn print_pdf(document: &print::ShopDocument) -> anyhow::Result<Vec<u8>> {
    let PrintedDocument { pdf, missing, .. } = Typesetter::default().print_shop_document(document)?;
    if !missing.is_empty() {
        let named = |letter: &char| format!("“{}” (U+{:04X})", letter.escape_debug(), u32::from(*letter));
        let letters: Vec<String> = missing.iter().map(named).collect();
        eprintln!("warning: characters that cannot be printed, replaced by “?”: {}", letters.join(", "));
    }
    Ok(pdf)
}

fn held_order_line(order: &HeldOrder) -> String {
    let HeldOrder { reference, expires_at, total_pence } = order;
    let until = match expires_at {
        Some(expires_at) => format!("held until {}", held_until(*expires_at).uk_date),
        None => "paid, to be approved again".to_owned(),
    };
    format!("{reference}  {until}  {}\n", pounds(*total_pence))
}

/// An error message for a change that was not made.
fn require_changed(reference: &str, changed: ChangeOutcome) -> anyhow::Result<()> {
    match changed {
        ChangeOutcome::Done => Ok(()),
        ChangeOutcome::OrderNotFound => bail!("no order {reference}"),
        ChangeOutcome::InvalidTransition(state) => {
            let next: Vec<&str> = state.next().iter().map(|state| state.name()).collect();
            let next = if next.is_empty() { "none".to_owned() } else { next.join(", ") };
            bail!("{reference} is {}: possible next statuses: {next}", state.name())
        }
    }
}

/// Escapes a text that a spreadsheet would take for a formula.
fn escape_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { ["'", text].concat() } else { text.to_owned() }
}

pub(super) fn to_anyhow(error: ApiError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

#[cfg(test)]
mod tests {
    use super::escape_formula;

    #[test]
    fn formulas_are_escaped() {
        for formula in ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1"] {
            assert!(escape_formula(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(escape_formula("Leeds = home"), "Leeds = home");
    }
}
