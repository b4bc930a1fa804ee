//! Emails with a mail server that fails, stalls and loses them. `MAILS` sets how many.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use campaign_hub_server::mail::{self, MailTransport};
use contract::orders::OrderStatus;
use serde_json::json;
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{self, timeout},
};

use crate::{
    buying::{for_branch, placed, register_officer},
    mail_server::{Behaviour, FakeMailServer, Received},
    running::{count_of, is_long},
    server::{TestServer, on_both_engines, on_both_engines_at_once},
};

/// The email workers of a server; stopped when this value is dropped.
pub(crate) struct Worker {
    running: JoinHandle<()>,
    wake: Arc<Notify>,
}

impl Worker {
    pub(crate) fn start(server: &TestServer, transport: MailTransport) -> Self {
        let wake = Arc::new(Notify::new());
        let running = tokio::spawn(mail::run(
            server.store().clone(),
            server.clock.clone(),
            server.secrets(),
            Arc::new(transport),
            "shop@federation.example".to_owned(),
            Arc::clone(&wake),
            |_| {},
        ));
        Self { running, wake }
    }

    /// Wakes the workers after a new email, or after the clock was changed.
    pub(crate) fn wake(&self) {
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

/// A decoded email: the texts are quoted-printable.
pub(crate) fn read(mail: &str) -> String {
    let unfolded = mail.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), unfolded.as_bytes());
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).expect("a text")
}

/// Places an order whose emails go to a member of a branch; returns its page.
async fn place_for(server: &TestServer, key: &str, email: &str) -> String {
    let order = json!({
        "lines": [{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }],
        "customer": { "name": "A member", "email": email },
        "delivery": { "by": "collection", "region": "wales" },
        "payment": { "by": "transfer" },
    });
    placed(server, key, &order).await.0
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
async fn email_is_retried_and_duplicated_only_after_a_lost_response() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[
            Behaviour::Busy,
            Behaviour::Drops,
            Behaviour::NoResponse,
            Behaviour::Accepts,
        ])
        .await;
        place(&server, "key-of-one-mailed").await;
        let worker = Worker::start(&server, mail_server.transport());
        for (tries, now) in
            (1..).zip(["2026-11-22T14:00:00Z", "2026-11-22T16:00:00Z", "2026-11-22T18:00:00Z"])
        {
            mail_server.once(|received| received.tried >= tries).await;
            // The retry delay is over.
            server.set_clock(now);
            worker.wake();
        }
        mail_server.once(|received| received.tried >= 4).await;
        place(&server, "key-of-the-next-one").await;
        worker.wake();
        mail_server.once(|received| received.tried >= 5).await;
        // A sent email has no next try, so an email queued later is sent alone.
        server.set_clock("2026-11-23T18:00:00Z");
        place(&server, "key-of-the-last-one").await;
        worker.wake();
        let accepted = mail_server.once(|received| received.tried >= 6).await.accepted;
        assert_eq!(accepted.len(), 4, "once more where the answer was lost, and then never again");
        assert_eq!(message_id(&accepted[0]), message_id(&accepted[1]));
        assert_ne!(message_id(&accepted[1]), message_id(&accepted[2]));
        assert_ne!(message_id(&accepted[2]), message_id(&accepted[3]));
        assert!(accepted[0].contains("To: member@branch.example"), "{}", accepted[0]);
        assert!(accepted[0].contains("text/plain") && accepted[0].contains("text/html"), "{}", accepted[0]);
        assert!(
            accepted.iter().all(|mail| mail.contains("\nAuto-Submitted: auto-generated\n")),
            "{}",
            accepted[0]
        );
    })
    .await;
}

