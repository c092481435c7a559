//! Numbers as people type them, and as this and other programs print them: `0,001`, `10 000`, `60,000`, `−1.5`.
//!
//! In whole numbers a separator groups figures by three. In others a single comma is the decimal one. Lists are separated by
//! commas, or by semicolons, and then their numbers may have decimal commas.

use super::read_f32;
use std::str::FromStr;

/// Characters that look like a minus sign: hyphen-minus, minus sign, hyphen, non-breaking hyphen, en dash, small and wide form.
const MINUS: [char; 7] = ['-', '−', '‐', '‑', '–', '﹣', '－'];
/// Separators of groups of three figures, besides spaces.
const GROUPS: [char; 5] = [',', '.', '\'', '’', '_'];

/// The largest number of a code that links and fields take.
pub const MOST_IN_CODE: f32 = 1e6;

/// Reads a number that may have decimals.
pub fn read_decimal(text: &str) -> Option<f32> {
    read_f32(&with_plain_signs(text).replacen(',', ".", 1))
}

/// Reads a list of numbers that may have decimals.
pub fn read_decimals(text: &str) -> Option<Vec<f32>> {
    items(text).map(read_decimal).collect()
}

/// The items of a list: between semicolons, or between commas where there is no semicolon.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(if text.contains(';') { ';' } else { ',' })
}

/// Reads a whole number.
pub fn read_whole<T: FromStr>(text: &str) -> Option<T> {
    ungrouped(text).parse().ok()
}

/// The figures of a whole number, with its sign and without what groups them. A text in which anything else stands comes back as
/// it is.
fn ungrouped(text: &str) -> String {
    let text = with_plain_signs(text);
    let is_separator = |one: char| one.is_whitespace() || GROUPS.contains(&one);
    let Some(separator) = text.chars().find(|&one| is_separator(one)) else { return text };
    let (sign, figures) = match text.strip_prefix('-') {
        Some(figures) => ("-", figures),
        None => ("", text.as_str()),
    };
    let mut groups = figures.split(separator);
    let is_number = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = |group: &str| is_number(group) && group.len() <= 3;
    let are_groups =
        groups.next().is_some_and(is_first) && groups.all(|group| is_number(group) && group.len() == 3);
    if are_groups { format!("{sign}{}", figures.replace(separator, "")) } else { text }
}

/// The text without space around it, and with the minus sign that programs read.
fn with_plain_signs(text: &str) -> String {
    let text = text.trim();
    // In an exponent, too.
    text.chars().map(|one| if MINUS.contains(&one) { '-' } else { one }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_comma_is_a_decimal_comma() {
        let cases = [
            ("0,001", 0.001),
            ("0.001", 0.001),
            ("−1,5", -1.5),
            (" −1.5 ", -1.5),
            ("1e−3", 1e-3),
            ("10,000", 10.0),
            ("5", 5.0),
        ];
        for (text, number) in cases {
            assert_eq!(read_decimal(text), Some(number), "{text}");
        }
        for text in ["", "1,5,0", "1.000,5", "1,000.5", "a", "1 5", "--1"] {
            assert_eq!(read_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_separated_by_commas_or_by_semicolons() {
        assert_eq!(read_decimals("0.5,-1"), Some(vec![0.5, -1.0]));
        assert_eq!(read_decimals("−1,5; 2,25"), Some(vec![-1.5, 2.25]));
        assert_eq!(read_decimals("−1.5;2"), Some(vec![-1.5, 2.0]));
        assert_eq!(read_decimals("1,,2"), None);
        assert_eq!(read_decimals("1;"), None);
    }

    #[test]
    fn separators_of_whole_numbers_group_threes() {
        for text in
            ["10000", "10,000", "10.000", "10 000", "10\u{a0}000", "10\u{202f}000", "10’000", "10'000"]
        {
            assert_eq!(ungrouped(text), "10000", "{text}");
        }
        assert_eq!(ungrouped("1,234,567"), "1234567");
        assert_eq!(ungrouped("−60,000"), "-60000");
        for text in ["10,00", "1000,000", "1,000.000", ",000", "1.5", "1,", "10,0a0"] {
            assert_eq!(ungrouped(text), text, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_are_read_as_they_are_printed(number: u32) {
            let mut grouped = number.to_string();
            for at in (1..grouped.len()).rev().filter(|at| (grouped.len() - at) % 3 == 0).collect::<Vec<_>>() {
                grouped.insert(at, ',');
            }
            prop_assert_eq!(ungrouped(&grouped), number.to_string());
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            let _ = (read_decimal(&text), read_decimals(&text), ungrouped(&text));
        }
    }
}
