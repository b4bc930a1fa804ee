//! Form fields with label, hint and error.

use leptos::{html, prelude::*};

/// A field's error, or nothing. The element is always in the document, so that the field can
/// refer to it.
#[component]
pub(crate) fn FieldError(
    /// The field's id.
    field: String,
    #[prop(into)] error: Signal<String>,
) -> impl IntoView {
    view! { <p class="field__error" id=[&field, "-error"].concat()>{move || Some(error.get()).filter(|error| !error.is_empty())}</p> }
}

/// A text field.
#[component]
pub(crate) fn TextInput(
    #[prop(into)] id: String,
    /// The name of the form field; its id by default.
    #[prop(into, optional)]
    name: Option<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] hint: String,
    /// The error message; empty if there is none.
    #[prop(into, optional)]
    error: Signal<String>,
    /// The text of the field.
    value: RwSignal<String>,
    /// The `type` attribute.
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

/// A multi-line text field.
#[component]
pub(crate) fn TextArea(
    #[prop(into)] id: String,
    /// The name of the form field; its id by default.
    #[prop(into, optional)]
    name: Option<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] hint: String,
    /// The error message; empty if there is none.
    #[prop(into, optional)]
    error: Signal<String>,
    /// The text of the field.
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
            // Leptos does not escape the content of a textarea on the server.
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

/// Escapes a text as the content of an element. A browser drops the first line break of a
/// textarea.
fn escaped(text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;");
    if safe.starts_with('\n') { ["\n", &safe].concat() } else { safe }
}

/// Keeps an input in sync with a signal that `on:input` sets. Text typed before the app was
/// ready is kept.
pub(crate) fn bind_input(input: NodeRef<html::Input>, text: RwSignal<String>) {
    let shown = move || input.get().map(|input| (input.value(), input.default_value()));
    bind(text, shown, move |text| _ = input.get_untracked().map(|input| input.set_value(text)));
}

/// The same for a textarea.
pub(crate) fn bind_text_area(area: NodeRef<html::Textarea>, text: RwSignal<String>) {
    let shown = move || area.get().map(|area| (area.value(), area.default_value().unwrap_or_default()));
    bind(text, shown, move |text| _ = area.get_untracked().map(|area| area.set_value(text)));
}

/// `shown` returns the current and the initial value of a control.
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
    fn textarea_content_is_escaped_and_keeps_its_first_line() {
        assert_eq!(escaped("</textarea>&amp;"), "&lt;/textarea>&amp;amp;");
        assert_eq!(escaped("\nb"), "\n\nb");
    }
}
