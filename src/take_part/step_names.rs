//! The names of completed steps in their storage format: separated by spaces.

/// Names of steps, in the order of completion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StepNames(Vec<String>);

impl StepNames {
    /// Parses a stored value.
    pub(super) fn parse(stored: &str) -> Self {
        Self(stored.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// The value to store; none if there are no steps.
    pub(super) fn stored(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(" "))
    }

    /// Whether a step is among them.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// Adds or removes a step, and leaves the others as they are.
    pub(super) fn set(&mut self, name: &str, is_completed: bool) {
        self.0.retain(|known| known != name);
        if is_completed {
            self.0.push(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StepNames;

    #[test]
    fn any_stored_text_is_parsed() {
        for (stored, expected) in
            [("", None), ("  ", None), ("ask", Some("ask")), (" ask  join ", Some("ask join"))]
        {
            assert_eq!(StepNames::parse(stored).stored().as_deref(), expected, "{stored:?}");
        }
        let mut twice = StepNames::parse("ask join ask");
        twice.set("ask", false);
        assert_eq!(twice, StepNames::parse("join"));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties {
    use proptest::prelude::*;

    use super::StepNames;

    /// Changes by several tabs, one after another: a step, and whether it is completed.
    fn changes() -> impl Strategy<Value = Vec<(String, bool)>> {
        prop::collection::vec(("[a-e]-step", any::<bool>()), 0..16)
    }

    proptest! {
        #[test]
        fn the_last_change_of_a_step_wins(changes in changes()) {
            let mut stored = None;
            for (name, is_completed) in &changes {
                // Each tab reads the stored value, changes one step, and stores the result.
                let mut names = StepNames::parse(stored.as_deref().unwrap_or_default());
                names.set(name, *is_completed);
                stored = names.stored();
            }
            let names = StepNames::parse(stored.as_deref().unwrap_or_default());
            for (name, _) in &changes {
                let last = changes.iter().rev().find(|(known, _)| known == name);
                prop_assert_eq!(last.map(|(_, is_completed)| *is_completed), Some(names.contains(name)));
            }
        }

        #[test]
        fn stored_step_names_round_trip(changes in changes()) {
            let mut names = StepNames::default();
            for (name, is_completed) in &changes {
                names.set(name, *is_completed);
            }
            prop_assert_eq!(StepNames::parse(&names.stored().unwrap_or_default()), names);
        }
    }
}
