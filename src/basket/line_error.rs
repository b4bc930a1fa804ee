//! The error of a line of a pasted or uploaded list.

/// A parse error of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineError {
    /// It is unclear which field is the product code and which the quantity.
    Ambiguous,
    /// The quantity is not valid.
    InvalidQuantity,
    /// There are more lines than an order may have.
    TooManyLines,
}
