//! The words that content is told apart by: subjects of news, kinds of events,
//! ways to study, kinds of documents, and the unions and the federation that it comes from.

use contract::term::Term;
use serde::{Deserialize, Serialize};

use crate::{
    store::{Bilingual, Kind, Store, StoreError},
    unions::{LocalUnion, UnionFacts},
};

/// The words in one language, in the order in which lists show them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Topics {
    pub(crate) tags: Vec<Term>,
    pub(crate) event_kinds: Vec<Term>,
    pub(crate) course_modes: Vec<Term>,
    pub(crate) document_kinds: Vec<Term>,
    /// From the unions' own files.
    #[serde(skip)]
    pub(crate) unions: Vec<Term>,
}

impl Topics {
    /// The words in both languages, English first.
    pub(crate) async fn read(store: &Store) -> Result<[Self; 2], StoreError> {
        let topics: Vec<Bilingual<(), Self>> = store.list_both(Kind::Topics).await?;
        let mut topics = topics.into_iter().next().map(|topics| topics.texts).unwrap_or_default();
        let mut unions: Vec<Bilingual<UnionFacts, LocalUnion>> = store.list_both(Kind::Union).await?;
        unions.sort_by_key(|union| union.facts.place);
        for union in unions {
            for (topics, text) in topics.iter_mut().zip(union.texts) {
                topics.unions.push(Term { value: union.slug.clone(), label: text.name });
            }
        }
        Ok(topics)
    }
}
