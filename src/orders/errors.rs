//! The errors of a change of an order.

use contract::{
    Locale,
    orders::{ChangeField, ChangeFieldError, ChangeRefusal, InvalidChange, Order, OrderFieldError},
    shop::Shop,
    text::code_point,
};

use super::refused_form::RefusedForm;
use crate::{
    api::ApiError,
    i18n::{checkout, errors, order as t, order_errors::order_error},
    ui::{FormError, LimitReached},
};

/// An error about the whole order.
pub(super) fn of_order(text: String) -> FormError {
    FormError::new("page-heading", text)
}

/// The errors of a form that the server refused.
pub(super) fn of_form(refused: &RefusedForm, order: &Order, shop: &Shop, locale: Locale) -> Vec<FormError> {
    if let Some(refusal) = refused.refusal {
        return vec![of_refusal(refusal, locale)];
    }
    let invalid = refused.form.as_ref().map(|form| form.validation_errors(order, shop.card));
    let errors = of_fields(invalid.unwrap_or_default(), order, locale);
    // The error no longer applies.
    if errors.is_empty() { vec![of_refusal(ChangeRefusal::StatusConflict, locale)] } else { errors }
}

/// The errors of fields. If the order has changed and their form is no longer shown, that is
/// the error.
pub(super) fn of_fields(invalid: InvalidChange, order: &Order, locale: Locale) -> Vec<FormError> {
    let mut errors: Vec<FormError> = Vec::new();
    for (field, error) in invalid {
        let error = of_field(&field, error, order, locale);
        let error = error.unwrap_or_else(|| of_refusal(ChangeRefusal::StatusConflict, locale));
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    errors
}

fn of_field(
    field: &ChangeField,
    error: ChangeFieldError,
    order: &Order,
    locale: Locale,
) -> Option<FormError> {
    if !has_form(field, order) {
        return None;
    }
    let error = match (field, error) {
        (ChangeField::Address(line), ChangeFieldError::Text(error)) => {
            let path = ["delivery.address.", line].concat();
            FormError::new(line, order_error(locale, &path, error))
        }
        (ChangeField::Code, _) => FormError::new("code", t::missing_code(locale)),
        (ChangeField::Payment, _) => FormError::new("by", checkout::payment_unavailable(locale)),
        (ChangeField::Number, ChangeFieldError::Text(error)) => {
            FormError::new("number", order_error(locale, "payment.number", error))
        }
        (ChangeField::Lines, _) => {
            let (first, _) = order.returnable().next()?;
            FormError::new(&quantity_id(first), t::return_nothing(locale))
        }
        (ChangeField::Quantity(sku), ChangeFieldError::QuantityOutOfRange(most)) => {
            let (index, line) = order.returnable().find(|(_, line)| line.sku == *sku)?;
            FormError::new(&quantity_id(index), t::return_quantity_error(locale, most, &line.full_name()))
        }
        (ChangeField::Reason, ChangeFieldError::Text(OrderFieldError::HiddenCharacter(letter))) => {
            let found = t::return_reason_hidden(locale, &code_point(letter));
            FormError::new("reason", [&found, " ", errors::hidden_how(locale)].concat())
        }
        (ChangeField::Reason, _) => FormError::new("reason", t::return_reason_too_long(locale)),
        _ => return None,
    };
    Some(error)
}

/// Whether the page of an order has the form with this field.
fn has_form(field: &ChangeField, order: &Order) -> bool {
    match field {
        ChangeField::Address(_) => order.changeable_address().is_some(),
        ChangeField::Code => order.takes_code(),
        ChangeField::Payment | ChangeField::Number => order.can_be_accepted(),
        ChangeField::Lines | ChangeField::Quantity(_) | ChangeField::Reason => order.takes_returns(),
    }
}

/// The id of the field for the returned quantity of a line.
pub(super) fn quantity_id(index: usize) -> String {
    ["return-", &index.to_string()].concat()
}

/// The error of a refused change with valid fields.
pub(super) fn of_refusal(refusal: ChangeRefusal, locale: Locale) -> FormError {
    let text = match refusal {
        ChangeRefusal::StatusConflict => t::status_changed(locale),
        ChangeRefusal::DeliveryCostDiffers => t::delivery_cost_differs(locale),
        ChangeRefusal::TooManyAddressChanges => t::changed_too_often(locale),
        ChangeRefusal::WrongCode => t::wrong_code(locale),
        ChangeRefusal::TooManyAttempts => t::too_many_attempts(locale),
        ChangeRefusal::OutOfStock => t::out_of_stock(locale),
        ChangeRefusal::UnpaidLimit => checkout::unpaid_limit(locale),
        ChangeRefusal::UnpaidShare => t::unpaid_share(locale),
        ChangeRefusal::QuoteExpired => t::quote_expired(locale),
        ChangeRefusal::PaymentsUnavailable => t::no_card(locale),
    };
    let id = match refusal.field() {
        Some(ChangeField::Address(line)) => line,
        Some(ChangeField::Code) => "code",
        _ => "page-heading",
    };
    FormError::new(id, text)
}

/// The message for an API error that is not about a field.
pub(super) fn of_api_error(error: &ApiError, locale: Locale) -> String {
    match error {
        ApiError::Offline | ApiError::Aborted => t::not_sent(locale).to_owned(),
        ApiError::Problem(problem) if problem.status == 429 => {
            let retry_after_seconds = problem.retry_after_seconds.unwrap_or(60);
            LimitReached { by_network: false, retry_after_seconds }.text(locale)
        }
        ApiError::Problem(_) => [errors::problem_title(locale), ". ", errors::problem_body(locale)].concat(),
        ApiError::Decode => [errors::decode_title(locale), ". ", errors::decode_body(locale)].concat(),
    }
}

#[cfg(test)]
mod tests {
    use contract::{
        Locale,
        orders::{ChangeField, ChangeFieldError, Order, OrderFieldError, OrderStatus},
    };
    use serde_json::json;

    use super::{FormError, of_fields};

    fn order(status: OrderStatus) -> Order {
        let moment = json!({ "utc": "2026-11-22T12:00:00Z", "uk_date": "2026-11-22", "uk_minute": 720 });
        serde_json::from_value(json!({
            "reference": "H26-7K3M-9QXD",
            "state": status,
            "placed": moment,
            "lines": [{
                "sku": "MUG", "product": "mug", "name": "Mug", "variant": "Red",
                "quantity": 3, "dispatched": 3, "returned": 0,
            }],
            "price": { "lines": [], "goods_pence": 0, "delivery_pence": 0, "total_pence": 0, "vat": [] },
            "customer": { "name": "A", "email": "a@b.example" },
            "delivery": { "by": "collection", "region": "wales" },
            "payment": { "by": "transfer" },
            "moves": [],
            "return_by": "2026-12-06",
        }))
        .expect("an order")
    }

    #[test]
    fn an_error_leads_to_its_field() {
        let delivered = order(OrderStatus::Delivered);
        let invalid = vec![
            (ChangeField::Quantity("MUG".into()), ChangeFieldError::QuantityOutOfRange(3)),
            (ChangeField::Reason, ChangeFieldError::Text(OrderFieldError::TooLong(500))),
        ];
        let errors = of_fields(invalid, &delivered, Locale::En);
        let expected = [
            FormError::new("return-0", "Enter a quantity between 1 and 3 for Mug Red"),
            FormError::new("reason", "Reason must be 500 characters or less"),
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn errors_of_hidden_forms_become_a_status_conflict() {
        let cancelled = order(OrderStatus::Cancelled);
        let invalid = vec![
            (ChangeField::Lines, ChangeFieldError::NoItemsSelected),
            (ChangeField::Code, ChangeFieldError::Text(OrderFieldError::Missing)),
        ];
        let errors = of_fields(invalid, &cancelled, Locale::En);
        assert_eq!(errors.len(), 1, "said once");
        assert!(errors[0].id == "page-heading" && errors[0].text.starts_with("Your order has changed"));
    }
}
