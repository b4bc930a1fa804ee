//! Sends queued emails from the database: over SMTP, or to files if no mail server is set.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use tokio::{
    sync::{Notify, Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{
    failure::Failure,
    seal_context,
    smtp::{SEND_TIMEOUT, SmtpConnection, SmtpServer},
};
use crate::{
    clock::Clock,
    private,
    secrets::Secrets,
    store::{ClaimedMail, CompletedTry, DueMail, Store, StoreError, TryOutcome},
    text::mail_address,
};

/// The number of workers for a mail server that are active at once, so that an email that it is
/// slow to accept does not delay the others. A folder has one, which saves most emails with one
/// transaction each: the result of one and the claim of the next.
const ACTIVE_SMTP_WORKERS: u8 = 4;
/// The number of workers for a mail server, with those whose place another one has taken.
const SMTP_WORKERS: u8 = 16;
/// How long a worker waits for an email to be accepted before another worker takes its place.
const SLOW_AFTER: Duration = Duration::from_secs(10);
/// How often the queue is checked even if no worker was woken.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// The delay after the first failure; it doubles with each further one.
const FIRST_RETRY_DELAY: SignedDuration = SignedDuration::from_secs(90);
/// The maximum delay.
const MAX_RETRY_DELAY: SignedDuration = SignedDuration::from_hours(6);
/// The maximum number of tries, which takes about three days.
const MAX_TRIES: u32 = 20;

/// Where emails are sent.
pub struct MailTransport(Transport);

enum Transport {
    /// To a mail server.
    Smtp(Box<SmtpServer>),
    /// To a folder, a file for each email.
    Folder(PathBuf),
}

impl MailTransport {
    /// A mail server by its URL, such as `smtps://user:password@mail.example`, or a folder if
    /// there is none.
    pub fn open(smtp_url: Option<&str>, folder: PathBuf) -> anyhow::Result<Self> {
        Ok(Self(match smtp_url {
            Some(url) => Transport::Smtp(Box::new(SmtpServer::parse(url)?)),
            None => {
                tracing::warn!(
                    folder = %folder.display(),
                    "no mail server is set (--smtp-url): emails are written to files in this folder and are not sent"
                );
                private::create_dir(&folder)?;
                // Earlier versions created it readable for everyone.
                private::restrict_folder(&folder)?;
                Transport::Folder(folder)
            }
        }))
    }

    const fn active_workers(&self) -> u8 {
        match &self.0 {
            Transport::Smtp(_) => ACTIVE_SMTP_WORKERS,
            Transport::Folder(_) => 1,
        }
    }

    const fn workers(&self) -> u8 {
        match &self.0 {
            Transport::Smtp(_) => SMTP_WORKERS,
            Transport::Folder(_) => 1,
        }
    }

    fn sender(&self) -> MailSender<'_> {
        match &self.0 {
            Transport::Smtp(server) => MailSender::Smtp(Box::new(SmtpConnection::new(server))),
            Transport::Folder(folder) => MailSender::Folder(folder),
        }
    }
}

/// A worker's connection or folder.
enum MailSender<'a> {
    Smtp(Box<SmtpConnection<'a>>),
    Folder(&'a Path),
}

impl MailSender<'_> {
    async fn send(&mut self, id: &str, message: &Message) -> Result<(), Failure> {
        match self {
            Self::Smtp(connection) => connection.send(message).await,
            Self::Folder(folder) => {
                // A retry overwrites the same file.
                let (file, text) = (folder.join(format!("{id}.eml")), message.formatted());
                match tokio::task::spawn_blocking(move || write(&file, &text)).await {
                    Ok(written) => written.map_err(|error| Failure::temporary(&error)),
                    Err(error) => Err(Failure::temporary(&error)),
                }
            }
        }
    }
}

/// Writes the file of an email atomically, so that readers never see part of it.
fn write(file: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        private::create_dir(folder)?;
    }
    let unfinished = private::unfinished(file)?;
    private::create_new(&unfinished)?.write_all(text)?;
    fs::rename(unfinished, file)
}

