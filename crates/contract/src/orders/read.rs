//! [`Delivery`](super::Delivery) and [`Payment`](super::Payment) for deserialising. Serde would
//! buffer a tagged enum in a value of any type, and that code would add kilobytes to the app.

use serde::{Deserialize, Deserializer};

use super::{Address, Speed};
use crate::region::Region;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivery {
    #[serde(rename = "by")]
    kind: DeliveryKind,
    #[serde(default, deserialize_with = "given")]
    address: Option<Address>,
    #[serde(default, deserialize_with = "given")]
    speed: Option<Speed>,
    #[serde(default, deserialize_with = "given")]
    region: Option<Region>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum DeliveryKind {
    Post,
    Collection,
}

impl TryFrom<Delivery> for super::Delivery {
    type Error = &'static str;

    fn try_from(read: Delivery) -> Result<Self, &'static str> {
        match read {
            Delivery { kind: DeliveryKind::Post, address: Some(address), speed, region: None } => {
                Ok(Self::Post { address, speed: speed.unwrap_or_default() })
            }
            Delivery { kind: DeliveryKind::Collection, address: None, speed: None, region: Some(region) } => {
                Ok(Self::Collection { region })
            }
            _ => Err("`post` has an `address` and may have a `speed`; `collection` has a `region`"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payment {
    #[serde(rename = "by")]
    kind: PaymentKind,
    #[serde(default, deserialize_with = "given")]
    number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PaymentKind {
    PurchaseOrder,
    Transfer,
    Card,
    Nothing,
}

impl TryFrom<Payment> for super::Payment {
    type Error = &'static str;

    fn try_from(read: Payment) -> Result<Self, &'static str> {
        match (read.kind, read.number) {
            (PaymentKind::PurchaseOrder, Some(number)) => Ok(Self::PurchaseOrder { number }),
            (PaymentKind::Transfer, None) => Ok(Self::Transfer {}),
            (PaymentKind::Card, None) => Ok(Self::Card {}),
            (PaymentKind::Nothing, None) => Ok(Self::Nothing {}),
            _ => Err("`purchase-order`, and no other payment method, has a `number`"),
        }
    }
}

/// A field that is there; `null` is no value of it.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use crate::orders::{Delivery, Payment, Speed};

    fn delivery(json: &str) -> Result<Delivery, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    fn payment(json: &str) -> Result<Payment, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_serialised_is_read_again() {
        let address = r#"{"line_1":"1 Union Street","town":"Leeds","postcode":"LS1 1AA"}"#;
        let cheapest = delivery(&format!(r#"{{"by":"post","address":{address}}}"#)).expect("an address");
        let collection = delivery(r#"{"by":"collection","region":"wales"}"#).expect("a region");
        let Delivery::Post { address, speed: Speed::Cheapest } = cheapest.clone() else {
            panic!("{cheapest:?}")
        };
        for known in [cheapest, collection, Delivery::Post { address, speed: Speed::Fastest }] {
            assert_eq!(delivery(&serde_json::to_string(&known).expect("JSON")), Ok(known));
        }
        let number = "PO 17".to_owned();
        for known in
            [Payment::PurchaseOrder { number }, Payment::Transfer {}, Payment::Card {}, Payment::Nothing {}]
        {
            assert_eq!(payment(&serde_json::to_string(&known).expect("JSON")), Ok(known));
        }
    }

    #[test]
    fn fields_of_another_method_are_refused() {
        for json in [
            r#"{"by":"post"}"#,
            r#"{"by":"post","region":"wales"}"#,
            r#"{"by":"collection"}"#,
            r#"{"by":"collection","region":null}"#,
            r#"{"by":"collection","region":"wales","speed":"fastest"}"#,
            r#"{"by":"collection","region":"wales","address":null}"#,
            r#"{"by":"pigeon"}"#,
            r#"{"region":"wales"}"#,
        ] {
            assert!(delivery(json).is_err(), "{json}");
        }
        for json in [
            r#"{"by":"purchase-order"}"#,
            r#"{"by":"transfer","number":"PO 17"}"#,
            r#"{"by":"transfer","number":null}"#,
            r#"{"by":"card","colour":"red"}"#,
            r#"{"by":"cheque"}"#,
            "{}",
        ] {
            assert!(payment(json).is_err(), "{json}");
        }
    }
}
