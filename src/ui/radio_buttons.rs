//! A group of radio buttons.

use leptos::{html, prelude::*};

/// The radio buttons of a group. A choice made before the app was ready is kept.
#[component]
pub(crate) fn RadioButtons<T>(
    /// The name of the form field; also the prefix of the buttons' ids.
    name: &'static str,
    /// The choices, each with its form value and its label.
    choices: Vec<(T, &'static str, &'static str)>,
    chosen: RwSignal<T>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let buttons: Vec<(T, NodeRef<html::Input>)> =
        choices.iter().map(|(choice, ..)| (choice.clone(), NodeRef::new())).collect();
    let labels = choices
        .into_iter()
        .zip(&buttons)
        .map(|((choice, value, label), (_, button))| {
            let is_chosen = chosen.with_untracked(|chosen| *chosen == choice);
            view! {
                <label class="choice">
                    <input
                        class="choice__box"
                        node_ref=*button
                        type="radio"
                        name=name
                        id=[name, "-", value].concat()
                        value=value
                        checked=is_chosen
                        on:change=move |_| chosen.set(choice.clone())
                    />
                    <span class="choice__label">{label}</span>
                </label>
            }
        })
        .collect_view();
    Effect::new(move |bound: Option<bool>| {
        let buttons: Option<Vec<_>> =
            buttons.iter().map(|(choice, button)| Some((choice, button.get()?))).collect();
        let Some(buttons) = buttons else { return false };
        if bound != Some(true) {
            let early = buttons.iter().find(|(_, button)| button.checked() && !button.default_checked());
            if let Some((choice, _)) = early {
                chosen.set(T::clone(choice));
            }
        }
        let chosen = chosen.get();
        for (choice, button) in buttons {
            button.set_checked(*choice == chosen);
        }
        true
    });
    labels
}