#[tokio::test]
async fn hanging_email_does_not_delay_others() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        for key in ["key-of-a-hanging-1", "key-of-a-hanging-2", "key-of-a-hanging-3"] {
            place_for(&server, key, "hangs@branch.example").await;
        }
        server.set_clock("2026-11-22T12:10:00Z");
        place_for(&server, "key-of-a-quick-one", "member@branch.example").await;
        let worker = Worker::start(&server, mail_server.transport());
        let received = mail_server.once(|received| received.hanging == 3 && received.tried >= 1).await;
        assert!(received.accepted[0].contains("To: member@branch.example"), "{}", received.accepted[0]);
        // Nor one that is queued while they hang.
        place_for(&server, "key-of-a-later-one", "later@branch.example").await;
        worker.wake();
        let received = mail_server.once(|received| received.tried >= 2).await;
        assert!(received.accepted[1].contains("To: later@branch.example"), "{}", received.accepted[1]);
    })
    .await;
}

/// Lets timers continue ten seconds later.
async fn skip_ten_seconds() {
    time::pause();
    time::advance(Duration::from_secs(10)).await;
    time::resume();
}

#[tokio::test]
async fn other_workers_take_the_place_of_those_with_hanging_emails() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        for number in 0..8 {
            place_for(&server, &format!("key-of-a-hanging-{number}"), "hangs@branch.example").await;
        }
        server.set_clock("2026-11-22T12:10:00Z");
        place_for(&server, "key-of-a-quick-one", "member@branch.example").await;
        let _worker = Worker::start(&server, mail_server.transport());
        // Four at a time.
        for hanging in [4, 8] {
            mail_server.once(|received| received.hanging == hanging).await;
            skip_ten_seconds().await;
        }
        let received = mail_server.once(|received| received.tried >= 1).await;
        assert!(received.accepted[0].contains("To: member@branch.example"), "{}", received.accepted[0]);
    })
    .await;
}

#[tokio::test]
async fn emails_that_hung_before_leave_workers_to_others() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        for number in 0..8 {
            place_for(&server, &format!("key-of-a-hanging-{number}"), "hangs@branch.example").await;
        }
        // As after a first try that took too long.
        server.execute("UPDATE mails SET tries = 1".to_owned()).await;
        server.set_clock("2026-11-22T12:10:00Z");
        place_for(&server, "key-of-a-quick-one", "member@branch.example").await;
        let worker = Worker::start(&server, mail_server.transport());
        let received = mail_server.once(|received| received.hanging >= 2 && received.tried >= 1).await;
        assert!(received.accepted[0].contains("To: member@branch.example"), "{}", received.accepted[0]);
        place_for(&server, "key-of-a-later-one", "later@branch.example").await;
        worker.wake();
        let received = mail_server.once(|received| received.tried >= 2).await;
        assert!(received.accepted[1].contains("To: later@branch.example"), "{}", received.accepted[1]);
        assert_eq!(received.hanging, 2, "half as many as active workers");
    })
    .await;
}

#[tokio::test]
async fn awaited_emails_are_sent_first() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        register_officer(&server).await;
        // They leave one worker free for the order's email.
        for key in ["key-of-a-hanging-1", "key-of-a-hanging-2", "key-of-a-hanging-3"] {
            place_for(&server, key, "hangs@branch.example").await;
        }
        server.set_clock("2026-11-22T12:10:00Z");
        let mugs = json!([{ "sku": "HEART-MUG-RED-EN", "quantity": 1 }]);
        let by_number = json!({ "by": "purchase-order", "number": "7" });
        let (_, reference) = placed(&server, "key-of-a-packed-one", &for_branch(mugs, by_number)).await;
        server.set_clock("2026-11-22T12:20:00Z");
        server.admin().await.change_status(&reference, OrderStatus::Packed, "").await.expect("a transition");
        server.set_clock("2026-11-22T12:30:00Z");
        place_for(&server, "key-of-a-late-one", "member@branch.example").await;
        let _worker = Worker::start(&server, mail_server.transport());
        let accepted = mail_server.once(|received| received.tried >= 3).await.accepted;
        let to = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("To: ").map(str::to_owned));
        let to: Vec<String> = accepted.iter().filter_map(to).collect();
        // The email about packing comes last, although it was queued before the last order.
        assert_eq!(to, ["steward@branch.example", "member@branch.example", "steward@branch.example"]);
    })
    .await;
}

