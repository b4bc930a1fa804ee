//! Order administration for staff, from the command line until there are pages for it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use campaign_hub::i18n::format::pounds;
use contract::orders::{Customer, Order, OrderStatus, Payment};
use jiff::Timestamp;
use serde_json::json;

use super::{
    approval::{status_after_approval, was_paid},
    hold::HoldRules,
    link::token_of,
    payment_service::PaymentService,
    reseal,
    show::to_order,
    transition_mail,
};
use crate::{
    card::CardPayments,
    clock::{self, Clock},
    config::{HOLD_WORKING_DAYS, PublicUrl},
    error::ApiError,
    keys::{self, KeySource},
    mail::MailContext,
    secrets::Secrets,
    shop::{Catalogue, CatalogueCache},
    store::{
        ChangeOutcome, ListedOrder, NewTransition, RecordedRefund, Refund, Store, StoredOrder,
        format_quantities,
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
    pub async fn list(&self, status: Option<OrderStatus>) -> anyhow::Result<String> {
        let mut out = String::new();
        for order in self.store.list_orders(status).await? {
            let ListedOrder { reference, status, placed_at, total_pence, customer, .. } = order;
            let customer: Customer = serde_json::from_str(&customer)?;
            let day = clock::uk_date(placed_at);
            let who = [customer.name, customer.branch].join(" ");
            writeln!(
                out,
                "{reference}  {day}  {:<18}  {}  {}",
                status.name(),
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
        let order = self.localise(stored, &catalogue)?;
        let mut value = serde_json::to_value(order)?;
        if let Some(sealed) = sealed {
            value["membership"] = self
                .secrets
                .unseal(&reseal::membership(reference), &sealed)
                .context("the membership number was encrypted with a different key")?
                .into();
        }
        let at = |seconds: i64| Timestamp::from_second(seconds).map(|at| at.to_string()).unwrap_or_default();
        let requested = |(seconds, quantities, reason): (i64, String, String)| json!({ "at": at(seconds), "pieces": quantities, "reason": reason });
        value["returns"] = self.store.returns_of(reference).await?.into_iter().map(requested).collect();
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
    pub async fn change_status(&self, reference: &str, to: OrderStatus, note: &str) -> anyhow::Result<()> {
        let stored = self.order(reference).await?;
        match to {
            OrderStatus::Returned => bail!("use: orders receive {reference} SKU:QUANTITY"),
            OrderStatus::Refunded => bail!("use: orders refund {reference}"),
            // There would be no code to approve it with.
            OrderStatus::AwaitingApproval => {
                bail!("cannot be set manually: an order needs approval again when its address is changed")
            }
            OrderStatus::PartlyDispatched => bail!("use: orders dispatch {reference} SKU:QUANTITY"),
            _ => {}
        }
        let payment: Payment = serde_json::from_str(&stored.payment)?;
        let approved = status_after_approval(&stored, &payment);
        if stored.status == OrderStatus::AwaitingApproval && to == OrderStatus::Confirmed && approved != to {
            bail!("{reference} is not paid: after approval its status is {}", approved.name());
        }
        let catalogue = self.catalogue().await?;
        let now = self.clock.now();
        let hold = HoldRules::new(self.hold_working_days, &catalogue).hold(to, &payment, now);
        let hold = hold.filter(|_| !was_paid(&stored, &payment));
        let new = NewTransition { note, hold, ..NewTransition::new(to, now) };
        let mail = transition_mail(self.mail_context(), &catalogue, &stored, &new).map_err(to_anyhow)?;
        require_changed(reference, self.store.change_status(reference, new, &mail).await?)?;
        if !matches!(to, OrderStatus::Confirmed | OrderStatus::Cancelled) {
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
    ) -> anyhow::Result<OrderStatus> {
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
        let to = if all { OrderStatus::Dispatched } else { OrderStatus::PartlyDispatched };
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
        let new =
            NewTransition { note: &note, ..NewTransition::new(OrderStatus::Returned, self.clock.now()) };
        let mail = transition_mail(self.mail_context(), &catalogue, &stored, &new).map_err(to_anyhow)?;
        require_changed(reference, self.store.receive_return(reference, quantities, new, &mail).await?)
    }

    pub(super) async fn order(&self, reference: &str) -> anyhow::Result<StoredOrder> {
        self.store.order(reference).await?.with_context(|| format!("no order {reference}"))
    }

    /// An order as its customer sees it, in the language in which it was placed.
    pub(super) fn localise(&self, stored: StoredOrder, catalogue: &Catalogue) -> anyhow::Result<Order> {
        let (today, locale) = (clock::uk_date(self.clock.now()), stored.locale);
        to_order(stored, catalogue, today, locale).map_err(to_anyhow)
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
}

/// An error message for a change that was not made.
pub(super) fn require_changed(reference: &str, changed: ChangeOutcome) -> anyhow::Result<()> {
    match changed {
        ChangeOutcome::Done => Ok(()),
        ChangeOutcome::OrderNotFound => bail!("no order {reference}"),
        ChangeOutcome::InvalidTransition(status) => {
            let next: Vec<&str> = status.next().iter().map(|status| status.name()).collect();
            let next = if next.is_empty() { "none".to_owned() } else { next.join(", ") };
            bail!("{reference} is {}: possible next statuses: {next}", status.name())
        }
    }
}

pub(super) fn to_anyhow(error: ApiError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}
