//! Changes of the delivery address of an order.

use contract::orders::OrderStatus;

use super::{
    Approval, ChangeOutcome, Exceeded, NewMail, NewTransition, Store, StoreError, approvals, limits,
    placing::retry_on_conflict, transitions,
};

/// A new delivery address of an order, and its consequences.
#[derive(Clone, Debug)]
pub(crate) struct ChangedDelivery<'a> {
    /// The status of the order when the change was decided.
    pub(crate) from: OrderStatus,
    pub(crate) delivery: String,
    /// The entry in the history; if the order needs approval again, it changes the status.
    pub(crate) new: NewTransition<'a>,
    /// The code of the officer who has to approve the new address.
    pub(crate) approval: Option<Approval>,
    pub(crate) mail: NewMail,
}

impl Store {
    /// Changes the delivery address of an order, as long as it can be cancelled. An earlier
    /// approval code becomes invalid, because it is for the old address. The change is refused
    /// rather than made without a notice: the error is the limit that this would exceed.
    pub(crate) async fn change_delivery(
        &self,
        reference: &str,
        changed: &ChangedDelivery<'_>,
    ) -> Result<Result<ChangeOutcome, Exceeded>, StoreError> {
        retry_on_conflict(|| self.try_to_change_delivery(reference, changed)).await
    }

    async fn try_to_change_delivery(
        &self,
        reference: &str,
        changed: &ChangedDelivery<'_>,
    ) -> Result<Result<ChangeOutcome, Exceeded>, StoreError> {
        let Some((mut transaction, status)) = self.lock_order(reference).await? else {
            return Ok(Ok(ChangeOutcome::OrderNotFound));
        };
        let ChangedDelivery { from, delivery, new, approval, mail } = changed;
        let stays = new.to == status;
        if status != *from || !status.is_open() || !(stays || status.may_become(new.to)) {
            return Ok(Ok(ChangeOutcome::InvalidTransition(status)));
        }
        if let Some(exceeded) = limits::take(&mut transaction, &mail.claims).await? {
            return Ok(Err(exceeded));
        }
        let mail = &NewMail { claims: Vec::new(), ..mail.clone() };
        sqlx::query("UPDATE orders SET delivery = $1 WHERE reference = $2")
            .bind(delivery)
            .bind(reference)
            .execute(transaction.connection())
            .await?;
        if stays {
            transitions::write_entry(&mut transaction, reference, *new, mail).await?;
        } else {
            transitions::write_transition(&mut transaction, reference, *new, mail).await?;
        }
        if let Some(approval) = approval {
            approvals::add(&mut transaction, reference, approval).await?;
        }
        transaction.commit().await?;
        Ok(Ok(ChangeOutcome::Done))
    }
}
