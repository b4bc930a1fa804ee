//! The files of roles and their steps, and the file of posts.

use contract::{
    is_slug,
    take_part::{Post, Step},
};
use serde::Deserialize;

use super::{ContentError, file::File, kinds::record};
use crate::{
    markdown,
    store::{Kind, NewRecord},
    take_part::{LocalPosts, LocalRole, RoleFacts},
};

/// The maximum length of a post, so that it fits every network together with a link.
const POST_LIMIT: usize = 240;

#[derive(Deserialize)]
struct RoleFile {
    place: u32,
    picture: String,
    en: RoleWords,
    cy: RoleWords,
    steps: Vec<StepEntry>,
}

#[derive(Deserialize)]
struct RoleWords {
    title: String,
    summary: String,
    /// Markdown.
    html: String,
}

/// A step in a file: its name once, its texts in both languages.
#[derive(Deserialize)]
struct StepEntry {
    name: String,
    en: StepWords,
    cy: StepWords,
}

#[derive(Deserialize)]
struct StepWords {
    title: String,
    /// Markdown.
    html: String,
}

pub(super) fn role(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let RoleFile { place, picture, en, cy, steps } = file.parse()?;
    for (index, step) in steps.iter().enumerate() {
        let again = steps[..index].iter().any(|other| other.name == step.name);
        if again || !is_slug(&step.name) {
            let message = "expected a unique name of lower-case letters, digits and hyphens";
            return Err(vec![file.error(&format!("steps.{index}.name"), message)]);
        }
    }
    let local = |words: RoleWords, pick: fn(&StepEntry) -> &StepWords| LocalRole {
        title: words.title,
        summary: words.summary,
        html: markdown::render(&words.html),
        steps: steps
            .iter()
            .map(|step| Step {
                name: step.name.clone(),
                title: pick(step).title.clone(),
                html: markdown::render(&pick(step).html),
            })
            .collect(),
    };
    let facts = RoleFacts { place, picture };
    let [en, cy] = [local(en, |step| &step.en), local(cy, |step| &step.cy)];
    Ok(record(Kind::Role, file, &facts, [&en, &cy]))
}

#[derive(Deserialize)]
struct PostsFile {
    en: Vec<Post>,
    cy: Vec<Post>,
}

pub(super) fn posts(file: &File) -> Result<NewRecord, Vec<ContentError>> {
    let PostsFile { en, cy } = file.parse()?;
    for (locale, posts) in [("en", &en), ("cy", &cy)] {
        for (index, post) in posts.iter().enumerate() {
            let length = post.text.chars().count();
            if length > POST_LIMIT {
                let message = format!("must be {POST_LIMIT} characters or fewer, not {length}");
                return Err(vec![file.error(&format!("{locale}.{index}.text"), &message)]);
            }
        }
    }
    let [en, cy] = [en, cy].map(|posts| LocalPosts { posts });
    Ok(record(Kind::Posts, file, &(), [&en, &cy]))
}
