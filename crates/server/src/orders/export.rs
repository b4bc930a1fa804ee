//! All orders for a spreadsheet.

use contract::orders::{Customer, OrderStatus};

use super::OrderAdmin;

impl OrderAdmin {
    /// All orders as CSV for a spreadsheet, without text that could be taken for a formula.
    pub async fn export(&self, status: Option<OrderStatus>) -> anyhow::Result<String> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record([
            "reference",
            "placed",
            "state",
            "total_pence",
            "kind",
            "name",
            "branch",
            "email",
            "telephone",
            "purchase_order",
            "delivery",
        ])?;
        for order in self.store.list_orders(status).await? {
            let customer: Customer = serde_json::from_str(&order.customer)?;
            let kind = serde_json::to_value(customer.kind)?;
            let fields = [
                order.reference,
                order.placed_at.to_string(),
                order.status.name().to_owned(),
                order.total_pence.to_string(),
                kind.as_str().unwrap_or_default().to_owned(),
                customer.name,
                customer.branch,
                customer.email,
                customer.telephone,
                order.purchase_order.unwrap_or_default(),
                order.delivery,
            ];
            out.write_record(fields.map(|field| escape_formula(&field)))?;
        }
        Ok(String::from_utf8(out.into_inner()?)?)
    }
}

/// Escapes a text that a spreadsheet would take for a formula.
fn escape_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { ["'", text].concat() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::escape_formula;

    #[test]
    fn formulas_are_escaped() {
        for formula in ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1"] {
            assert!(escape_formula(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(escape_formula("Leeds = home"), "Leeds = home");
    }
}
