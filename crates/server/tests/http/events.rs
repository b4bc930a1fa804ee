//! Events: upcoming and past events, an event's page, and calendars.

use axum::http::StatusCode;
use calcard::{
    Entry, Parser,
    icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty, ICalendarStatus, ICalendarValue, Uri},
};
use campaign_hub_server::seed;
use contract::Locale;
use serde_json::Value;

use crate::server::{TestServer, content_errors, copy_of_content, on_both_engines};

async fn list(server: &TestServer, query: &str) -> Value {
    let answer = server.get(&format!("/api/v1/events?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
    answer.json()
}

fn slugs(list: &Value) -> Vec<&str> {
    let events = list["events"].as_array().expect("events");
    events.iter().map(|event| event["slug"].as_str().expect("a slug")).collect()
}

#[tokio::test]
async fn events_become_past_when_they_end() {
    on_both_engines(async |server| {
        let to_come = list(&server, "").await;
        assert_eq!(
            slugs(&to_come),
            [
                "safety-seminar",
                "organising-conversation",
                "opening-call",
                "heart-to-heart-day",
                "street-stall",
                "summer-school"
            ]
        );
        assert_eq!((&to_come["to_come"], &to_come["past"]), (&6.into(), &2.into()));
        assert_eq!(
            slugs(&list(&server, "when=past").await),
            ["organising-at-a-distance", "newsletter-evening"],
            "the latest first"
        );
        for (now, coming, past, state) in [
            ("2027-02-12T23:59:59Z", 3, 5, "on_now"),
            // An event that lasts all day ends with its day.
            ("2027-02-13T00:00:00Z", 2, 6, "over"),
        ] {
            server.set_clock(now);
            let lists = [list(&server, "").await, list(&server, "when=past").await];
            assert_eq!(
                lists.each_ref().map(|list| list["total"].as_u64()),
                [Some(coming), Some(past)],
                "{now}"
            );
            let day = server.get("/api/v1/events/heart-to-heart-day").await.json();
            assert_eq!(day["summary"]["state"], state, "{now}");
        }
    })
    .await;
}

#[tokio::test]
async fn event_filter_counts_match_results() {
    on_both_engines(async |server| {
        for base in ["", "when=past", "union=public-service", "kind=webinar&when=past"] {
            let all = list(&server, base).await;
            for (property, name) in [("kinds", "kind"), ("unions", "union")] {
                let rest: Vec<&str> =
                    base.split('&').filter(|part| !part.starts_with(&format!("{name}="))).collect();
                for term in all[property].as_array().expect("terms") {
                    let query =
                        format!("{}&{name}={}", rest.join("&"), term["value"].as_str().expect("a value"));
                    assert_eq!(list(&server, &query).await["total"], term["count"], "{base}: {query}");
                }
            }
        }
        let first = list(&server, "limit=4").await;
        let cursor = first["next"].as_str().expect("more");
        let rest = list(&server, &format!("limit=4&cursor={cursor}")).await;
        assert_eq!(slugs(&rest), ["street-stall", "summer-school"]);
        let past = list(&server, "when=past&limit=1").await;
        let cursor = past["next"].as_str().expect("more");
        let rest = list(&server, &format!("when=past&cursor={cursor}")).await;
        assert_eq!(slugs(&rest), ["newsletter-evening"]);
        for query in ["cursor=nowhere", "limit=0", "page=x"] {
            let answer = server.get(&format!("/api/v1/events?{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn filter_counts_are_correct_for_large_lists() {
    on_both_engines(async |server| {
        let records = [seed::news(300), seed::events(150)].concat();
        server.store.replace_seeded(&records).await.expect("made-up records");
        let all = [list(&server, "limit=100").await, list(&server, "when=past&limit=100").await];
        let totals = all.each_ref().map(|list| list["total"].as_u64().expect("a total"));
        assert_eq!(totals.iter().sum::<u64>(), 8 + 150);
        for (path, counted, name) in [
            ("/api/v1/events?", "kinds", "kind"),
            ("/api/v1/events?when=past&", "unions", "union"),
            ("/api/v1/news?union=federation&", "tags", "tag"),
            ("/api/v1/search?q=solidarity&", "kinds", "kind"),
        ] {
            let whole = server.get(path.trim_end_matches('&')).await.json();
            for term in whole[counted].as_array().expect("terms") {
                let value = term["value"].as_str().expect("a value");
                let own = server.get(&format!("{path}{name}={value}")).await.json();
                assert_eq!(own["total"], term["count"], "{path}{name}={value}");
            }
        }
        // Every item once, page by page.
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = server.get(&format!("/api/v1/news?limit=70{cursor}")).await.json();
            let items = page["items"].as_array().expect("items");
            seen.extend(items.iter().map(|item| item["slug"].as_str().expect("a slug").to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (309, 309));
        server.store.replace_seeded(&[]).await.expect("none");
        assert_eq!(list(&server, "").await["total"], 6);
    })
    .await;
}

#[tokio::test]
async fn every_event_has_a_page_in_both_languages() {
    on_both_engines(async |server| {
        let map = server.get("/sitemap.xml").await.text();
        for query in ["", "when=past"] {
            for slug in slugs(&list(&server, query).await) {
                for locale in Locale::ALL {
                    let event = server.get(&format!("/api/v1/events/{slug}?locale={locale}")).await.json();
                    let page = server.get(&format!("{}/events/{slug}", locale.path_prefix())).await;
                    assert_eq!(page.status, StatusCode::OK, "{slug}");
                    let html = page.text();
                    let summary = &event["summary"];
                    let mut texts = vec![&summary["title"], &summary["summary"], &summary["place"]];
                    texts.extend(event["text"]["access"].as_array().expect("access"));
                    for text in texts {
                        assert!(html.contains(text.as_str().expect("a text")), "{slug} in {locale}: {text}");
                    }
                }
                assert!(map.contains(&format!("/cy/events/{slug}</loc>")), "{slug}");
            }
        }
        for slug in ["nothing", "%00", "OPENING-CALL"] {
            assert_eq!(server.get(&format!("/api/v1/events/{slug}")).await.status, StatusCode::NOT_FOUND);
            assert_eq!(server.get(&format!("/events/{slug}")).await.status, StatusCode::NOT_FOUND);
            let file = server.get(&format!("/events/{slug}/event.ics")).await;
            assert_eq!(file.status, StatusCode::NOT_FOUND);
        }
        let page = server.get("/events/street-stall").await.text();
        let (_, data) = page.split_once("<script type=\"application/ld+json\">").expect("structured data");
        let data: Value =
            serde_json::from_str(data.split_once("</script>").expect("its end").0).expect("JSON");
        assert_eq!(data["eventStatus"], "https://schema.org/EventCancelled");
        assert_eq!(data["startDate"], "2027-02-13T11:00:00Z");
    })
    .await;
}

#[tokio::test]
async fn recording_is_shown_after_the_event() {
    on_both_engines(async |server| {
        for path in ["/events/organising-conversation", "/api/v1/events/organising-conversation"] {
            server.set_clock("2027-02-02T19:14:00Z");
            assert!(!server.get(path).await.text().contains("The five questions"), "{path}");
            server.set_clock("2027-02-02T19:15:00Z");
            assert!(server.get(path).await.text().contains("The five questions"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn cancelled_event_stays_listed_but_is_not_next() {
    on_both_engines(async |server| {
        server.set_clock("2027-02-13T08:00:00Z");
        let first = &list(&server, "").await["events"][0];
        assert_eq!((&first["slug"], &first["cancelled"]), (&"street-stall".into(), &true.into()));
        let next = &server.get("/api/v1/campaign").await.json()["next_event"]["slug"];
        assert_eq!(next, "summer-school");
        assert!(server.get("/events/street-stall").await.text().contains("being repaved"));
    })
    .await;
}

/// Parses the calendar in a response with an independent parser.
fn parse(text: &str) -> ICalendar {
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "a line of {} bytes: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "a line that ends in something else: {line}");
    }
    // The parser's strict mode rejects every component.
    let mut parser = Parser::new(text);
    match parser.entry() {
        Entry::ICalendar(calendar) => {
            assert!(matches!(parser.entry(), Entry::Eof), "nothing but one calendar");
            calendar
        }
        other => panic!("no calendar: {other:?}"),
    }
}

/// The value of a property of the event with this UID, as it was written.
fn value(calendar: &ICalendar, uid: &str, property: &ICalendarProperty) -> Option<ICalendarValue> {
    let events =
        calendar.components.iter().filter(|part| part.component_type == ICalendarComponentType::VEvent);
    let mut own = events.filter(|event| event.uid() == Some(uid));
    let event = own.next()?;
    assert!(own.next().is_none(), "{uid} is there once");
    event.property(property)?.values.first().cloned()
}

fn written(value: Option<ICalendarValue>) -> String {
    match value {
        Some(ICalendarValue::PartialDateTime(at)) => {
            let [year, month, day] = [at.year, at.month.map(u16::from), at.day.map(u16::from)];
            let date = [year, month, day].map(|part| format!("{:02}", part.expect("a whole date"))).join("-");
            match (at.hour, at.minute, at.tz_hour, at.tz_minute) {
                (Some(hour), Some(minute), Some(0), Some(0)) => format!("{date}T{hour:02}:{minute:02}Z"),
                (None, None, None, None) => date,
                other => panic!("neither a date nor an instant: {other:?}"),
            }
        }
        Some(ICalendarValue::Text(text)) => text,
        Some(ICalendarValue::Status(ICalendarStatus::Cancelled)) => "CANCELLED".to_owned(),
        Some(ICalendarValue::Status(ICalendarStatus::Confirmed)) => "CONFIRMED".to_owned(),
        Some(ICalendarValue::Uri(Uri::Location(uri))) => uri,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn calendars_match_the_pages() {
    on_both_engines(async |server| {
        for locale in Locale::ALL {
            let feed = server.get(&format!("{}/events.ics", locale.path_prefix())).await;
            assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
            let feed = parse(&feed.text());
            for query in ["", "when=past"] {
                let events = list(&server, &format!("{query}&locale={locale}")).await;
                for event in events["events"].as_array().expect("events") {
                    let slug = event["slug"].as_str().expect("a slug");
                    let uid = format!("{slug}@week.example");
                    let file = server.get(&format!("{}/events/{slug}/event.ics", locale.path_prefix())).await;
                    assert!(file.header("content-disposition").contains(&format!("{slug}.ics")));
                    let file = parse(&file.text());
                    for calendar in [&feed, &file] {
                        let get = |property| written(value(calendar, &uid, &property));
                        let title = event["title"].as_str().expect("a title");
                        let cancelled = match (event["cancelled"] == true, locale) {
                            (false, _) => "",
                            (true, Locale::En) => "Cancelled: ",
                            (true, Locale::Cy) => "Wedi’i ganslo: ",
                        };
                        assert_eq!(get(ICalendarProperty::Summary), [cancelled, title].concat());
                        assert_eq!(
                            get(ICalendarProperty::Location),
                            event["place"].as_str().expect("a place")
                        );
                        let status = if event["cancelled"] == true { "CANCELLED" } else { "CONFIRMED" };
                        assert_eq!(get(ICalendarProperty::Status), status);
                        assert!(get(ICalendarProperty::Dtstamp).ends_with('Z'));
                        assert!(get(ICalendarProperty::Url).ends_with(&format!("/events/{slug}")));
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn cancelled_event_is_marked_everywhere() {
    on_both_engines(async |server| {
        let uid = "opening-call@week.example";
        let sequences = async || {
            let mut sequences = Vec::new();
            for path in ["/events.ics", "/cy/events.ics", "/events/opening-call/event.ics"] {
                let calendar = parse(&server.get(path).await.text());
                match value(&calendar, uid, &ICalendarProperty::Sequence) {
                    Some(ICalendarValue::Integer(sequence)) => sequences.push(sequence),
                    other => panic!("{path}: {other:?}"),
                }
            }
            sequences.dedup();
            assert_eq!(sequences.len(), 1, "one version everywhere: {sequences:?}");
            sequences[0]
        };
        let planned = sequences().await;
        let folder = copy_of_content();
        let path = folder.path().join("events/opening-call.toml");
        let change = |from: &str, to: &str| {
            let source = std::fs::read_to_string(&path).expect("a file");
            assert!(source.contains(from), "{from}");
            std::fs::write(&path, source.replacen(from, to, 1)).expect("a file");
        };
        // An editor who cancels an event may forget to update the date of the change.
        change("[en]\n", "[en]\ncancelled = \"The line is down.\"\n");
        change("[cy]\n", "[cy]\ncancelled = \"Mae’r llinell i lawr.\"\n");
        server.load(folder.path()).await;
        let cancelled = sequences().await;
        assert!(cancelled > planned, "{planned}, then {cancelled}");
        for (prefix, title, text) in [
            (
                "",
                "Cancelled: The call that opens the week",
                "This event has been cancelled. The line is down.",
            ),
            (
                "/cy",
                "Wedi’i ganslo: Yr alwad sy’n agor yr wythnos",
                "Mae’r digwyddiad hwn wedi’i ganslo. Mae’r llinell i lawr.",
            ),
        ] {
            for file in ["/events.ics", "/events/opening-call/event.ics"] {
                let calendar = parse(&server.get(&[prefix, file].concat()).await.text());
                let get = |property| written(value(&calendar, uid, &property));
                assert_eq!(get(ICalendarProperty::Summary), title);
                assert!(get(ICalendarProperty::Description).starts_with(text), "{prefix}{file}");
                assert_eq!(get(ICalendarProperty::Status), "CANCELLED");
            }
            let page = server.get(&[prefix, "/events/opening-call"].concat()).await.text();
            assert!(page.contains(&format!("<title>{title} – ")), "{title}");
            assert!(page.contains(&format!("property=\"og:title\" content=\"{title}")), "{title}");
            assert!(page.contains(&format!("name=\"description\" content=\"{text}\"")), "{text}");
            assert!(page.contains("https://schema.org/EventCancelled"));
        }
        let found = server.get("/api/v1/search?q=opens+the+week&kind=event").await.json();
        assert_eq!(found["results"][0]["title"], "Cancelled: The call that opens the week");
        change("updated_at = \"2026-11-16", "updated_at = \"2026-11-20");
        server.load(folder.path()).await;
        assert!(sequences().await > cancelled, "a change raises it as well");
    })
    .await;
}

#[tokio::test]
async fn calendars_do_not_query_the_events() {
    on_both_engines(async |server| {
        let paths = ["/events.ics", "/cy/events.ics", "/events/opening-call/event.ics"];
        let before = server.get(paths[0]).await.text();
        server.execute("ALTER TABLE record_texts RENAME TO unavailable_texts".to_owned()).await;
        let page = server.get("/api/v1/events/opening-call").await;
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "it needs the table");
        for path in paths {
            assert_eq!(server.get(path).await.status, StatusCode::OK, "{path}");
        }
        assert_eq!(server.get(paths[0]).await.text(), before);
    })
    .await;
}

#[tokio::test]
async fn calendar_times_are_correct_in_both_seasons_and_for_all_day_events() {
    on_both_engines(async |server| {
        let feed = parse(&server.get("/events.ics").await.text());
        for (slug, starts, ends) in [
            ("opening-call", "2027-02-08T19:00Z", "2027-02-08T20:00Z"),
            // 6pm British summer time.
            ("newsletter-evening", "2026-09-16T17:00Z", "2026-09-16T18:30Z"),
            // All-day events end on the following day, which daylight saving time must not
            // shift.
            ("heart-to-heart-day", "2027-02-12", "2027-02-13"),
            ("summer-school", "2027-07-09", "2027-07-12"),
        ] {
            let uid = format!("{slug}@week.example");
            assert_eq!(written(value(&feed, &uid, &ICalendarProperty::Dtstart)), starts, "{slug}");
            assert_eq!(written(value(&feed, &uid, &ICalendarProperty::Dtend)), ends, "{slug}");
        }
        let newsletter = server.get("/events/newsletter-evening").await.text();
        assert!(newsletter.contains("6pm to 7:30pm"));
        let school = server.get("/cy/events/summer-school").await.text();
        assert!(school.contains("9 i 11 Gorffennaf 2027, drwy’r dydd"));
        server.set_clock("2027-07-12T00:00:00Z");
        let feed = parse(&server.get("/events.ics").await.text());
        let gone = value(&feed, "opening-call@week.example", &ICalendarProperty::Dtstart);
        assert!(gone.is_none(), "what is long over leaves the feed");
    })
    .await;
}

#[test]
fn event_file_is_validated() {
    for (from, to, field) in [
        ("kind = \"call\"", "kind = \"party\"", "kind"),
        ("union = \"federation\"", "union = \"\"", "union"),
        ("union = \"federation\"", "union = \"federation\"\nvideo = \"nothing\"", "video"),
        ("ends_at = \"2027-02-08T20:00:00Z\"", "ends_at = \"2027-02-08T19:00:00Z\"", "ends_at"),
        ("starts_at = \"2027-02-08T19:00:00Z\"\n", "", ""),
        (
            "updated_at = \"2026-11-16T09:00:00Z\"",
            "starts_on = \"2027-02-08\"\nupdated_at = \"2026-11-16T09:00:00Z\"",
            "",
        ),
        ("\"Live captions\", ", "", "cy"),
        ("[cy]\n", "[cy]\ncancelled = \"x\"\n", "cy"),
    ] {
        let errors = content_errors("events/opening-call.toml", from, to);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].field, field, "{errors:?}");
    }
}
