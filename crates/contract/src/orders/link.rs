//! Requests the link to an order, which is emailed to the address that placed it.

use serde::{Deserialize, Serialize};

use super::OrderFieldError;
use crate::{
    Submission,
    text::{Nfc, plain},
};

/// Requests the link to an order: `POST /api/v1/order-links`. The response is the same whether
/// the order exists or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestOrderLink {
    /// The order's reference, in any case and with any spaces and hyphens.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub reference: String,
    /// The email address that placed the order.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub email: String,
}

/// The response to every such request: 202.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestedLink {}

impl Submission for RequestOrderLink {
    const PATH: &'static str = "/api/v1/order-links";
    type Response = RequestedLink;
}

impl RequestOrderLink {
    /// A copy with cleaned text fields.
    pub fn cleaned(self, nfc: Nfc) -> Self {
        Self { reference: plain(&self.reference, nfc), email: plain(&self.email, nfc) }
    }

    /// Validation errors of cleaned input: the fields may not be empty. Whether they match an
    /// order is not revealed.
    pub fn validation_errors(&self) -> Vec<(&'static str, OrderFieldError)> {
        let fields = [("reference", &self.reference), ("email", &self.email)];
        let empty = fields.into_iter().filter(|(_, text)| text.trim().is_empty());
        empty.map(|(field, _)| (field, OrderFieldError::Missing)).collect()
    }

    /// The reference in its standard form: `H27-7K3M-9QXD`.
    pub fn written_reference(&self) -> String {
        let letters: String =
            self.reference.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        if letters.len() == 11 {
            return [&letters[..3], "-", &letters[3..7], "-", &letters[7..]].concat();
        }
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::RequestOrderLink;
    use crate::orders::OrderFieldError;

    #[test]
    fn references_are_accepted_in_any_format() {
        for typed in ["H27-7K3M-9QXD", "h277k3m9qxd", " h27 7k3m 9qxd "] {
            let request = RequestOrderLink { reference: typed.into(), email: String::new() };
            assert_eq!(request.written_reference(), "H27-7K3M-9QXD", "{typed}");
        }
        let request = RequestOrderLink { reference: "tŷ".into(), email: " ".into() };
        assert_eq!(request.written_reference(), "T");
        assert_eq!(request.validation_errors(), [("email", OrderFieldError::Missing)]);
    }
}