/// Removes the files of these emails from the folder, if there are any.
pub(crate) fn remove_files(folder: &Path, ids: &[String]) -> io::Result<()> {
    for id in ids {
        let file = folder.join(format!("{id}.eml"));
        private::unfinished(&file)?;
        private::remove(&file)?;
    }
    Ok(())
}

/// Sends emails for as long as the server runs. `from` is the sender's address, and `wake` is
/// notified of a new email. `succeeded` is called each time a worker has tried all emails that
/// were due.
pub async fn run(
    store: Store,
    clock: Clock,
    secrets: Arc<Secrets>,
    transport: Arc<MailTransport>,
    from: String,
    wake: Arc<Notify>,
    succeeded: impl Fn(Timestamp) + Send + Sync,
) {
    let active_workers = transport.active_workers();
    let queue = MailQueue {
        store,
        clock,
        secrets,
        from,
        wake,
        active_workers,
        active: Semaphore::new(active_workers.into()),
        retries: retry_permits(active_workers),
        succeeded: &succeeded,
    };
    join_all((0..transport.workers()).map(|_| queue.work(transport.sender()))).await;
}

/// Tries every email that is due, one after the other.
pub async fn send_due(
    store: &Store,
    clock: &Clock,
    secrets: Arc<Secrets>,
    transport: &MailTransport,
    from: &str,
) -> Result<(), StoreError> {
    let queue = MailQueue {
        store: store.clone(),
        clock: clock.clone(),
        secrets,
        from: from.to_owned(),
        wake: Arc::default(),
        active_workers: 1,
        active: Semaphore::new(1),
        retries: retry_permits(1),
        succeeded: &|_| {},
    };
    queue.send_due(&mut transport.sender(), &mut None).await
}

/// Permits to retry emails, half as many as there are active workers: an email that hung may hang
/// again, for as long as the timeout.
fn retry_permits(active_workers: u8) -> Semaphore {
    Semaphore::new(usize::from(active_workers.div_ceil(2)))
}

/// The state that all workers share.
struct MailQueue<'a> {
    store: Store,
    clock: Clock,
    secrets: Arc<Secrets>,
    from: String,
    wake: Arc<Notify>,
    active_workers: u8,
    /// Permits for active workers.
    active: Semaphore,
    /// Permits for emails that were tried before.
    retries: Semaphore,
    succeeded: &'a (dyn Fn(Timestamp) + Send + Sync),
}

