//! Re-encrypts stored data with the current key after a change of keys.

use anyhow::Context as _;

use crate::{mail, secrets::Secrets, store::Store};

/// The encryption context of an order's membership number, which prevents its use in another
/// order.
pub(super) fn membership(reference: &str) -> String {
    [reference, " membership"].concat()
}

/// Re-encrypts every membership number, and the text of every email that was given up, unless
/// the current key was used; returns how many. It can be interrupted and run again.
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

/// The text encrypted with the current key; none if it already is.
fn sealed_again(secrets: &Secrets, context: &str, sealed: &str) -> anyhow::Result<Option<String>> {
    if secrets.is_current(sealed) {
        return Ok(None);
    }
    let text = secrets.unseal(context, sealed).context("cannot be decrypted with this key ring")?;
    Ok(Some(secrets.seal(context, &text)?))
}
