//! Mails against a server that fails, stalls and drops them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::StatusCode;
use campaign_hub_server::mail::{self, Post};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::sleep,
};

use crate::server::{TestServer, on_both_engines};

/// What a mail server does with a connection.
#[derive(Clone, Copy, Debug)]
enum Mood {
    /// It says that it is busy.
    Busy,
    /// It hangs up in the middle of a mail.
    Drops,
    /// It takes the mail, and hangs up before it says so.
    SaysNothing,
    /// It takes the mail.
    Takes,
}

/// Speaks SMTP as far as one mail needs; keeps what it took.
async fn talk(stream: TcpStream, mood: Mood, taken: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example\r\n").await?;
    let mut mail = String::new();
    let mut in_data = false;
    while let Some(line) = lines.next_line().await? {
        if in_data {
            if line == "." {
                in_data = false;
                taken.lock().expect("a list").push(std::mem::take(&mut mail));
                if matches!(mood, Mood::SaysNothing) {
                    return Ok(());
                }
                write.write_all(b"250 taken\r\n").await?;
            } else {
                mail.push_str(&line);
                mail.push('\n');
                if matches!(mood, Mood::Drops) {
                    return Ok(());
                }
            }
            continue;
        }
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
            "MAIL" if matches!(mood, Mood::Busy) => b"451 later\r\n",
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

fn message_id(mail: &str) -> &str {
    mail.lines().find(|line| line.starts_with("Message-ID:")).expect("a Message-ID")
}

async fn place(server: &TestServer, key: &str) {
    let order = json!({
        "locale": "cy",
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "Tŷ Member", "email": "member@branch.example" },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    });
    let answer = server.post_json("/api/v1/orders", &[("idempotency-key", key)], &order).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

#[tokio::test]
async fn a_mail_arrives_whatever_its_server_does_and_twice_only_where_the_answer_was_lost() {
    on_both_engines(async |server| {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let moods = [Mood::Busy, Mood::Drops, Mood::SaysNothing, Mood::Takes];
        let (taken, tried) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let smtp = {
            let (taken, tried) = (Arc::clone(&taken), Arc::clone(&tried));
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let mood = moods[tried.load(Ordering::SeqCst).min(moods.len() - 1)];
                    _ = talk(stream, mood, &taken).await;
                    tried.fetch_add(1, Ordering::SeqCst);
                }
            })
        };
        place(&server, "key-of-one-mailed").await;
        let post = Post::open(Some(&format!("smtp://{address}")), "unused".into()).expect("an address");
        let wake = Arc::new(Notify::new());
        let worker = tokio::spawn(mail::run(
            server.store().clone(),
            server.clock.clone(),
            Arc::new(post),
            "shop@federation.example".to_owned(),
            Arc::clone(&wake),
            |_| {},
        ));
        let mut hour = 12;
        for tries in 1..=moods.len() {
            while tried.load(Ordering::SeqCst) < tries {
                sleep(Duration::from_millis(10)).await;
                wake.notify_one();
            }
            // The pause before the next try is over.
            hour += 2;
            sleep(Duration::from_millis(50)).await;
            server.set_clock(&format!("2026-11-22T{hour}:00:00Z"));
        }
        // The next mail has its turn after whatever is due.
        place(&server, "key-of-the-next-one").await;
        let next = async {
            while tried.load(Ordering::SeqCst) == moods.len() {
                wake.notify_one();
                sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), next).await.expect("the next mail is sent");
        let taken = std::mem::take(&mut *taken.lock().expect("a list"));
        assert_eq!(taken.len(), 3, "once more where the answer was lost, and then never again");
        assert_ne!(message_id(&taken[2]), message_id(&taken[1]));
        assert_eq!(message_id(&taken[0]), message_id(&taken[1]));
        assert!(taken[0].contains("To: member@branch.example"), "{}", taken[0]);
        assert!(taken[0].contains("text/plain") && taken[0].contains("text/html"), "{}", taken[0]);
        worker.abort();
        smtp.abort();
    })
    .await;
}
