//! Which steps of a role someone has completed. It is stored on this device and nowhere
//! else, and is the same in all tabs.

use leptos::prelude::*;

use super::step_names::StepNames;
use crate::storage::{self, Area};

/// What the names of what is stored start with; the role follows.
const KEY: &str = "steps-";

/// The completed steps of a role.
#[derive(Clone, Copy)]
pub(super) struct CompletedSteps {
    key: StoredValue<String>,
    names: RwSignal<StepNames>,
    /// Whether storage took the last change. Where it is blocked or full, what is completed
    /// lasts as long as the page.
    is_stored: StoredValue<bool>,
}

impl CompletedSteps {
    /// The completed steps of a role, in step with other tabs for as long as the component
    /// lives that calls this. There are none until the app runs: a rendered page is the same
    /// for all.
    pub(super) fn follow(role: &str) -> Self {
        let steps = Self {
            key: StoredValue::new([KEY, role].concat()),
            names: RwSignal::default(),
            is_stored: StoredValue::new(true),
        };
        Effect::new(move |_| {
            steps.read();
            storage::follow(move |changed| {
                if changed.is_none_or(|changed| steps.key.with_value(|key| key == changed)) {
                    steps.read();
                }
            });
        });
        steps
    }

    /// Whether a step is completed.
    pub(super) fn contains(self, name: &str) -> bool {
        self.names.with(|names| names.contains(name))
    }

    /// Notes that a step is completed, or that it is not.
    pub(super) fn set(self, name: &str, is_completed: bool) {
        // Of what is stored now, so that nothing is lost that another tab has noted.
        let mut names = self.stored();
        names.set(name, is_completed);
        let is_stored = self.key.with_value(|key| Area::Local.set(key, names.stored().as_deref()));
        self.is_stored.set_value(is_stored);
        if is_stored {
            self.names.set(names);
        } else {
            self.names.update(|names| names.set(name, is_completed));
        }
    }

    fn read(self) {
        if self.is_stored.get_value() {
            self.names.set(self.stored());
        }
    }

    fn stored(self) -> StepNames {
        let stored = self.key.with_value(|key| Area::Local.get(key));
        StepNames::parse(&stored.unwrap_or_default())
    }
}