#[tokio::test]
async fn smtp_connections_are_reused() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        for number in 0..12 {
            let email = format!("member-{number}@branch.example");
            place_for(&server, &format!("key-of-many-mails-{number:02}"), &email).await;
        }
        let _worker = Worker::start(&server, mail_server.transport());
        let received = mail_server.once(|received| received.tried >= 12).await;
        assert!(received.connections <= 4, "{} connections for 12 mails", received.connections);
    })
    .await;
}

#[tokio::test]
async fn mails_arrive_once_though_some_hang_and_twice_only_where_the_answer_was_lost() {
    // The short form sends too few for one to hang, which takes a minute.
    const BEHAVIOURS: &[Behaviour] = {
        use Behaviour::{Accepts, Hangs, NoResponse};
        &[Accepts, Accepts, Accepts, Accepts, NoResponse, Accepts, Accepts, Accepts, Accepts, Hangs]
    };
    on_both_engines_at_once(async |server| {
        let count = usize::try_from(count_of("MAILS", 7)).expect("few");
        server.store().adjust_stock("HEART-MUG-RED-EN", 1_000_000).await.expect("stock");
        for number in 0..count {
            let email = format!("member-{number}@branch.example");
            place_for(&server, &format!("key-of-many-mails-{number:04}"), &email).await;
        }
        let mail_server = FakeMailServer::repeating(BEHAVIOURS).await;
        let started = Instant::now();
        let worker = Worker::start(&server, mail_server.transport());
        if !is_long("MAILS") {
            let is_tried = |received: &Received| received.tried >= count && received.accepted.len() >= count;
            let unanswered = mail_server.once(is_tried).await.unanswered.len();
            let recorded = async { while waiting_mails(&server, count).await > unanswered {} };
            timeout(Duration::from_secs(30), recorded).await.expect("answers are noted in time");
            // The retry delay is over.
            server.set_clock("2026-11-22T14:00:00Z");
            worker.wake();
        }
        let time = Duration::from_secs(60) + Duration::from_secs(3) * count_of("MAILS", 7);
        let is_enough = |received: &Received| received.accepted.len() - received.unanswered.len() >= count;
        let received = mail_server.once_within(time, is_enough).await;
        let took = started.elapsed();

        let mut arrived: HashMap<&str, usize> = HashMap::new();
        for mail in &received.accepted {
            *arrived.entry(message_id(mail)).or_default() += 1;
        }
        assert_eq!(arrived.len(), count, "every mail arrives");
        assert!(!received.unanswered.is_empty());
        for (id, times) in arrived {
            let lost = received.unanswered.iter().filter(|mail| message_id(mail) == id).count();
            assert_eq!(times, 1 + lost, "{id}");
        }
        eprintln!(
            "{count} emails: {} attempts hung, {} responses were lost; all arrived within {} s, and only those \
             without a response arrived twice",
            received.hanging,
            received.unanswered.len(),
            took.as_secs()
        );
    })
    .await;
}

/// The number of the members' emails that are not recorded as sent.
async fn waiting_mails(server: &TestServer, count: usize) -> usize {
    let admin = server.admin().await;
    let mut waiting = 0;
    for number in 0..count {
        let known = admin.export_person(&format!("member-{number}@branch.example")).await.expect("an export");
        waiting += usize::from(known.contains("\"waiting\""));
    }
    waiting
}

