//! A group of radio buttons.

use leptos::{html, prelude::*};

/// A choice: its meaning, its form value, and its label.
pub(super) type Choice<T> = (T, &'static str, &'static str);

/// The radio buttons of a group. A choice made before the app was ready is kept.
#[component]
pub(super) fn RadioButtons<T>(
    /// The name of the form field; also the prefix of the buttons' ids.
    name: &'static str,
    choices: Vec<Choice<T>>,
    chosen: RwSignal<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let buttons: Vec<(T, NodeRef<html::Input>)> =
        choices.iter().map(|(choice, ..)| (*choice, NodeRef::new())).collect();
    let labels = choices
        .into_iter()
        .zip(&buttons)
        .map(|((choice, value, label), (_, button))| {
            view! {
                <label class="choice">
                    <input
                        class="choice__box"
                        node_ref=*button
                        type="radio"
                        name=name
                        id=[name, "-", value].concat()
                        value=value
                        checked=chosen.get_untracked() == choice
                        on:change=move |_| chosen.set(choice)
                    />
                    <span class="choice__label">{label}</span>
                </label>
            }
        })
        .collect_view();
    Effect::new(move |bound: Option<bool>| {
        let buttons: Option<Vec<_>> =
            buttons.iter().map(|(choice, button)| Some((*choice, button.get()?))).collect();
        let Some(buttons) = buttons else { return false };
        if bound != Some(true) {
            let early = buttons.iter().find(|(_, button)| button.checked() && !button.default_checked());
            if let Some((choice, _)) = early {
                chosen.set(*choice);
            }
        }
        let chosen = chosen.get();
        for (choice, button) in buttons {
            button.set_checked(choice == chosen);
        }
        true
    });
    labels
}
