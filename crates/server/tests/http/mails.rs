//! Mails against a server that fails, stalls and drops them.

use std::sync::Arc;

use axum::http::StatusCode;
use campaign_hub_server::mail::{self, Post};
use serde_json::json;
use tokio::{sync::Notify, task::JoinHandle};

use crate::{
    relay::{Mood, Relay},
    server::{TestServer, on_both_engines},
};

/// What sends the mails of a server; ended with this value.
struct Worker {
    running: JoinHandle<()>,
    wake: Arc<Notify>,
}

impl Worker {
    fn start(server: &TestServer, post: Post) -> Self {
        let wake = Arc::new(Notify::new());
        let running = tokio::spawn(mail::run(
            server.store().clone(),
            server.clock.clone(),
            post,
            "shop@federation.example".to_owned(),
            Arc::clone(&wake),
        ));
        Self { running, wake }
    }

    /// Tells it that a mail was written, or that it is later.
    fn wake(&self) {
        self.wake.notify_one();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.running.abort();
    }
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
        let relay = Relay::start(&[Mood::Busy, Mood::Drops, Mood::SaysNothing, Mood::Takes]).await;
        place(&server, "key-of-one-mailed").await;
        let worker = Worker::start(&server, relay.post());
        for (tries, now) in
            (1..).zip(["2026-11-22T14:00:00Z", "2026-11-22T16:00:00Z", "2026-11-22T18:00:00Z"])
        {
            relay.once(|seen| seen.tried >= tries).await;
            // The pause before the next try is over.
            server.set_clock(now);
            worker.wake();
        }
        relay.once(|seen| seen.tried >= 4).await;
        place(&server, "key-of-the-next-one").await;
        worker.wake();
        relay.once(|seen| seen.tried >= 5).await;
        // What was sent has no next try: what is written later is sent alone.
        server.set_clock("2026-11-23T18:00:00Z");
        place(&server, "key-of-the-last-one").await;
        worker.wake();
        let taken = relay.once(|seen| seen.tried >= 6).await.taken;
        assert_eq!(taken.len(), 4, "once more where the answer was lost, and then never again");
        assert_eq!(message_id(&taken[0]), message_id(&taken[1]));
        assert_ne!(message_id(&taken[1]), message_id(&taken[2]));
        assert_ne!(message_id(&taken[2]), message_id(&taken[3]));
        assert!(taken[0].contains("To: member@branch.example"), "{}", taken[0]);
        assert!(taken[0].contains("text/plain") && taken[0].contains("text/html"), "{}", taken[0]);
    })
    .await;
}
