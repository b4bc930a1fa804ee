//! Sends what waits in the database: by SMTP, or into files where no server is
//! named.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use tokio::{sync::Notify, time::timeout};

use super::relay::{Line, PATIENCE, Relay};
use crate::{
    clock::Clock,
    store::{DueMail, Store, StoreError, TryEnd},
    text::mail_address,
};

/// How many mails are sent at once: one for which the mail server takes long delays
/// none but itself.
const WORKERS: u8 = 4;
/// How often the database is looked at though nobody has written a mail.
const LOOK: Duration = Duration::from_secs(5);
/// How long the first pause after a failure is; each one after it is twice as long.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(90);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(6);
/// How often a mail is tried: for about three days.
const MOST_TRIES: u32 = 20;

/// Where mails go.
pub struct Post(Way);

enum Way {
    /// To a mail server.
    Relay(Box<Relay>),
    /// Into a folder, a file each.
    Folder(PathBuf),
}

impl Post {
    /// A mail server by its address, such as `smtps://user:password@mail.example`, or
    /// a folder where there is none.
    pub fn open(smtp_url: Option<&str>, folder: PathBuf) -> anyhow::Result<Self> {
        Ok(Self(match smtp_url {
            Some(url) => Way::Relay(Box::new(Relay::parse(url)?)),
            None => Way::Folder(folder),
        }))
    }

    fn carrier(&self) -> Carrier<'_> {
        match &self.0 {
            Way::Relay(relay) => Carrier::Line(Box::new(Line::new(relay))),
            Way::Folder(folder) => Carrier::Folder(folder),
        }
    }
}

/// What a worker sends with.
enum Carrier<'a> {
    Line(Box<Line<'a>>),
    Folder(&'a Path),
}

impl Carrier<'_> {
    async fn send(&mut self, id: &str, message: &Message) -> anyhow::Result<()> {
        match self {
            Self::Line(line) => line.send(message).await?,
            Self::Folder(folder) => write(folder, id, message).await?,
        }
        Ok(())
    }
}

/// Writes a mail into a file; a second try writes the same one.
async fn write(folder: &Path, id: &str, message: &Message) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!("{id}.part"));
    tokio::fs::write(&unfinished, message.formatted()).await?;
    tokio::fs::rename(unfinished, folder.join(format!("{id}.eml"))).await
}

/// Sends mails for as long as the server runs. `from` is whom they come from, and
/// `wake` tells that one was written. `succeeded` hears that a worker has tried all that
/// were due.
pub async fn run(
    store: Store,
    clock: Clock,
    post: Arc<Post>,
    from: String,
    wake: Arc<Notify>,
    succeeded: impl Fn(Timestamp) + Send + Sync,
) {
    let outbox = Outbox { store, clock, from, wake, succeeded: &succeeded };
    join_all((0..WORKERS).map(|_| outbox.work(post.carrier()))).await;
}

/// What all workers share.
struct Outbox<'a> {
    store: Store,
    clock: Clock,
    from: String,
    wake: Arc<Notify>,
    succeeded: &'a (dyn Fn(Timestamp) + Send + Sync),
}

impl Outbox<'_> {
    async fn work(&self, mut carrier: Carrier<'_>) {
        loop {
            match self.send_next(&mut carrier).await {
                Ok(true) => continue,
                Ok(false) => (self.succeeded)(self.clock.now()),
                Err(error) => tracing::warn!(%error, "mails wait: the database does not answer"),
            }
            if let Carrier::Line(line) = &mut carrier {
                line.rest();
            }
            _ = timeout(LOOK, self.wake.notified()).await;
        }
    }

    /// Tries the mail whose turn it is; whether there was one. They are looked up anew for
    /// each, so that one that somebody waits for is sent before all that do not matter yet.
    async fn send_next(&self, carrier: &mut Carrier<'_>) -> Result<bool, StoreError> {
        let due = self.store.due_mails(self.clock.now(), WORKERS.into()).await?;
        for (place, mail) in (1..).zip(&due) {
            if !self.store.take_mail(mail, self.clock.now() + pause(mail.tries)).await? {
                continue;
            }
            if place < due.len() {
                // Somebody else may be at rest.
                self.wake.notify_one();
            }
            self.send(mail, carrier).await?;
            break;
        }
        Ok(!due.is_empty())
    }

    async fn send(&self, mail: &DueMail, carrier: &mut Carrier<'_>) -> Result<(), StoreError> {
        let sent = async {
            let message = message(mail, &self.from)?;
            timeout(PATIENCE, carrier.send(&mail.id, &message))
                .await
                .context("the mail server took too long")?
        };
        // Neither the address nor the text stands in the log.
        match sent.await {
            Ok(()) => self.store.end_try(&mail.id, TryEnd::Sent(self.clock.now())).await,
            Err(error) if mail.tries + 1 >= MOST_TRIES => {
                tracing::error!(mail = mail.id, "a mail is given up");
                self.store.end_try(&mail.id, TryEnd::GivenUp(&error.to_string())).await
            }
            Err(error) => {
                let tries = mail.tries + 1;
                tracing::warn!(mail = mail.id, tries, "a mail was not sent, and is tried again");
                self.store.end_try(&mail.id, TryEnd::Failed(&error.to_string())).await
            }
        }
    }
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
        // So that no absence note answers it.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
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
