//! The fields of each kind of content file, and how each becomes a record.

use contract::{
    Locale,
    campaign::{CampaignText, PastYearText},
    contacts::{ContactPerson, ContactText},
    page::PageText,
    region::Region,
    support::{SupportContact, SupportText},
    time::Date,
};
use serde::{Deserialize, Serialize};

use super::{ContentError, file::File};
use crate::{
    campaign::{CampaignFacts, PastYearFacts},
    clock,
    contacts::{ContactFacts, LocalContact},
    markdown,
    page::PageFacts,
    store::{Kind, NewRecord, NewText},
    support::{LocalSupport, SupportFacts},
};

type Parse = fn(&File) -> Result<NewRecord, Vec<ContentError>>;

/// Every kind of file, with its parser.
pub(super) const ALL: [(Kind, Parse); 5] = [
    (Kind::Campaign, campaign),
    (Kind::PastYear, past_year),
    (Kind::Page, page),
    (Kind::Support, support),
    (Kind::Contact, contact),
];

#[derive(Deserialize)]
struct CampaignFile {
    starts_on: Date,
    ends_on: Date,
    issued_on: Date,
    reviewed_on: Date,
    en: CampaignText,
    cy: CampaignText,
}

fn campaign(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let CampaignFile { starts_on, ends_on, issued_on, reviewed_on, mut en, mut cy } = file.parse()?;
    check_week(file, starts_on, ends_on)?;
    for (locale, text) in [("en", &mut en), ("cy", &mut cy)] {
        let figure = &text.focus.figure;
        if figure.count > figure.of || figure.of > 10 {
            let field = format!("{locale}.focus.figure.count");
            return Err(vec![
                file.error(&field, "expected a share of at most 10 people, such as count = 4 and of = 5"),
            ]);
        }
        text.focus.html = markdown::render(&text.focus.html);
    }
    if (en.ways.len(), en.demands.len()) != (cy.ways.len(), cy.demands.len()) {
        return Err(vec![file.error(
            "cy",
            "English and Welsh must have the same number of ways to take part and of demands",
        )]);
    }
    let facts = CampaignFacts { starts_on, ends_on, issued_on, reviewed_on };
    Ok(record(Kind::Campaign, file, &facts, [&en, &cy]))
}

#[derive(Deserialize)]
struct PastYearFile {
    starts_on: Date,
    ends_on: Date,
    en: PastYearText,
    cy: PastYearText,
}

fn past_year(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let PastYearFile { starts_on, ends_on, mut en, mut cy } = file.parse()?;
    check_week(file, starts_on, ends_on)?;
    for text in [&mut en, &mut cy] {
        text.html = markdown::render(&text.html);
    }
    Ok(record(Kind::PastYear, file, &PastYearFacts { starts_on, ends_on }, [&en, &cy]))
}

#[derive(Deserialize)]
struct PageFile {
    reviewed_on: Date,
    en: PageText,
    cy: PageText,
}

fn page(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let PageFile { reviewed_on, mut en, mut cy } = file.parse()?;
    for text in [&mut en, &mut cy] {
        text.html = markdown::render(&text.html);
    }
    Ok(record(Kind::Page, file, &PageFacts { reviewed_on }, [&en, &cy]))
}

#[derive(Deserialize)]
struct SupportFile {
    reviewed_on: Date,
    en: SupportText,
    cy: SupportText,
    regions: Vec<ContactEntry>,
    unions: Vec<ContactEntry>,
}

/// A contact in a file: phone number and address once, texts in both languages.
#[derive(Deserialize)]
struct ContactEntry {
    slug: String,
    telephone: String,
    email: String,
    en: ContactWords,
    cy: ContactWords,
}

#[derive(Deserialize)]
struct ContactWords {
    name: String,
    role: String,
    hours: String,
}

impl ContactEntry {
    fn in_locale(&self, locale: Locale) -> SupportContact {
        let words = match locale {
            Locale::En => &self.en,
            Locale::Cy => &self.cy,
        };
        SupportContact {
            slug: self.slug.clone(),
            name: words.name.clone(),
            role: words.role.clone(),
            telephone: self.telephone.clone(),
            email: self.email.clone(),
            hours: words.hours.clone(),
        }
    }
}

