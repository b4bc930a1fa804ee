//! A fake mail server that is busy, drops connections, stalls or refuses, as configured.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use campaign_hub_server::mail::MailTransport;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

/// What it does with an email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// It responds that it is busy.
    Busy,
    /// It closes the connection in the middle of an email.
    Drops,
    /// It accepts the email, and closes the connection before it responds.
    NoResponse,
    /// It never responds.
    Hangs,
    /// It accepts the email.
    Accepts,
}

/// What it has received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) connections: usize,
    /// The number of emails to which it never responds: those to `hangs@…`, and by its behaviour.
    pub(crate) hanging: usize,
    /// The number of refused emails.
    pub(crate) refused: usize,
    /// The number of emails that were completed, in whatever way.
    pub(crate) tried: usize,
    /// The accepted emails, with their headers.
    pub(crate) accepted: Vec<String>,
    /// Those of them for which there was no response.
    pub(crate) unanswered: Vec<String>,
}

pub(crate) struct FakeMailServer {
    address: SocketAddr,
    state: Arc<ServerState>,
}

impl FakeMailServer {
    /// Starts a server that uses each behaviour for one email; the last one stays.
    pub(crate) async fn start(behaviours: &'static [Behaviour]) -> Self {
        Self::launch(behaviours, false).await
    }

    /// Starts a server that cycles through the behaviours, one for each email.
    pub(crate) async fn repeating(behaviours: &'static [Behaviour]) -> Self {
        Self::launch(behaviours, true).await
    }

    async fn launch(behaviours: &'static [Behaviour], repeats: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(ServerState {
            behaviours,
            repeats,
            offered: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
            accepts_unknown: AtomicBool::new(false),
            received: watch::Sender::new(Received::default()),
        });
        let mail_server = Self { address, state: Arc::clone(&state) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&state);
                tokio::spawn(async move { state.serve_connection(stream).await });
            }
        });
        mail_server
    }

    /// Makes it refuse every connection, or accept them again.
    pub(crate) fn close(&self, is_closed: bool) {
        self.state.is_closed.store(is_closed, Ordering::SeqCst);
    }

    /// Makes it accept emails to `unknown@…`, which it refuses otherwise.
    pub(crate) fn accept_unknown(&self) {
        self.state.accepts_unknown.store(true, Ordering::SeqCst);
    }

    /// The connection settings for it.
    pub(crate) fn transport(&self) -> MailTransport {
        MailTransport::open(Some(&format!("smtp://{}", self.address)), "unused".into()).expect("an address")
    }

    /// What it has received, once the condition is true.
    pub(crate) async fn once(&self, is_enough: impl FnMut(&Received) -> bool) -> Received {
        self.once_within(Duration::from_secs(30), is_enough).await
    }

    /// The same with another timeout.
    pub(crate) async fn once_within(
        &self,
        time: Duration,
        is_enough: impl FnMut(&Received) -> bool,
    ) -> Received {
        let mut received = self.state.received.subscribe();
        let enough = timeout(time, received.wait_for(is_enough)).await;
        enough.expect("the mails come in time").expect("somebody sees them").clone()
    }
}

struct ServerState {
    behaviours: &'static [Behaviour],
    repeats: bool,
    /// The number of emails it was offered.
    offered: AtomicUsize,
    is_closed: AtomicBool,
    accepts_unknown: AtomicBool,
    received: watch::Sender<Received>,
}

impl ServerState {
    /// Implements the part of SMTP that is needed.
    async fn serve_connection(&self, stream: TcpStream) -> io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        self.received.send_modify(|received| received.connections += 1);
        if self.is_closed.load(Ordering::SeqCst) {
            return write.write_all(b"554 no service for you\r\n").await;
        }
        write.write_all(b"220 mail.example\r\n").await?;
        let (mut mail, mut behaviour, mut in_data) = (String::new(), Behaviour::Accepts, false);
        while let Some(line) = lines.next_line().await? {
            if in_data && line == "." {
                in_data = false;
                let accepted = std::mem::take(&mut mail);
                self.received.send_modify(|received| {
                    if behaviour == Behaviour::NoResponse {
                        received.unanswered.push(accepted.clone());
                    }
                    received.accepted.push(accepted);
                });
                if behaviour != Behaviour::NoResponse {
                    write.write_all(b"250 taken\r\n").await?;
                }
                self.count_tried();
                if behaviour == Behaviour::NoResponse {
                    return Ok(());
                }
                continue;
            }
            if in_data {
                mail.push_str(&line);
                mail.push('\n');
                if behaviour == Behaviour::Drops {
                    self.count_tried();
                    return Ok(());
                }
                continue;
            }
            let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
                "MAIL" => {
                    behaviour = self.behaviour();
                    match behaviour {
                        Behaviour::Busy => {
                            self.count_tried();
                            b"451 later\r\n"
                        }
                        Behaviour::Hangs => self.hang().await,
                        Behaviour::Drops | Behaviour::NoResponse | Behaviour::Accepts => b"250 ok\r\n",
                    }
                }
                "RCPT" if line.contains("<hangs@") => self.hang().await,
                "RCPT" if line.contains("<unknown@") && !self.accepts_unknown.load(Ordering::SeqCst) => {
                    self.received.send_modify(|received| received.refused += 1);
                    b"550 5.1.1 <unknown@branch.example>: no such mailbox\r\n"
                }
                "DATA" => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                "QUIT" => b"221 bye\r\n",
                _ => b"250 ok\r\n",
            };
            write.write_all(answer).await?;
        }
        Ok(())
    }

    fn behaviour(&self) -> Behaviour {
        let (offered, all) = (self.offered.fetch_add(1, Ordering::SeqCst), self.behaviours.len());
        self.behaviours[if self.repeats { offered % all } else { offered.min(all - 1) }]
    }

    /// Never returns.
    async fn hang(&self) -> &'static [u8] {
        self.received.send_modify(|received| received.hanging += 1);
        std::future::pending().await
    }

    /// Counts a completed email.
    fn count_tried(&self) {
        self.received.send_modify(|received| received.tried += 1);
    }
}
