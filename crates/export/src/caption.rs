//! Numbers and some letters as pixels: enough for an anchor's letter and its coordinates.

/// Pixels across a letter and the space behind it.
pub(crate) const ADVANCE: usize = 4;
/// Pixels down a letter.
pub(crate) const HEIGHT: usize = 5;

/// The rows of a letter from the top, three pixels each. Nothing is drawn for letters that are not among them.
const fn rows(letter: char) -> [u8; HEIGHT] {
    match letter {
        '0' => [0b111, 0b101, 0b101, 0b101, 0b111],
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b111, 0b001, 0b111, 0b100, 0b111],
        '3' => [0b111, 0b001, 0b111, 0b001, 0b111],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b111, 0b001, 0b111],
        '6' => [0b111, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b010, 0b010, 0b010],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b111],
        'A' => [0b010, 0b101, 0b111, 0b101, 0b101],
        'B' => [0b110, 0b101, 0b110, 0b101, 0b110],
        'C' => [0b011, 0b100, 0b100, 0b100, 0b011],
        'D' => [0b110, 0b101, 0b101, 0b101, 0b110],
        'E' => [0b111, 0b100, 0b110, 0b100, 0b111],
        'F' => [0b111, 0b100, 0b110, 0b100, 0b100],
        'G' => [0b011, 0b100, 0b101, 0b101, 0b011],
        'H' => [0b101, 0b101, 0b111, 0b101, 0b101],
        '-' | '−' => [0, 0, 0b111, 0, 0],
        '+' => [0, 0b010, 0b111, 0b010, 0],
        '.' => [0, 0, 0, 0, 0b010],
        ',' => [0, 0, 0, 0b010, 0b100],
        _ => [0; HEIGHT],
    }
}

/// Pixels across a text.
pub(crate) fn width(text: &str) -> usize {
    (text.chars().count() * ADVANCE).saturating_sub(1)
}

/// Where a text has ink: columns and rows from its upper left corner.
pub(crate) fn ink(text: &str) -> impl Iterator<Item = [usize; 2]> + '_ {
    text.chars().enumerate().flat_map(|(place, letter)| {
        rows(letter).into_iter().enumerate().flat_map(move |(row, bits)| {
            let columns = (0..3).filter(move |column| bits >> (2 - column) & 1 == 1);
            columns.map(move |column| [place * ADVANCE + column, row])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::plane::{MOST_ANCHORS, anchor_letter};

    #[test]
    fn letters_stand_one_after_another() {
        assert_eq!((width(""), width("-1.5")), (0, 15));
        assert_eq!(ink("-").collect::<Vec<_>>(), [[0, 2], [1, 2], [2, 2]]);
        assert_eq!(ink(" .").collect::<Vec<_>>(), [[5, 4]]);
    }

    #[test]
    fn every_numeral_and_every_anchors_letter_looks_different() {
        let letters = (0..MOST_ANCHORS).map(anchor_letter);
        let drawn: Vec<_> = ('0'..='9').chain(letters).map(rows).collect();
        for (at, rows) in drawn.iter().enumerate() {
            assert!(!drawn[..at].contains(rows) && *rows != [0; HEIGHT], "{at}");
        }
    }
}
