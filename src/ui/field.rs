//! Fields of a form, each with its label, its hint and what is wrong with it.

use leptos::{html, prelude::*};

/// What is wrong with a field, or nothing. Always in the document, so that a field can be
/// described by it.
#[component]
pub(crate) fn FieldError(
    /// The field's id.
    field: String,
    #[prop(into)] error: Signal<String>,
) -> impl IntoView {
    view! { <p class="field__error" id=[&field, "-error"].concat()>{move || Some(error.get()).filter(|error| !error.is_empty())}</p> }
}

/// A line of text.
#[component]
pub(crate) fn TextInput(
    #[prop(into)] id: String,
    /// What the form sends it as; its id where there is none.
    #[prop(into, optional)]
    name: Option<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] hint: String,
    /// What is wrong with it and what to do; empty where nothing is.
    #[prop(into, optional)]
    error: Signal<String>,
    /// What stands in it at first, and what was typed later.
    value: RwSignal<String>,
    /// `type`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u32>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    bind_input(input, value);
    let name = name.unwrap_or_else(|| id.clone());
    let has_hint = !hint.is_empty();
    view! {
        <div class="field" data-field=id.clone()>
            <label class="field__label" for=id.clone()>{move || label.get()}</label>
            {has_hint.then(|| view! { <p class="field__hint" id=[&id, "-hint"].concat()>{hint}</p> })}
            <FieldError field=id.clone() error/>
            <input
                class="field__input"
                node_ref=input
                id=id.clone()
                name=name
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                maxlength=maxlength
                value=value.get_untracked()
                on:input:target=move |event| value.set(event.target().value())
                aria-describedby=described_by(&id, has_hint)
                aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" }
            />
        </div>
    }
}

/// Lines of text.
#[component]
pub(crate) fn TextArea(
    #[prop(into)] id: String,
    /// What the form sends it as; its id where there is none.
    #[prop(into, optional)]
    name: Option<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] hint: String,
    /// What is wrong with it and what to do; empty where nothing is.
    #[prop(into, optional)]
    error: Signal<String>,
    /// What stands in it at first, and what was typed later.
    value: RwSignal<String>,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] maxlength: Option<u32>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    bind_text_area(area, value);
    let name = name.unwrap_or_else(|| id.clone());
    let has_hint = !hint.is_empty();
    view! {
        <div class="field" data-field=id.clone()>
            <label class="field__label" for=id.clone()>{move || label.get()}</label>
            {has_hint.then(|| view! { <p class="field__hint" id=[&id, "-hint"].concat()>{hint}</p> })}
            <FieldError field=id.clone() error/>
            // Leptos does not escape what stands in a textarea when it renders on the server.
            <textarea
                class="field__input"
                node_ref=area
                id=id.clone()
                name=name
                rows=rows
                maxlength=maxlength
                aria-describedby=described_by(&id, has_hint)
                aria-invalid=move || if error.with(String::is_empty) { "false" } else { "true" }
                inner_html=escaped(&value.get_untracked())
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        </div>
    }
}

fn described_by(id: &str, has_hint: bool) -> String {
    let error = [id, "-error"].concat();
    if has_hint { [&error, " ", id, "-hint"].concat() } else { error }
}

/// A text as the content of an element. A browser drops the first line break of a
/// textarea.
fn escaped(text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;");
    if safe.starts_with('\n') { ["\n", &safe].concat() } else { safe }
}

/// Keeps an input's text in step with a signal that `on:input` sets. What was typed before
/// the app was ready counts.
pub(crate) fn bind_input(input: NodeRef<html::Input>, text: RwSignal<String>) {
    let shown = move || input.get().map(|input| (input.value(), input.default_value()));
    bind(text, shown, move |text| _ = input.get_untracked().map(|input| input.set_value(text)));
}

/// The same for several lines of text.
pub(crate) fn bind_text_area(area: NodeRef<html::Textarea>, text: RwSignal<String>) {
    let shown = move || area.get().map(|area| (area.value(), area.default_value().unwrap_or_default()));
    bind(text, shown, move |text| _ = area.get_untracked().map(|area| area.set_value(text)));
}

/// `shown` is what a control shows and what it was made with.
fn bind(
    text: RwSignal<String>,
    shown: impl Fn() -> Option<(String, String)> + 'static,
    write: impl Fn(&str) + 'static,
) {
    Effect::new(move |bound: Option<bool>| {
        let Some((shown, made_with)) = shown() else { return false };
        let wanted = text.get();
        if bound != Some(true) && shown != made_with {
            text.set(shown);
        } else if shown != wanted {
            write(&wanted);
        }
        true
    });
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_ends_a_textarea_or_loses_its_first_line() {
        assert_eq!(escaped("</textarea>&amp;"), "&lt;/textarea>&amp;amp;");
        assert_eq!(escaped("\nb"), "\n\nb");
    }
}
