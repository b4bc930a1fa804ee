//! A cache of responses of the API, for the lifetime of the document.

use std::{cell::RefCell, collections::VecDeque};

/// The paths of up to two requests.
pub(crate) type Paths = [Option<String>; 2];

/// The maximum number of entries.
const MAX_ENTRIES: usize = 40;

thread_local! {
    static CACHE: RefCell<ResponseCache> = const { RefCell::new(ResponseCache(VecDeque::new())) };
}

/// Response bodies with the paths of their requests, the latest first.
struct ResponseCache(VecDeque<(Paths, Vec<String>)>);

impl ResponseCache {
    fn store(&mut self, paths: &Paths, bodies: &[String]) {
        self.0.retain(|(known, _)| known != paths);
        self.0.truncate(MAX_ENTRIES - 1);
        self.0.push_front((paths.clone(), bodies.to_vec()));
    }

    fn forget(&mut self, path: &str) {
        self.0.retain(|(paths, _)| !paths.iter().flatten().any(|known| known == path));
    }

    fn get(&self, paths: &Paths) -> Option<Vec<String>> {
        self.0.iter().find(|(known, _)| known == paths).map(|(_, bodies)| bodies.clone())
    }
}

/// Stores a response, replacing an earlier one; never on the server, whose threads serve
/// all clients.
pub(crate) fn store(paths: &Paths, bodies: &[String]) {
    if cfg!(not(feature = "ssr")) {
        CACHE.with_borrow_mut(|cache| cache.store(paths, bodies));
    }
}

/// Removes the responses that contain the one to the request of this path.
pub(crate) fn forget(path: &str) {
    CACHE.with_borrow_mut(|cache| cache.forget(path));
}

/// The cached response.
pub(crate) fn get(paths: &Paths) -> Option<Vec<String>> {
    CACHE.with_borrow(|cache| cache.get(paths))
}

#[cfg(test)]
mod tests {
    use super::{MAX_ENTRIES, ResponseCache};

    #[test]
    fn the_latest_responses_are_cached() {
        let mut cache = ResponseCache(Default::default());
        let paths = |number: usize| [Some(number.to_string()), None];
        for number in 0..=MAX_ENTRIES {
            cache.store(&paths(number), &[number.to_string()]);
        }
        cache.store(&paths(5), &["again".to_owned()]);
        assert_eq!(cache.get(&paths(5)), Some(vec!["again".to_owned()]));
        assert_eq!(cache.get(&paths(MAX_ENTRIES)), Some(vec![MAX_ENTRIES.to_string()]));
        assert_eq!(cache.get(&paths(0)), None);
    }

    #[test]
    fn forgotten_responses_are_not_returned_with_others_either() {
        let mut cache = ResponseCache(Default::default());
        let [order, shop] = ["/order", "/shop"].map(|path| Some(path.to_owned()));
        let known = [[order.clone(), None], [order, shop.clone()], [shop, None]];
        for paths in &known {
            cache.store(paths, &[]);
        }
        cache.forget("/order");
        assert_eq!(known.map(|paths| cache.get(&paths).is_some()), [false, false, true]);
    }
}
