//! The errors of an order that the shop refuses for reasons only it can know.

use contract::{Locale, Problem};

use super::response::limit;
use crate::{
    i18n::{checkout as t, order_errors::field_id},
    ui::FormError,
};

/// The errors that a response states.
pub(super) fn server_errors(problem: &Problem, locale: Locale) -> Vec<FormError> {
    let lines = |text: &'static str| vec![FormError::new("checkout-lines", text)];
    match problem.kind.as_str() {
        "/problems/price-changed" => lines(t::price_changed(locale)),
        "/problems/too-little-stock" => lines(t::not_enough_stock(locale)),
        "/problems/too-many-requests" => {
            let wait = limit(problem).wait(locale);
            vec![FormError::new("email", [t::too_many_for_email(locale), " ", &wait].concat())]
        }
        "/problems/unpaid-limit" => vec![FormError::new("email", t::unpaid_limit(locale))],
        "/problems/unpaid-share" => lines(t::unpaid_share(locale)),
        _ if problem.errors.is_empty() => lines(t::not_placed(locale)),
        _ => {
            let errors = problem.errors.iter().map(|error| error.field.as_str());
            errors.map(|field| FormError::new(field_id(field), field_error(field, locale))).collect()
        }
    }
}

/// The error message for a field.
fn field_error(field: &str, locale: Locale) -> &'static str {
    match field {
        "customer.email" => t::invalid_email(locale),
        "delivery.address.postcode" => t::cannot_deliver(locale),
        "payment.by" => t::payment_unavailable(locale),
        _ if field.starts_with("lines.") && field.ends_with(".sku") => t::withdrawn(locale),
        _ if field.starts_with("lines.") => t::over_cap(locale),
        _ => t::not_placed(locale),
    }
}

#[cfg(test)]
mod tests {
    use contract::{InvalidField, Locale, Problem};

    use super::{FormError, server_errors};

    #[test]
    fn every_server_error_has_a_message() {
        let problem = |kind: &str, fields: &[&str]| Problem {
            kind: ["/problems/", kind].concat(),
            title: String::new(),
            status: 422,
            detail: None,
            errors: fields
                .iter()
                .map(|field| InvalidField { field: (*field).to_owned(), detail: String::new() })
                .collect(),
            retry_after_seconds: Some(60),
        };
        let ids = |problem: &Problem| -> Vec<String> {
            server_errors(problem, Locale::En).into_iter().map(|error| error.id).collect()
        };
        assert_eq!(ids(&problem("price-changed", &[])), ["checkout-lines"]);
        assert_eq!(ids(&problem("too-many-requests", &["customer.email"])), ["email"]);
        assert_eq!(ids(&problem("unpaid-limit", &["customer.email"])), ["email"]);
        let share = problem("unpaid-share", &["lines.0.quantity", "lines.1.quantity"]);
        let said = "We cannot hold this many of one item for you at the moment.";
        let errors = server_errors(&share, Locale::En);
        assert!(
            matches!(&*errors, [FormError { id, text }] if id == "checkout-lines" && text.starts_with(said)),
            "{errors:?}"
        );
        assert_eq!(
            ids(&problem("invalid", &["payment.by", "lines.0.sku"])),
            ["by-transfer", "checkout-lines"]
        );
        assert_eq!(ids(&problem("unknown-to-this-version", &[])), ["checkout-lines"]);
    }
}
