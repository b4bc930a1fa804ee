//! Steps to tick off, and a message once all are completed.

use contract::take_part::Step;
use leptos::{html, prelude::*};

use super::{activist::Activist, completed_steps::CompletedSteps};
use crate::i18n::{take_part as t, use_locale};

/// The steps of a role.
#[component]
pub(super) fn Checklist(
    /// The role's slug.
    role: String,
    steps: Vec<Step>,
) -> impl IntoView {
    let locale = use_locale();
    let completed = CompletedSteps::follow(&role);
    let total = steps.len();
    let names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
    let done = Memo::new(move |_| names.iter().filter(|name| completed.contains(name)).count());
    let is_complete = Memo::new(move |_| total > 0 && done.get() == total);
    view! {
        <section class="wrap section checklist" aria-labelledby="steps-title">
            <h2 id="steps-title">{t::your_steps(locale)}</h2>
            <p class="checklist__note">{t::kept_here(locale)}</p>
            <ol class="checklist__steps" role="list">
                // The checkboxes of one role must not be reused for another.
                <For each=move || steps.clone() key=move |step| (role.clone(), step.name.clone()) let:step>
                    <ChecklistStep step completed/>
                </For>
            </ol>
            <p class="checklist__done" role="status">
                {move || t::done_of(locale, &done.get().to_string(), &total.to_string())}
            </p>
            <div class="checklist__end">{move || is_complete.get().then(|| view! { <Activist/> })}</div>
        </section>
    }
}

#[component]
fn ChecklistStep(step: Step, completed: CompletedSteps) -> impl IntoView {
    let Step { name, title, html } = step;
    let value = name.clone();
    let name = StoredValue::new(name);
    let tick = move |is_completed| name.with_value(|name| completed.set(name, is_completed));
    let checkbox = NodeRef::<html::Input>::new();
    // The visitor may have ticked it before the app ran.
    checkbox.on_load(move |checkbox| {
        if checkbox.checked() {
            tick(true);
        }
    });
    Effect::new(move |_| {
        if let Some(checkbox) = checkbox.get() {
            checkbox.set_checked(name.with_value(|name| completed.contains(name)));
        }
    });
    view! {
        <li class="step">
            <label class="step__label">
                <input
                    class="step__box"
                    node_ref=checkbox
                    type="checkbox"
                    value=value
                    autocomplete="off"
                    on:change:target=move |event| tick(event.target().checked())
                />
                <span class="step__title">{title}</span>
            </label>
            <div class="step__how prose" inner_html=html></div>
        </li>
    }
}
