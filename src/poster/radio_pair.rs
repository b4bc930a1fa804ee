//! A choice between two options.

use leptos::{html, prelude::*};

#[component]
pub(super) fn RadioPair<T>(
    /// The name of the form field.
    name: &'static str,
    label: &'static str,
    /// The options, each with its form value and its label.
    choices: [(T, &'static str, &'static str); 2],
    chosen: RwSignal<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let choices = choices.map(|(choice, value, text)| {
        let input = NodeRef::<html::Input>::new();
        // The visitor may have chosen it before the app ran.
        input.on_load(move |input| {
            if input.checked() {
                chosen.set(choice);
            }
        });
        view! {
            <label class="choice">
                <input
                    class="choice__box"
                    node_ref=input
                    type="radio"
                    name=name
                    value=value
                    checked=chosen.get_untracked() == choice
                    on:change=move |_| chosen.set(choice)
                />
                <span class="choice__label">{text}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choices">
            <legend class="choices__label">{label}</legend>
            <div class="choices__row">{choices}</div>
        </fieldset>
    }
}
