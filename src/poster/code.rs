//! The QR code of an address.

use qrcodegen::{QrCode, QrCodeEcc};

/// A QR code, without the white that it needs around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// How many modules it is wide and high.
    pub size: usize,
    /// The dark modules in runs: from where in a row, in which row, how many.
    pub runs: Vec<[usize; 3]>,
}

impl Code {
    /// The code of an address, so that it can be read with 15 % of it damaged;
    /// none of more than some 2,300 bytes.
    pub fn of(address: &str) -> Option<Self> {
        let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
        let mut runs: Vec<[usize; 3]> = Vec::new();
        for (row, y) in (0..code.size()).enumerate() {
            let dark = (0..code.size()).enumerate().filter(|(_, x)| code.get_module(*x, y));
            for (column, _) in dark {
                match runs.last_mut() {
                    Some([start, last, length]) if *last == row && *start + *length == column => *length += 1,
                    _ => runs.push([column, row, 1]),
                }
            }
        }
        Some(Self { size: usize::try_from(code.size()).ok()?, runs })
    }
}
