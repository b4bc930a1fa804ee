//! Finds an order: its link is emailed to the address that placed it. The answer is the same
//! whether the order exists or not.

use contract::{Locale, orders::RequestOrderLink};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::errors;
use crate::{
    a11y::navigation,
    api,
    i18n::{checkout, order as t, use_locale},
    render::set_status,
    routes::Route,
    ui::{
        ErrorSummary, FormError, Head, PageHead, TextInput, error_text, focus_on, focus_summary, limit_text,
        nfc,
    },
};

/// The id of the message shown after submission.
const FOUND: &str = "link-sent";

/// The state of the form.
#[derive(Clone, Copy)]
struct LinkForm {
    reference: RwSignal<String>,
    email: RwSignal<String>,
    errors: RwSignal<Vec<FormError>>,
    is_sending: RwSignal<bool>,
    /// Whether it was submitted.
    is_sent: RwSignal<bool>,
}

#[component]
pub(crate) fn FindOrderPage() -> impl IntoView {
    let locale = use_locale();
    // The form as submitted without JavaScript.
    let posted = api::from_server::<RequestOrderLink>();
    let mut errors = posted.as_ref().map(|posted| validation_errors(posted, locale)).unwrap_or_default();
    if !errors.is_empty() {
        set_status(422);
    }
    errors.extend(limit_text(locale).map(errors::of_order));
    let is_sent = posted.is_some() && errors.is_empty();
    let head = Head {
        title: t::find(locale).to_owned(),
        description: t::find_summary(locale).to_owned(),
        route: Some(Route::FindOrder),
    };
    let head = if errors.is_empty() { head } else { head.with_error(locale) };
    let form = LinkForm::new(posted.unwrap_or_default(), errors, is_sent);
    let summary = move || {
        let errors = form.errors.get();
        (!errors.is_empty()).then(|| view! { <ErrorSummary errors/> })
    };
    let found = move || {
        form.is_sent.get().then(|| {
            view! {
                <p class="notice" id=FOUND role="status" tabindex="-1">
                    {t::link_sent(locale)}
                </p>
            }
        })
    };
    view! {
        <PageHead head/>
        <div class="wrap page-start order">
            <h1 id="page-heading" tabindex="-1">{t::find(locale)}</h1>
            <p class="lede">{t::find_summary(locale)}</p>
            {move || found()}
            {move || summary()}
            <FormFields form/>
        </div>
    }
}

#[component]
fn FormFields(form: LinkForm) -> impl IntoView {
    let locale = use_locale();
    let is_sending = move || form.is_sending.get().then_some("true");
    view! {
        <form
            class="order__address"
            method="post"
            novalidate
            action=api::server_href(&Route::FindOrder.href(locale))
            on:submit=move |event| form.send(&event, locale)
        >
            <TextInput
                id="reference"
                label=t::reference(locale)
                hint=t::reference_hint(locale)
                error=form.error("reference")
                value=form.reference
                autocomplete="off"
            />
            <TextInput
                id="email"
                label=checkout::email(locale)
                hint=t::find_email_hint(locale)
                error=form.error("email")
                value=form.email
                kind="email"
                autocomplete="email"
            />
            <p class="actions">
                <button class="button button--main" type="submit" aria-busy=is_sending aria-disabled=is_sending>
                    {t::find_send(locale)}
                </button>
            </p>
        </form>
    }
}

/// Validation errors of cleaned input.
fn validation_errors(request: &RequestOrderLink, locale: Locale) -> Vec<FormError> {
    let text = |field| match field {
        "reference" => t::missing_reference(locale),
        _ => checkout::missing_email(locale),
    };
    let errors = request.validation_errors().into_iter();
    errors.map(|(field, _)| FormError::new(field, text(field))).collect()
}

impl LinkForm {
    fn new(typed: RequestOrderLink, errors: Vec<FormError>, is_sent: bool) -> Self {
        Self {
            reference: RwSignal::new(typed.reference),
            email: RwSignal::new(typed.email),
            errors: RwSignal::new(errors),
            is_sending: RwSignal::new(false),
            is_sent: RwSignal::new(is_sent),
        }
    }

    /// The error of a field; empty if there is none.
    fn error(self, field: &'static str) -> Signal<String> {
        error_text(self.errors, field)
    }

    /// Submits the form, unless it has errors or is being sent already.
    fn send(self, event: &SubmitEvent, locale: Locale) {
        event.prevent_default();
        if self.is_sending.get_untracked() {
            return;
        }
        let (reference, email) = (self.reference.get_untracked(), self.email.get_untracked());
        let request = RequestOrderLink { reference, email }.cleaned(nfc);
        self.is_sent.set(false);
        let errors = validation_errors(&request, locale);
        if !errors.is_empty() {
            return self.refuse(errors, locale);
        }
        self.is_sending.set(true);
        spawn_local(async move {
            let answer = api::send(&request, None).await;
            // The reader may have left the page meanwhile.
            if self.is_sending.is_disposed() {
                return;
            }
            self.is_sending.set(false);
            match answer {
                Ok(_) => {
                    self.errors.set(Vec::new());
                    self.is_sent.set(true);
                    navigation::set_error_title(false, locale);
                    focus_on(FOUND);
                }
                Err(error) => {
                    self.refuse(vec![errors::of_order(errors::of_api_error(&error, locale))], locale);
                }
            }
        });
    }

    fn refuse(self, errors: Vec<FormError>, locale: Locale) {
        self.errors.set(errors);
        navigation::set_error_title(true, locale);
        focus_summary();
    }
}
