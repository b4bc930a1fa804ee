//! The files of unions.

use contract::{contacts::ContactPerson, time::Date, unions::RoleSteps};
use serde::Deserialize;

use super::{
    ContentError,
    file::File,
    kinds::{check_reachable, record},
};
use crate::{
    markdown,
    store::{Kind, NewRecord},
    unions::{LocalUnion, UnionFacts},
};

/// The colours a union may have; `style/tokens.css` has a pair of colours for each.
const ACCENTS: [&str; 6] = ["banner", "leaf", "sea", "berry", "rust", "slate"];

#[derive(Deserialize)]
struct UnionFile {
    place: u32,
    reviewed_on: Date,
    accent: String,
    abbreviation: String,
    en: UnionWords,
    cy: UnionWords,
}

#[derive(Deserialize)]
struct UnionWords {
    name: String,
    summary: String,
    jobs: Vec<String>,
    /// Markdown.
    html: String,
    #[serde(default)]
    steps: Vec<RoleSteps>,
    people: Vec<ContactPerson>,
}

pub(super) fn union(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let UnionFile { place, reviewed_on, accent, abbreviation, en, cy } = file.parse()?;
    if !ACCENTS.contains(&accent.as_str()) {
        let message = format!("“{accent}” is not a colour for unions. Use one of: {}", ACCENTS.join(", "));
        return Err(vec![file.error("accent", &message)]);
    }
    let shape = |words: &UnionWords| {
        let steps: Vec<usize> = words.steps.iter().map(|steps| steps.steps.len()).collect();
        (steps, words.people.len())
    };
    if shape(&en) != shape(&cy) {
        return Err(vec![
            file.error("cy", "English and Welsh must have the same number of steps and of people"),
        ]);
    }
    for (locale, words) in [("en", &en), ("cy", &cy)] {
        for (index, person) in words.people.iter().enumerate() {
            check_reachable(file, &format!("{locale}.people.{index}."), &person.telephone, &person.email)?;
        }
    }
    let local = |words: UnionWords| LocalUnion {
        name: words.name,
        summary: words.summary,
        jobs: words.jobs,
        html: markdown::render(&words.html),
        steps: words.steps,
        people: words.people,
    };
    let facts = UnionFacts { place, reviewed_on, accent, abbreviation };
    Ok(record(Kind::Union, file, &facts, [&local(en), &local(cy)]))
}
