//! Numbers as the controller's sentences have them.

/// A whole number in groups of three numerals.
pub fn grouped(number: u64) -> String {
    let numerals = number.to_string();
    let mut text = String::with_capacity(numerals.len() + numerals.len() / 3);
    for (at, numeral) in numerals.chars().enumerate() {
        if at > 0 && (numerals.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(numeral);
    }
    text
}

/// Steps per second: a tenth matters only where there are few.
pub fn speed(steps_per_second: f64) -> String {
    if steps_per_second < 10.0 { format!("{steps_per_second:.1}") } else { format!("{steps_per_second:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!([7, 999, 1_000, 1_234_567].map(grouped), ["7", "999", "1,000", "1,234,567"]);
        assert_eq!([3.15, 410.5].map(speed), ["3.1", "410"]);
    }
}