fn support(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let SupportFile { reviewed_on, en, cy, regions, unions } = file.parse()?;
    for (list, contacts) in [("regions", &regions), ("unions", &unions)] {
        for (index, contact) in contacts.iter().enumerate() {
            check_reachable(file, &format!("{list}.{index}."), &contact.telephone, &contact.email)?;
        }
    }
    let local = |locale, mut text: SupportText| {
        text.html = markdown::render(&text.html);
        let contacts = |list: &[ContactEntry]| list.iter().map(|entry| entry.in_locale(locale)).collect();
        LocalSupport { text, regions: contacts(&regions), unions: contacts(&unions) }
    };
    let [en, cy] = [local(Locale::En, en), local(Locale::Cy, cy)];
    Ok(record(Kind::Support, file, &SupportFacts { reviewed_on }, [&en, &cy]))
}

#[derive(Deserialize)]
struct ContactFile {
    reviewed_on: Date,
    telephone: String,
    email: String,
    en: ContactText,
    cy: ContactText,
    people: Vec<PersonEntry>,
    #[serde(default)]
    organisers: Vec<PersonEntry>,
}

/// A person in a file: phone number and email address once, texts in both languages.
#[derive(Deserialize)]
struct PersonEntry {
    telephone: String,
    email: String,
    en: PersonWords,
    cy: PersonWords,
}

#[derive(Deserialize)]
struct PersonWords {
    role: String,
    about: String,
}

impl PersonEntry {
    fn in_locale(&self, locale: Locale) -> ContactPerson {
        let words = match locale {
            Locale::En => &self.en,
            Locale::Cy => &self.cy,
        };
        ContactPerson {
            role: words.role.clone(),
            about: words.about.clone(),
            telephone: self.telephone.clone(),
            email: self.email.clone(),
        }
    }
}

fn contact(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let ContactFile { reviewed_on, telephone, email, en, cy, people, organisers } = file.parse()?;
    if file.slug.parse::<Region>().is_err() {
        return Err(vec![file.error("", "the file must be named after a region, such as north-west.toml")]);
    }
    check_reachable(file, "", &telephone, &email)?;
    for (list, entries) in [("people", &people), ("organisers", &organisers)] {
        for (index, entry) in entries.iter().enumerate() {
            check_reachable(file, &format!("{list}.{index}."), &entry.telephone, &entry.email)?;
        }
    }
    if (en.languages.len(), en.helps_with.len()) != (cy.languages.len(), cy.helps_with.len()) {
        return Err(vec![file.error(
            "cy",
            "English and Welsh must have the same number of languages and of things to help with",
        )]);
    }
    let local = |locale, text| LocalContact {
        text,
        people: people.iter().map(|entry| entry.in_locale(locale)).collect(),
        organisers: organisers.iter().map(|entry| entry.in_locale(locale)).collect(),
    };
    let facts = ContactFacts { reviewed_on, telephone, email };
    Ok(record(Kind::Contact, file, &facts, [&local(Locale::En, en), &local(Locale::Cy, cy)]))
}

/// Checks that a phone number and an email address can be used in links; `prefix` is the path
/// of their table.
pub(super) fn check_reachable(
    file: &File,
    prefix: &str,
    telephone: &str,
    email: &str,
) -> Result<(), Vec<ContentError>> {
    let error = |field, message| Err(vec![file.error(&[prefix, field].concat(), message)]);
    if !telephone.chars().all(|c| c.is_ascii_digit() || c == ' ') || telephone.len() < 10 {
        return error("telephone", "expected digits and spaces, such as 0161 496 0312");
    }
    if !email.contains('@') || email.contains(char::is_whitespace) {
        return error("email", "expected an email address, such as name@union.example");
    }
    Ok(())
}

fn check_week(file: &File, starts_on: Date, ends_on: Date) -> Result<(), Vec<ContentError>> {
    if starts_on.weekday() != 0 {
        return Err(vec![file.error("starts_on", "the week must start on a Monday")]);
    }
    let days = clock::civil_date(ends_on).duration_since(clock::civil_date(starts_on)).as_hours() / 24;
    if days != 6 {
        return Err(vec![file.error("ends_on", "the week must end on the Sunday after it starts")]);
    }
    Ok(())
}

/// A record made of a file's fields, English first.
pub(super) fn record<F: Serialize, T: Serialize>(
    kind: Kind,
    file: &File,
    facts: &F,
    texts: [&T; 2],
) -> NewRecord {
    let json = |value: serde_json::Result<String>| value.expect("content types have string keys only");
    let text = |(locale, text): (Locale, &T)| NewText { locale, body: json(serde_json::to_string(text)) };
    NewRecord {
        kind,
        slug: file.slug.clone(),
        time: None,
        facts: json(serde_json::to_string(facts)),
        texts: Locale::ALL.into_iter().zip(texts).map(text).collect(),
        variants: Vec::new(),
    }
}