/// The output of the staff command once it is as expected.
async fn listed(server: &TestServer, is_right: impl Fn(&str) -> bool) -> String {
    let admin = server.admin().await;
    let look = async {
        loop {
            let list = admin.list_mails().await.expect("a list");
            if is_right(&list) {
                return list;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), look).await.expect("it is listed in time")
}

#[tokio::test]
async fn refused_email_is_not_retried_and_can_be_resent() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        let page = place_for(&server, "key-of-an-unknown-1", "unknown@branch.example").await;
        let has_link = async || {
            let dump = server.dump().await;
            dump.windows(page.len()).any(|window| window == page.as_bytes())
        };
        assert!(has_link().await, "it is in the queued email");
        let worker = Worker::start(&server, mail_server.transport());
        let list = listed(&server, |list| !list.is_empty()).await;
        assert!(!has_link().await, "the email is encrypted");
        assert!(list.contains("  awaiting-payment  2026-11-22T12:0"), "{list}");
        assert!(list.contains("550") && list.contains("5.1.1"), "{list}");
        assert!(!list.contains('@') && !list.contains("/orders/"), "{list}");
        // It is not sent again, however much time passes.
        server.set_clock("2026-11-25T12:00:00Z");
        place_for(&server, "key-of-a-known-one-1", "member@branch.example").await;
        worker.wake();
        let received = mail_server.once(|received| received.tried >= 1).await;
        assert_eq!((received.refused, received.accepted.len()), (1, 1));

        mail_server.accept_unknown();
        let id = list.split(' ').next().expect("its name");
        let admin = server.admin().await;
        assert!(admin.resend_mail("nothing").await.is_err());
        admin.resend_mail(id).await.expect("it is sent again");
        assert!(admin.resend_mail(id).await.is_err(), "once");
        worker.wake();
        let accepted = mail_server.once(|received| received.tried >= 2).await.accepted;
        assert!(accepted[1].contains("To: unknown@branch.example"), "{}", accepted[1]);
        assert!(message_id(&accepted[1]).contains(id), "{}", accepted[1]);
        let text = read(&accepted[1]);
        assert!(text.contains("https://week.example/orders/") && text.contains("Hello,"), "{text}");
        listed(&server, str::is_empty).await;
    })
    .await;
}

#[tokio::test]
async fn invalid_recipient_is_given_up_and_kept_thirty_days() {
    on_both_engines(async |server| {
        place_for(&server, "key-of-no-address-1", "member@branch.example").await;
        // As stored by an earlier version: longer than a label of a host name may be.
        let nowhere = format!("member@{}.example", "b".repeat(64));
        server.execute(format!("UPDATE mails SET recipient = '{nowhere}'")).await;
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        let worker = Worker::start(&server, mail_server.transport());
        let list = listed(&server, |list| !list.is_empty()).await;
        assert!(list.contains("the recipient's address is not valid"), "{list}");
        drop(worker);
        server.set_clock("2026-12-22T11:00:00Z");
        server.remove_old_data().await;
        let worker = Worker::start(&server, mail_server.transport());
        place_for(&server, "key-of-a-known-one-1", "member@branch.example").await;
        worker.wake();
        let received = mail_server.once(|received| received.tried >= 1).await;
        assert_eq!(received.connections, 1, "the mail server was not asked about the address");
        assert_eq!(server.admin().await.list_mails().await.expect("a list"), list);
        // Thirty days, until the end of the day.
        server.set_clock("2026-12-23T11:00:00Z");
        server.remove_old_data().await;
        listed(&server, str::is_empty).await;
    })
    .await;
}

#[tokio::test]
async fn email_waits_while_the_server_refuses_connections() {
    on_both_engines(async |server| {
        let mail_server = FakeMailServer::start(&[Behaviour::Accepts]).await;
        mail_server.close(true);
        place_for(&server, "key-of-a-waiting-one", "member@branch.example").await;
        let worker = Worker::start(&server, mail_server.transport());
        mail_server.once(|received| received.connections >= 1).await;
        mail_server.close(false);
        server.set_clock("2026-11-22T14:00:00Z");
        worker.wake();
        let received = mail_server.once(|received| received.tried >= 1).await;
        assert!(received.accepted[0].contains("To: member@branch.example"), "{}", received.accepted[0]);
        assert_eq!(server.admin().await.list_mails().await.expect("a list"), "");
    })
    .await;
}
