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

use campaign_hub_server::mail::Post;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

/// What it does with an email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It responds that it is busy.
    Busy,
    /// It closes the connection in the middle of an email.
    Drops,
    /// It accepts the email, and closes the connection before it responds.
    SaysNothing,
    /// It never responds.
    Hangs,
    /// It accepts the email.
    Takes,
}

/// What it has received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    /// The number of emails to which it never responds: those to `hangs@…`, and by its mood.
    pub(crate) hanging: usize,
    /// The number of refused emails.
    pub(crate) refused: usize,
    /// The number of emails that were completed, in whatever way.
    pub(crate) tried: usize,
    /// The accepted emails, with their headers.
    pub(crate) taken: Vec<String>,
    /// Those of them for which there was no response.
    pub(crate) unanswered: Vec<String>,
}

pub(crate) struct Relay {
    address: SocketAddr,
    talking: Arc<Talking>,
}

impl Relay {
    /// Starts a server that uses each mood for one email; the last one stays.
    pub(crate) async fn start(moods: &'static [Mood]) -> Self {
        Self::launch(moods, false).await
    }

    /// Starts a server that cycles through the moods, one for each email.
    pub(crate) async fn repeating(moods: &'static [Mood]) -> Self {
        Self::launch(moods, true).await
    }

    async fn launch(moods: &'static [Mood], repeats: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let talking = Arc::new(Talking {
            moods,
            repeats,
            begun: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
            knows_everybody: AtomicBool::new(false),
            seen: watch::Sender::new(Seen::default()),
        });
        let relay = Self { address, talking: Arc::clone(&talking) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let talking = Arc::clone(&talking);
                tokio::spawn(async move { talking.talk(stream).await });
            }
        });
        relay
    }

    /// Makes it refuse every connection, or accept them again.
    pub(crate) fn close(&self, is_closed: bool) {
        self.talking.is_closed.store(is_closed, Ordering::SeqCst);
    }

    /// Makes it accept emails to `unknown@…`, which it refuses otherwise.
    pub(crate) fn learn_everybody(&self) {
        self.talking.knows_everybody.store(true, Ordering::SeqCst);
    }

    /// The connection settings for it.
    pub(crate) fn post(&self) -> Post {
        Post::open(Some(&format!("smtp://{}", self.address)), "unused".into()).expect("an address")
    }

    /// What it has received, once the condition is true.
    pub(crate) async fn once(&self, is_enough: impl FnMut(&Seen) -> bool) -> Seen {
        self.once_within(Duration::from_secs(30), is_enough).await
    }

    /// The same with another timeout.
    pub(crate) async fn once_within(&self, time: Duration, is_enough: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.talking.seen.subscribe();
        let enough = timeout(time, seen.wait_for(is_enough)).await;
        enough.expect("the mails come in time").expect("somebody sees them").clone()
    }
}

struct Talking {
    moods: &'static [Mood],
    repeats: bool,
    /// The number of emails it was offered.
    begun: AtomicUsize,
    is_closed: AtomicBool,
    knows_everybody: AtomicBool,
    seen: watch::Sender<Seen>,
}

impl Talking {
    /// Implements the part of SMTP that is needed.
    async fn talk(&self, stream: TcpStream) -> io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        self.seen.send_modify(|seen| seen.connections += 1);
        if self.is_closed.load(Ordering::SeqCst) {
            return write.write_all(b"554 no service for you\r\n").await;
        }
        write.write_all(b"220 mail.example\r\n").await?;
        let (mut mail, mut mood, mut in_data) = (String::new(), Mood::Takes, false);
        while let Some(line) = lines.next_line().await? {
            if in_data && line == "." {
                in_data = false;
                let taken = std::mem::take(&mut mail);
                self.seen.send_modify(|seen| {
                    if mood == Mood::SaysNothing {
                        seen.unanswered.push(taken.clone());
                    }
                    seen.taken.push(taken);
                });
                if mood != Mood::SaysNothing {
                    write.write_all(b"250 taken\r\n").await?;
                }
                self.note_end();
                if mood == Mood::SaysNothing {
                    return Ok(());
                }
                continue;
            }
            if in_data {
                mail.push_str(&line);
                mail.push('\n');
                if mood == Mood::Drops {
                    self.note_end();
                    return Ok(());
                }
                continue;
            }
            let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
                "MAIL" => {
                    mood = self.mood();
                    match mood {
                        Mood::Busy => {
                            self.note_end();
                            b"451 later\r\n"
                        }
                        Mood::Hangs => self.hang().await,
                        Mood::Drops | Mood::SaysNothing | Mood::Takes => b"250 ok\r\n",
                    }
                }
                "RCPT" if line.contains("<hangs@") => self.hang().await,
                "RCPT" if line.contains("<unknown@") && !self.knows_everybody.load(Ordering::SeqCst) => {
                    self.seen.send_modify(|seen| seen.refused += 1);
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

    fn mood(&self) -> Mood {
        let (begun, all) = (self.begun.fetch_add(1, Ordering::SeqCst), self.moods.len());
        self.moods[if self.repeats { begun % all } else { begun.min(all - 1) }]
    }

    /// Never returns.
    async fn hang(&self) -> &'static [u8] {
        self.seen.send_modify(|seen| seen.hanging += 1);
        std::future::pending().await
    }

    /// Counts a completed email.
    fn note_end(&self) {
        self.seen.send_modify(|seen| seen.tried += 1);
    }
}
