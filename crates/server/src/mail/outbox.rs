//! Sends what waits in the database: by SMTP, or into files where no server is
//! named.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use tokio::{sync::Notify, time::timeout};

use crate::{
    clock::Clock,
    store::{DueMail, Store, StoreError, TryEnd},
    text::mail_address,
};

/// How many mails are read at once.
const BATCH: i64 = 20;
/// How often the database is looked at though nobody has written a mail.
const LOOK: Duration = Duration::from_secs(5);
/// How long a mail server may take over one mail.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the first pause after a failure is; each one after it is twice as long.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(90);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
/// How often a mail is tried: for about three days.
const MOST_TRIES: u32 = 20;

/// Where mails go.
pub enum Post {
    /// To a mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// Into a folder, a file each.
    Folder(PathBuf),
}

impl Post {
    /// A mail server by its address, such as `smtps://user:password@mail.example`, or
    /// a folder where there is none.
    pub fn open(smtp_url: Option<&str>, folder: PathBuf) -> anyhow::Result<Self> {
        let Some(url) = smtp_url else { return Ok(Self::Folder(folder)) };
        // The address may hold a password: it is not repeated.
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            anyhow::anyhow!("the address of the mail server is none: expected smtp:// or smtps://")
        })?;
        Ok(Self::Smtp(smtp.timeout(Some(PATIENCE)).build()))
    }

    async fn send(&self, id: &str, message: Message) -> anyhow::Result<()> {
        match self {
            Self::Smtp(smtp) => {
                timeout(PATIENCE, smtp.send(message)).await.context("the mail server took too long")??;
            }
            Self::Folder(folder) => {
                tokio::fs::create_dir_all(folder).await?;
                // A second try writes the same file.
                let unfinished = folder.join(format!("{id}.part"));
                tokio::fs::write(&unfinished, message.formatted()).await?;
                tokio::fs::rename(unfinished, folder.join(format!("{id}.eml"))).await?;
            }
        }
        Ok(())
    }
}

/// Sends mails for as long as the server runs. `from` is whom they come from, and
/// `wake` tells that one was written. `succeeded` hears that all that were due were tried.
pub async fn run(
    store: Store,
    clock: Clock,
    post: Arc<Post>,
    from: String,
    wake: Arc<Notify>,
    succeeded: impl Fn(Timestamp),
) {
    loop {
        match send_due(&store, &clock, &post, &from).await {
            Ok(true) => continue,
            Ok(false) => succeeded(clock.now()),
            Err(error) => tracing::warn!(%error, "mails wait: the database does not answer"),
        }
        _ = timeout(LOOK, wake.notified()).await;
    }
}

/// Tries each mail whose turn it is; whether there was one.
async fn send_due(store: &Store, clock: &Clock, post: &Post, from: &str) -> Result<bool, StoreError> {
    let due = store.due_mails(clock.now(), BATCH).await?;
    for mail in &due {
        let now = clock.now();
        if !store.take_mail(mail, now + pause(mail.tries)).await? {
            continue;
        }
        let sent = match message(mail, from) {
            Ok(message) => post.send(&mail.id, message).await,
            Err(error) => Err(error),
        };
        // Neither the address nor the text stands in the log.
        match sent {
            Ok(()) => store.end_try(&mail.id, TryEnd::Sent(now)).await?,
            Err(error) if mail.tries + 1 >= MOST_TRIES => {
                tracing::error!(mail = mail.id, "a mail is given up");
                store.end_try(&mail.id, TryEnd::GivenUp(&error.to_string())).await?;
            }
            Err(error) => {
                let tries = mail.tries + 1;
                tracing::warn!(mail = mail.id, tries, "a mail was not sent, and is tried again");
                store.end_try(&mail.id, TryEnd::Failed(&error.to_string())).await?;
            }
        }
    }
    Ok(!due.is_empty())
}

/// How long to wait after so many tries.
fn pause(tries: u32) -> SignedDuration {
    FIRST_PAUSE.checked_mul(1 << tries.min(16)).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// The mail as it travels: plain text and HTML, the same on every try but for the
/// boundary between them.
fn message(mail: &DueMail, from: &str) -> anyhow::Result<Message> {
    let from: Mailbox = from.parse().context("the sender's address is none")?;
    let to = mail_address(&mail.recipient).context("the recipient's address is none")?;
    let id = format!("<{}@{}>", mail.id, from.email.domain());
    Ok(Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .message_id(Some(id))
        .date(system_time(mail.made_at))
        .multipart(MultiPart::alternative_plain_html(mail.plain.clone(), mail.html.clone()))?)
}

fn system_time(at: Timestamp) -> std::time::SystemTime {
    at.into()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{LONGEST_PAUSE, MOST_TRIES, pause};

    #[test]
    fn pauses_double_up_to_the_longest() {
        assert_eq!(pause(0), SignedDuration::from_secs(90));
        assert_eq!(pause(1), SignedDuration::from_secs(180));
        assert_eq!(pause(40), LONGEST_PAUSE);
        let all: SignedDuration = (0..MOST_TRIES).map(pause).fold(SignedDuration::ZERO, |sum, one| sum + one);
        assert!(all > SignedDuration::from_hours(60) && all < SignedDuration::from_hours(120), "{all:?}");
    }
}
