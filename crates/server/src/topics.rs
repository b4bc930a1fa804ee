//! The terms that content is filtered by: topics of news, types of events, ways to study,
//! types of documents, and the unions and the federation that it is from.

use contract::term::Term;
use serde::{Deserialize, Serialize};

use crate::{
    store::{Bilingual, Kind, Store, StoreError},
    unions::{LocalUnion, UnionFacts},
};

/// The terms in one language, in list order.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Topics {
    pub(crate) tags: Vec<Term>,
    pub(crate) event_kinds: Vec<Term>,
    pub(crate) course_modes: Vec<Term>,
    pub(crate) document_kinds: Vec<Term>,
    /// Read from the unions' own files.
    #[serde(skip)]
    pub(crate) unions: Vec<Term>,
}

impl Topics {
    /// The terms in both languages, English first.
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
