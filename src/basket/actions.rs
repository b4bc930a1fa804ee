//! The actions on the basket page, with their status messages.

use contract::orders::{MAX_QUANTITY, OrderLine};
use leptos::prelude::*;

use super::{
    List,
    page_state::{COUNT, PageState},
    quantity::{parse_quantity, quantity_error},
};
use crate::{i18n::basket as t, ui::focus_on};

/// The id of the undo button after a removal.
pub(super) const UNDO: &str = "basket-undo";

impl PageState {
    /// Stores the quantity that was entered for a line.
    ///
    /// # Errors
    ///
    /// The error message.
    pub(super) fn set_quantity(self, sku: &str, typed: &str) -> Result<(), String> {
        let quantity = parse_quantity(typed);
        let was_invalid =
            self.invalid_skus.with_untracked(|invalid| invalid.iter().any(|known| known == sku));
        if was_invalid != quantity.is_none() {
            self.invalid_skus.update(|invalid| {
                invalid.retain(|known| known != sku);
                if quantity.is_none() {
                    invalid.push(sku.to_owned());
                }
            });
        }
        let Some(quantity) = quantity else {
            let error = quantity_error(self.locale, MAX_QUANTITY);
            self.set_status(error.clone());
            return Err(error);
        };
        let before = untrack(|| self.basket.quantity(List::Basket, sku));
        // If another tab removed the line meanwhile, there is nothing to change.
        if before == 0 {
            return Ok(());
        }
        if before != quantity {
            let is_stored = self.basket.set(List::Basket, sku, quantity);
            self.set_stored_status(is_stored, t::changed(self.locale));
        } else if was_invalid {
            self.set_status("");
        }
        Ok(())
    }

    /// Removes a line from a list, with an undo button.
    pub(super) fn remove(self, list: List, sku: &str, name: &str) {
        let quantity = untrack(|| self.basket.quantity(list, sku));
        self.basket.remove(list, sku);
        self.set_status(t::item_removed(self.locale, name));
        self.removed.set(Some((list, OrderLine { sku: sku.to_owned(), quantity })));
        // The button that was pressed was removed with its line.
        focus_on(UNDO);
    }

    /// Restores the last removed line.
    pub(super) fn undo(self) {
        if let Some((list, line)) = self.removed.get_untracked() {
            let is_stored = self.basket.change(list, &line.sku, i64::from(line.quantity));
            self.set_stored_status(is_stored, t::undone(self.locale));
            // The button that was pressed is hidden now.
            focus_on(COUNT);
        }
    }

    /// Saves a line for later.
    pub(super) fn save_for_later(self, sku: &str, name: &str) {
        self.transfer(List::Basket, List::Later, sku, t::item_saved(self.locale, name));
    }

    /// Moves a line that was saved for later back to the basket.
    pub(super) fn move_to_basket(self, sku: &str, name: &str) {
        self.transfer(List::Later, List::Basket, sku, t::item_moved(self.locale, name));
    }

    fn transfer(self, from: List, to: List, sku: &str, text: String) {
        let quantity = untrack(|| self.basket.quantity(from, sku));
        let is_stored = self.basket.change(to, sku, i64::from(quantity));
        if is_stored {
            self.basket.remove(from, sku);
            // The button that was pressed was removed with its line.
            focus_on(COUNT);
        }
        self.set_stored_status(is_stored, text);
    }
}
