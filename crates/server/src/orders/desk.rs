//! What the people who pack and send do with orders, from the command line, until
//! they have pages of their own.

use std::{fmt::Write as _, path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use campaign_hub::orders::has_invoice;
use contract::{
    Locale,
    orders::{Address, Customer, Delivery, Order, OrderState},
};
use jiff::Timestamp;
use print::Press;

use super::{
    move_mail, paper,
    refund::{self, Given},
    show::shown,
};
use crate::{
    card::CardPayments,
    clock::{self, Clock},
    config::PublicUrl,
    error::ApiError,
    mail::Letterhead,
    secrets::Secrets,
    shop::{Catalogue, CatalogueCache},
    store::{Changed, ListedOrder, NewMove, Store},
};

/// How many years the law has the accounts of an order kept, after that of the order.
const ACCOUNT_YEARS: i16 = 6;

/// The desk at which orders are worked on.
pub struct Desk {
    store: Store,
    secrets: Secrets,
    public_url: PublicUrl,
    card: Option<Arc<dyn CardPayments>>,
    clock: Clock,
}

impl Desk {
    /// Opens the database and the key in the folder `data`; links in mails start with
    /// `public_url`. It is `now`, or whatever the system's clock says.
    pub async fn open(
        database_url: &str,
        data: &Path,
        public_url: PublicUrl,
        card: Option<Arc<dyn CardPayments>>,
        now: Option<Timestamp>,
    ) -> anyhow::Result<Self> {
        let store = Store::open(database_url).await.context("the database cannot be opened")?;
        let secrets = Secrets::open(&data.join("secret.key"))?;
        Ok(Self { store, secrets, public_url, card, clock: now.map(Clock::starting_at).unwrap_or_default() })
    }

    /// A line for each order in a state, or for all, those that wait longest first.
    pub async fn list(&self, state: Option<OrderState>) -> anyhow::Result<String> {
        let mut out = String::new();
        for order in self.store.list_orders(state).await? {
            let ListedOrder { reference, state, placed_at, total_pence, customer, .. } = order;
            let customer: Customer = serde_json::from_str(&customer)?;
            let day = clock::uk_date(placed_at);
            let [pounds, pence] = [total_pence / 100, total_pence % 100];
            let who = [customer.name, customer.branch].join(" ");
            writeln!(out, "{reference}  {day}  {:<18}  £{pounds}.{pence:02}  {}", state.name(), who.trim())?;
        }
        Ok(out)
    }

    /// An order as JSON, with its link and what was sealed.
    pub async fn show(&self, reference: &str) -> anyhow::Result<String> {
        let stored =
            self.store.order(reference).await?.with_context(|| format!("there is no order {reference}"))?;
        let sealed = self.store.sealed_membership(reference).await?;
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let locale = stored.locale;
        let order = shown(stored, &catalogue, clock::uk_date(self.clock.now()), locale).map_err(told)?;
        let mut value = serde_json::to_value(order)?;
        if let Some(sealed) = sealed {
            value["membership"] = self
                .secrets
                .unseal(&sealed)
                .context("the membership number was sealed with another key")?
                .into();
        }
        let returns = self.store.returns_of(reference).await?;
        let told = |(at, pieces, reason): (i64, String, String)| {
            let at = Timestamp::from_second(at).map(|at| at.to_string()).unwrap_or_default();
            serde_json::json!({ "at": at, "pieces": pieces, "reason": reason })
        };
        value["returns"] = returns.into_iter().map(told).collect();
        let route = campaign_hub::routes::Route::Order(self.secrets.order_token(reference));
        value["link"] = [self.public_url.origin(), &route.href(locale)].concat().into();
        Ok(serde_json::to_string_pretty(&value)?)
    }

    /// Moves an order on, and writes the mail that tells of it; the server sends it.
    pub async fn move_to(&self, reference: &str, to: OrderState, note: &str) -> anyhow::Result<()> {
        let stored =
            self.store.order(reference).await?.with_context(|| format!("there is no order {reference}"))?;
        match to {
            OrderState::Returned => bail!("say what has come back: orders receive {reference} SKU:1"),
            OrderState::Refunded => bail!("give it back: orders refund {reference}"),
            _ => {}
        }
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let now = self.clock.now();
        let mail = move_mail(self.letterhead(), &catalogue, &stored, to).map_err(told)?;
        done(reference, self.store.move_order(reference, NewMove { to, at: now, note }, &mail).await?)
    }

    /// Notes that part of an order has left: so many pieces of each SKU. Its customer
    /// gets a mail.
    pub async fn dispatch(&self, reference: &str, pieces: &[(String, u32)]) -> anyhow::Result<OrderState> {
        let stored =
            self.store.order(reference).await?.with_context(|| format!("there is no order {reference}"))?;
        let mut all = true;
        for (sku, count) in pieces {
            let line = stored.lines.iter().find(|line| line.sku == *sku);
            let line = line.with_context(|| format!("{reference} has no line {sku}"))?;
            let open = line.quantity - line.dispatched;
            anyhow::ensure!((1..=open).contains(count), "of {sku}, {open} have not left yet");
        }
        for line in &stored.lines {
            let now: u32 = pieces.iter().filter(|(sku, _)| *sku == line.sku).map(|(_, count)| *count).sum();
            all &= line.dispatched + now == line.quantity;
        }
        let to = if all { OrderState::Dispatched } else { OrderState::PartlyDispatched };
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let now = self.clock.now();
        let mail = move_mail(self.letterhead(), &catalogue, &stored, to).map_err(told)?;
        let note = written(pieces);
        let new = NewMove { to, at: now, note: &note };
        done(reference, self.store.dispatch_part(reference, pieces, new, &mail).await?)?;
        Ok(to)
    }

    /// Notes that pieces of an order have come back: so many of each SKU.
    pub async fn receive(&self, reference: &str, pieces: &[(String, u32)]) -> anyhow::Result<()> {
        let stored =
            self.store.order(reference).await?.with_context(|| format!("there is no order {reference}"))?;
        for (sku, count) in pieces {
            let line = stored.lines.iter().find(|line| line.sku == *sku);
            let line = line.with_context(|| format!("{reference} has no line {sku}"))?;
            let out = line.dispatched - line.returned;
            anyhow::ensure!((1..=out).contains(count), "of {sku}, {out} can come back");
        }
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let mail = move_mail(self.letterhead(), &catalogue, &stored, OrderState::Returned).map_err(told)?;
        let note = written(pieces);
        let new = NewMove { to: OrderState::Returned, at: self.clock.now(), note: &note };
        done(reference, self.store.receive_back(reference, pieces, new, &mail).await?)
    }

    /// Gives back what is due for an order, and says what was done.
    pub async fn refund(&self, reference: &str) -> anyhow::Result<String> {
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let card = self.card.as_deref();
        let given = refund::give_back(&self.store, card, self.letterhead(), &catalogue, reference).await;
        let pounds = |pence: u64| format!("£{}.{:02}", pence / 100, pence % 100);
        Ok(match given.map_err(told)? {
            Given::Nothing => format!("{reference}: nothing is due"),
            Given::ToCard(pence) => format!("{reference}: {} given back to the card", pounds(pence)),
            Given::ByHand(pence) => format!("{reference}: give back {} by hand", pounds(pence)),
            Given::OffInvoice(pence) => format!(
                "{reference}: take {} off the invoice, or give it back by hand if that was paid",
                pounds(pence)
            ),
        })
    }

    /// An order's invoice, or the quote, as PDF.
    pub async fn invoice(&self, reference: &str) -> anyhow::Result<Vec<u8>> {
        let order = self.store.order(reference).await?;
        let state = order.with_context(|| format!("there is no order {reference}"))?.state;
        let has_paper = state == OrderState::Quoted || has_invoice(state);
        anyhow::ensure!(has_paper, "{reference} is {}: it has no invoice", state.name());
        self.print(reference, paper::invoice).await
    }

    /// What lies in an order's parcel, as PDF.
    pub async fn packing_note(&self, reference: &str) -> anyhow::Result<Vec<u8>> {
        self.print(reference, paper::packing_note).await
    }

    /// All orders of a branch under a purchase order, as PDF.
    pub async fn statement(&self, branch: &str, number: &str, locale: Locale) -> anyhow::Result<Vec<u8>> {
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let today = clock::uk_date(self.clock.now());
        let mut orders = Vec::new();
        for reference in self.store.orders_under(branch, number).await? {
            let Some(stored) = self.store.order(&reference).await? else { continue };
            orders.push(shown(stored, &catalogue, today, locale).map_err(told)?);
        }
        anyhow::ensure!(!orders.is_empty(), "there is no order of {branch} under {number}");
        let paper = paper::statement(&orders, number, clock::wire_date(today), &catalogue, locale);
        Ok(Press::default().print_paper(&paper)?.pdf)
    }

    async fn print(
        &self,
        reference: &str,
        paper: impl Fn(&Order, &Catalogue, Locale) -> print::Paper,
    ) -> anyhow::Result<Vec<u8>> {
        let stored =
            self.store.order(reference).await?.with_context(|| format!("there is no order {reference}"))?;
        let catalogue = CatalogueCache::default().get(&self.store).await?;
        let locale = stored.locale;
        let order = shown(stored, &catalogue, clock::uk_date(self.clock.now()), locale).map_err(told)?;
        Ok(Press::default().print_paper(&paper(&order, &catalogue, locale))?.pdf)
    }

    fn letterhead(&self) -> Letterhead<'_> {
        Letterhead { secrets: &self.secrets, origin: self.public_url.origin(), now: self.clock.now() }
    }

    /// Everything that is known of whoever has ordered with a mail address, as JSON.
    pub async fn export_person(&self, email: &str) -> anyhow::Result<String> {
        let mut orders = Vec::new();
        for reference in self.store.orders_of(email).await? {
            orders.push(serde_json::from_str::<serde_json::Value>(&self.show(&reference).await?)?);
        }
        Ok(serde_json::to_string_pretty(&serde_json::json!({ "email": email, "orders": orders }))?)
    }

    /// Erases what names whoever has ordered with a mail address, but for orders that
    /// are under way; a line for each order. What tax law needs stays: what was sold
    /// when, for how much, to which branch, under which purchase order.
    pub async fn erase_person(&self, email: &str) -> anyhow::Result<String> {
        let mut out = String::new();
        let unsettled = self.store.unsettled().await?;
        for reference in self.store.orders_of(email).await? {
            if unsettled.contains(&reference) {
                writeln!(out, "{reference}: not erased, since money is to be given back: refund it first")?;
                continue;
            }
            let Some(stored) = self.store.order(&reference).await? else { continue };
            let before: Customer = serde_json::from_str(&stored.customer)?;
            let customer = Customer { kind: before.kind, branch: before.branch, ..Customer::default() };
            let delivery = match serde_json::from_str(&stored.delivery)? {
                Delivery::Post { speed, .. } => Delivery::Post { address: Address::default(), speed },
                collection @ Delivery::Collection { .. } => collection,
            };
            let [customer, delivery] = [serde_json::to_string(&customer)?, serde_json::to_string(&delivery)?];
            match self.store.erase_order(&reference, &customer, &delivery).await? {
                Changed::Done => {
                    let until = clock::uk_date(stored.placed_at).year() + ACCOUNT_YEARS + 1;
                    writeln!(out, "{reference}: erased; its accounts are kept to the end of {until}")?;
                }
                Changed::NotNow(state) => writeln!(
                    out,
                    "{reference}: not erased, since it is {}: deliver, cancel or refund it first",
                    state.name()
                )?,
                Changed::NoOrder => {}
            }
        }
        if out.is_empty() {
            writeln!(out, "there is no order of {email}")?;
        }
        Ok(out)
    }

    /// All orders as CSV for a spreadsheet, in which no text is taken for a formula.
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
            out.write_record(fields.map(|field| harmless(&field)))?;
        }
        Ok(String::from_utf8(out.into_inner()?)?)
    }
}

fn written(pieces: &[(String, u32)]) -> String {
    pieces.iter().map(|(sku, count)| format!("{count} × {sku}")).collect::<Vec<_>>().join(", ")
}

/// Says why something was not done.
fn done(reference: &str, changed: Changed) -> anyhow::Result<()> {
    match changed {
        Changed::Done => Ok(()),
        Changed::NoOrder => bail!("there is no order {reference}"),
        Changed::NotNow(state) => {
            let next: Vec<&str> = state.next().iter().map(|state| state.name()).collect();
            let next = if next.is_empty() { "nothing".to_owned() } else { next.join(", ") };
            bail!("{reference} is {}: it may become {next}", state.name())
        }
    }
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { ["'", text].concat() } else { text.to_owned() }
}

fn told(error: ApiError) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_text_is_taken_for_a_formula() {
        for formula in ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1"] {
            assert!(harmless(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(harmless("Leeds = home"), "Leeds = home");
    }
}
