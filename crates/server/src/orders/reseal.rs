//! What is sealed, after a change of keys: sealed again with the current one.

use anyhow::Context as _;

use crate::{mail, secrets::Secrets, store::Store};

/// What the membership number of an order is sealed for: another order's opens nothing.
pub(super) fn membership(reference: &str) -> String {
    [reference, " membership"].concat()
}

/// Seals every membership number, and the text of every mail that was given up, with the
/// current key if it was sealed with another; how many there were. What was done stays done
/// if it is interrupted.
pub async fn reseal(store: &Store, secrets: &Secrets) -> anyhow::Result<usize> {
    let mut count = 0;
    for (reference, sealed) in store.sealed_memberships().await? {
        let again = sealed_again(secrets, &membership(&reference), &sealed)
            .with_context(|| format!("the membership number of {reference}"))?;
        if let Some(again) = again {
            count += usize::from(store.replace_membership(&reference, &sealed, &again).await?);
        }
    }
    for (id, sealed) in store.sealed_mails().await? {
        let again = sealed_again(secrets, &mail::seal_context(&id), &sealed)
            .with_context(|| format!("email {id}"))?;
        if let Some(again) = again {
            count += usize::from(store.replace_sealed_mail(&id, &sealed, &again).await?);
        }
    }
    Ok(count)
}

/// The same sealed with the current key; none if it is already.
fn sealed_again(secrets: &Secrets, context: &str, sealed: &str) -> anyhow::Result<Option<String>> {
    if secrets.is_current(sealed) {
        return Ok(None);
    }
    let text = secrets.unseal(context, sealed).context("cannot be decrypted with this key ring")?;
    Ok(Some(secrets.seal(context, &text)?))
}
