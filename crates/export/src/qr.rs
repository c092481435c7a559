//! A text as a QR code.

use fast_qr::{
    ECL, QRBuilder,
    qr::{QRCode, QRCodeError},
};
use latent_core::picture::QrOutline;
use std::fmt::Write;
use thiserror::Error;

/// Modules around a code that have to stay light (ISO/IEC 18004).
const MARGIN: usize = 4;

/// The text does not fit into any QR code.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the text has {0} bytes, which are too many for a QR code")]
pub struct TooLong(pub usize);

/// The smallest QR code of a text. It is read even where 15 % of it are damaged; of long texts, where 7 % are.
pub fn outline(text: &str) -> Result<QrOutline, TooLong> {
    let build = |level| QRBuilder::new(text).ecl(level).build();
    let code = build(ECL::M).or_else(|_: QRCodeError| build(ECL::L)).map_err(|_| TooLong(text.len()))?;
    Ok(QrOutline { path: path(&code), side: (code.size + 2 * MARGIN) as u32 })
}

/// A rectangle for each run of dark modules in a row.
fn path(code: &QRCode) -> String {
    let mut path = String::new();
    for row in 0..code.size {
        let modules = &code[row][..code.size];
        let mut start = 0;
        for run in modules.chunk_by(|one, other| one.value() == other.value()) {
            if run.first().is_some_and(|module| module.value()) {
                let length = run.len();
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", start + MARGIN, row + MARGIN);
            }
            start += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which modules a path fills: `[side][side]`.
    fn filled(QrOutline { path, side }: &QrOutline) -> Vec<Vec<bool>> {
        let mut filled = vec![vec![false; *side as usize]; *side as usize];
        for run in path.split('M').skip(1) {
            let (at, rest) = run.split_once('h').unwrap();
            let (column, row) = at.split_once(' ').unwrap();
            let (length, rest) = rest.split_once('v').unwrap();
            assert_eq!(rest, format!("1h-{length}z"));
            let [column, row, length] = [column, row, length].map(|number| number.parse::<usize>().unwrap());
            filled[row][column..column + length].fill(true);
        }
        filled
    }

    #[test]
    fn the_path_is_the_code_within_its_margin() {
        let text = "https://example.org/#v=1&code=8";
        let outline = outline(text).unwrap();
        let code = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
        let filled = filled(&outline);
        assert_eq!(outline.side as usize, code.size + 8);
        for (row, modules) in filled.iter().enumerate() {
            for (column, &is_dark) in modules.iter().enumerate() {
                let inside = 4..code.size + 4;
                let is_inside = inside.contains(&row) && inside.contains(&column);
                assert_eq!(is_dark, is_inside && code[row - 4][column - 4].value(), "{row} {column}");
            }
        }
        // A finder pattern's corner.
        assert!(filled[4][4..11].iter().all(|&is_dark| is_dark));
    }

    #[test]
    fn long_texts_have_less_redundancy_and_longer_ones_are_refused() {
        assert!(outline(&"x".repeat(2_331)).is_ok());
        assert_eq!(outline(&"x".repeat(2_953)).unwrap().side, 177 + 8);
        assert_eq!(outline(&"x".repeat(2_954)), Err(TooLong(2_954)));
    }
}