impl MailQueue<'_> {
    async fn work(&self, mut sender: MailSender<'_>) {
        let mut permit = None;
        loop {
            match self.send_due(&mut sender, &mut permit).await {
                Ok(()) => (self.succeeded)(self.clock.now()),
                Err(error) => tracing::warn!(%error, "emails wait: database unavailable"),
            }
            if let MailSender::Smtp(connection) = &mut sender {
                connection.close_if_idle();
            }
            _ = timeout(POLL_INTERVAL, self.wake.notified()).await;
        }
    }

    /// `permit` is that of an active worker, which keeps it while there is nothing to send, so that
    /// its connection is reused. It is given up for an email that is slow to be accepted.
    async fn send_due<'a>(
        &'a self,
        sender: &mut MailSender<'_>,
        permit: &mut Option<SemaphorePermit<'a>>,
    ) -> Result<(), StoreError> {
        let mut completed = None;
        loop {
            if permit.is_none() {
                // The result of the slow email is recorded, and its connection closed, before
                // what may be a long wait.
                self.store.claim_mail(completed.take(), &[]).await?;
                if let MailSender::Smtp(connection) = sender {
                    connection.close();
                }
                *permit = Some(self.active.acquire().await.expect("the semaphore is never closed"));
            }
            // Queried again for each email, so that an urgent email is sent before all less
            // urgent ones.
            let retry_permit = self.retries.try_acquire().ok();
            let max_tries = if retry_permit.is_some() { u32::MAX } else { 0 };
            let due = self.store.due_mails(self.clock.now(), max_tries, self.active_workers.into()).await?;
            let is_last = due.is_empty();
            let next_try = |mail: DueMail| {
                let at = self.clock.now() + retry_delay(mail.tries);
                (mail, at)
            };
            let due: Vec<(DueMail, Timestamp)> = due.into_iter().map(next_try).collect();
            let claimed = self.store.claim_mail(completed.take(), &due).await?;
            if let Some(mail) = claimed {
                // Held until the email is sent, unless this is its first try.
                let _permit = retry_permit.filter(|_| mail.tries > 1);
                if due.len() > 1 {
                    // Another worker may be idle.
                    self.wake.notify_one();
                }
                let mut sending = pin!(self.send(mail, sender));
                completed = Some(if let Ok(completed) = timeout(SLOW_AFTER, sending.as_mut()).await {
                    completed
                } else {
                    *permit = None;
                    sending.await
                });
            } else if is_last {
                return Ok(());
            }
        }
    }

    async fn send(&self, mail: ClaimedMail, sender: &mut MailSender<'_>) -> CompletedTry {
        let sent = match message(&mail, &self.from) {
            Ok(message) => timeout(SEND_TIMEOUT, sender.send(&mail.id, &message))
                .await
                .unwrap_or_else(|_| Err(Failure::temporary(&"the mail server took too long"))),
            Err(failure) => Err(failure),
        };
        let tries = mail.tries;
        // The log contains neither the address nor the text.
        let outcome = match sent {
            Ok(()) => TryOutcome::Sent(self.clock.now()),
            Err(Failure::Temporary(reason)) if tries < MAX_TRIES => {
                tracing::warn!(mail = mail.id, tries, "could not send an email: it will be retried");
                TryOutcome::Failed(reason)
            }
            Err(Failure::Temporary(reason) | Failure::Permanent(reason)) => self.give_up(&mail, reason),
        };
        CompletedTry { id: mail.id, outcome }
    }

    /// Gives up an email and encrypts its text, because it contains the link to the order.
    fn give_up(&self, mail: &ClaimedMail, reason: String) -> TryOutcome {
        let text = serde_json::json!([mail.plain, mail.html]).to_string();
        let Ok(sealed) = self.secrets.seal(&seal_context(&mail.id), &text) else {
            return TryOutcome::Failed("there is no randomness to seal it".to_owned());
        };
        tracing::error!(
            mail = mail.id,
            "giving up on an email after the last retry: see `orders mails` for the reason"
        );
        TryOutcome::GivenUp { at: self.clock.now(), reason, sealed }
    }
}

/// The delay after this number of tries.
fn retry_delay(tries: u32) -> SignedDuration {
    FIRST_RETRY_DELAY
        .checked_mul(1 << tries.min(16))
        .map_or(MAX_RETRY_DELAY, |retry_delay| retry_delay.min(MAX_RETRY_DELAY))
}

/// The MIME message, with plain text and HTML. Every retry produces the same message except
/// for the boundary between the parts.
fn message(mail: &ClaimedMail, from: &str) -> Result<Message, Failure> {
    let from: Mailbox = from.parse().map_err(|_| Failure::temporary(&"the sender address is not valid"))?;
    let to = mail_address(&mail.recipient)
        .ok_or_else(|| Failure::permanent(&"the recipient's address is not valid"))?;
    let id = format!("<{}@{}>", mail.id, from.email.domain());
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&mail.subject)
        .message_id(Some(id))
        // Prevents automatic replies such as absence notes.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .date(system_time(mail.made_at))
        .multipart(MultiPart::alternative_plain_html(mail.plain.clone(), mail.html.clone()))
        .map_err(|error| Failure::permanent(&error))
}

fn system_time(at: Timestamp) -> std::time::SystemTime {
    at.into()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{MAX_RETRY_DELAY, MAX_TRIES, retry_delay};

    #[test]
    fn retry_delay_doubles_up_to_the_maximum() {
        assert_eq!(retry_delay(0), SignedDuration::from_secs(90));
        assert_eq!(retry_delay(1), SignedDuration::from_secs(180));
        assert_eq!(retry_delay(40), MAX_RETRY_DELAY);
        let all: SignedDuration =
            (0..MAX_TRIES).map(retry_delay).fold(SignedDuration::ZERO, |sum, one| sum + one);
        assert!(all > SignedDuration::from_hours(60) && all < SignedDuration::from_hours(120), "{all:?}");
    }
}
