//! The QR code of a URL.

use qrcodegen::QrCodeEcc;

/// A QR code, without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    /// The number of modules on each side.
    pub size: usize,
    /// The dark modules in runs: start column, row and length.
    pub runs: Vec<[usize; 3]>,
}

impl QrCode {
    /// The QR code of a URL, readable with 15 % of it damaged; none if the URL is longer than
    /// about 2,300 bytes.
    pub fn of(address: &str) -> Option<Self> {
        let code = qrcodegen::QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
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
