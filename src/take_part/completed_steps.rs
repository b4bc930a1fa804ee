//! The completed steps of a role, stored only on this device and in sync between tabs.

use leptos::prelude::*;

use super::step_names::StepNames;
use crate::storage::{self, Area};

/// The prefix of the storage keys; the role's slug follows.
const KEY: &str = "steps-";

/// The completed steps of a role.
#[derive(Clone, Copy)]
pub(super) struct CompletedSteps {
    key: StoredValue<String>,
    names: RwSignal<StepNames>,
    /// Whether the last change could be stored. If storage is blocked or full, completed steps
    /// are lost when the page is closed.
    is_stored: StoredValue<bool>,
}

impl CompletedSteps {
    /// The completed steps of a role, in sync with other tabs for as long as the calling
    /// component lives. They are empty until the app runs, because a rendered page is the same
    /// for everyone.
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

    /// Marks a step as completed, or not.
    pub(super) fn set(self, name: &str, is_completed: bool) {
        // Starts from the stored state, so that changes made by other tabs are not lost.
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
