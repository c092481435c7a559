//! Numbers as decimal text, with the results of the standard library's `parse` and `to_string` and a tenth of their size
//! in a program: the library's tables of powers alone take 10 kB that gzip can't compress.
//!
//! Both directions are exact. They calculate with whole numbers of any length, so they are slow (microseconds) and fit for
//! settings, not for data.

use super::natural::Natural;
use std::cmp::Ordering;

/// The bits of infinity: all finite numbers that are not negative have smaller ones, in their own order.
const INFINITY: u32 = f32::INFINITY.to_bits();
/// More digits are never needed to tell on which side of two neighbours' middle a number lies: a middle has 112 at most.
const MOST_DIGITS: usize = 120;
/// Digits that tell any two numbers apart.
const MOST_SHORTEST: usize = 9;

/// Reads a number: an optional sign, digits with an optional point, and an optional exponent; or `inf`, `infinity` or
/// `nan` in any case. The result is the nearest `f32`, the even one of two that are equally near.
pub fn read_f32(text: &str) -> Option<f32> {
    let (sign, unsigned) = match text.as_bytes() {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        rest => (1.0, rest),
    };
    let is = |name: &[u8]| unsigned.eq_ignore_ascii_case(name);
    if is(b"inf") || is(b"infinity") {
        return Some(sign * f32::INFINITY);
    }
    if is(b"nan") {
        return Some(f32::NAN);
    }
    Some(sign * Decimal::read(unsigned)?.nearest())
}

/// The shortest text from which [`read_f32`] gives the number again; of several the nearest to it. Without an exponent.
pub fn shortest(number: f32) -> String {
    let sign = if number.is_sign_negative() && !number.is_nan() { "-" } else { "" };
    let magnitude = number.abs();
    if number.is_nan() {
        "NaN".into()
    } else if number.is_infinite() {
        format!("{sign}inf")
    } else if magnitude == 0.0 {
        format!("{sign}0")
    } else {
        format!("{sign}{}", Decimal::exactly(magnitude).shortened(magnitude).text())
    }
}

/// A number that is not negative: `0.digits · 10^point`. Neither the first digit nor the last is 0.
#[derive(Clone, Debug)]
struct Decimal {
    /// From 0 to 9 each.
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    fn new(mut digits: Vec<u8>, mut point: i32) -> Self {
        let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..zeros);
        point = point.saturating_sub(zeros as i32);
        digits.truncate(digits.iter().rposition(|&digit| digit != 0).map_or(0, |last| last + 1));
        if digits.len() > MOST_DIGITS {
            // What is cut off only makes the number greater than one that ends there.
            digits.truncate(MOST_DIGITS);
            digits.push(1);
        }
        Self { digits, point }
    }

    fn read(text: &[u8]) -> Option<Self> {
        let mut digits = Vec::new();
        let mut point = None;
        let mut rest = text;
        while let [byte, others @ ..] = rest {
            match byte {
                b'0'..=b'9' => digits.push(byte - b'0'),
                b'.' if point.is_none() => point = Some(digits.len()),
                b'e' | b'E' => break,
                _ => return None,
            }
            rest = others;
        }
        let exponent = match rest {
            [] => 0,
            [_, exponent @ ..] => whole(exponent)?,
        };
        let point = point.unwrap_or(digits.len()) as i32;
        (!digits.is_empty()).then(|| Self::new(digits, point.saturating_add(exponent)))
    }

    /// All digits of a finite number above 0.
    fn exactly(number: f32) -> Self {
        let (mantissa, exponent) = parts(number.to_bits());
        // With a negative exponent: mantissa · 2^exponent = mantissa · 5^-exponent · 10^exponent.
        let mut whole = Natural::from(mantissa);
        whole.multiply_by_power(if exponent < 0 { 5 } else { 2 }, exponent.unsigned_abs());
        let digits = whole.into_digits();
        let point = digits.len() as i32 + exponent.min(0);
        Self { point, ..Self::new(digits, 0) }
    }

    /// The nearest `f32`.
    fn nearest(&self) -> f32 {
        // Beyond these all numbers round to 0 and to infinity.
        if self.digits.is_empty() || self.point < -46 {
            return 0.0;
        }
        if self.point > 39 {
            return f32::INFINITY;
        }
        let (mut least, mut most) = (0, INFINITY);
        while least < most {
            let middle = (least + most) / 2;
            let is_beyond = match self.compare_with_end_of(middle) {
                Ordering::Less => false,
                Ordering::Equal => middle % 2 == 1,
                Ordering::Greater => true,
            };
            (least, most) = if is_beyond { (middle + 1, most) } else { (least, middle) };
        }
        f32::from_bits(least)
    }

    /// Compares with the middle between the number of these bits and the next one.
    fn compare_with_end_of(&self, bits: u32) -> Ordering {
        let (mantissa, exponent) = parts(bits);
        let (tens, twos) = (self.point - self.digits.len() as i32, exponent - 1);
        let mut this = Natural::from_digits(&self.digits);
        let mut end = Natural::from(2 * mantissa + 1);
        for (base, power) in [(10, tens), (2, -twos)] {
            let larger = if power > 0 { &mut this } else { &mut end };
            larger.multiply_by_power(base, power.unsigned_abs());
        }
        this.cmp(&end)
    }

    /// As few of the digits as give `number`, of which these are all.
    fn shortened(self, number: f32) -> Self {
        for count in 1..self.digits.len().min(MOST_SHORTEST + 1) {
            let below = Self::new(self.digits[..count].to_vec(), self.point);
            let above = self.rounded_up(count);
            let candidates = if self.digits[count] < 5 { [below, above] } else { [above, below] };
            if let Some(found) = candidates.into_iter().find(|candidate| candidate.nearest() == number) {
                return found;
            }
        }
        self
    }

    /// The least number with so many digits that is greater.
    fn rounded_up(&self, count: usize) -> Self {
        let mut digits = vec![0];
        digits.extend_from_slice(&self.digits[..count]);
        let last = digits.iter().rposition(|&digit| digit < 9).unwrap_or(0);
        digits.truncate(last + 1);
        digits[last] += 1;
        Self::new(digits, self.point + 1)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if self.point <= 0 {
            text.push_str("0.");
            text.extend((self.point..0).map(|_| '0'));
        }
        for (at, &digit) in self.digits.iter().enumerate() {
            if at > 0 && at as i32 == self.point {
                text.push('.');
            }
            text.push(char::from(b'0' + digit));
        }
        text.extend((self.digits.len() as i32..self.point).map(|_| '0'));
        text
    }
}

/// A number as `mantissa · 2^exponent`, from its bits without the sign.
fn parts(bits: u32) -> (u32, i32) {
    match (bits >> 23, bits & 0x7f_ffff) {
        (0, mantissa) => (mantissa, -149),
        (exponent, mantissa) => (mantissa | 1 << 23, exponent as i32 - 150),
    }
}

/// A whole number with an optional sign. Those that do not fit are as large as one can be.
fn whole(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let digit = |number: i32, byte: &u8| {
        byte.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(i32::from(byte - b'0')))
    };
    let magnitude = digits.iter().try_fold(0, digit)?;
    (!digits.is_empty()).then_some(sign * magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_read_as_the_library_does(text: &str) -> bool {
        let found = read_f32(text).map(f32::to_bits);
        let expected = text.parse::<f32>().ok().map(f32::to_bits);
        found == expected
    }

    #[test]
    fn texts_are_numbers_or_refused_as_the_library_has_it() {
        for text in [
            "",
            ".",
            "-",
            "+",
            "e5",
            "1e",
            "1e+",
            "1_0",
            "1.2.3",
            " 1",
            "1 ",
            "0x1",
            "−1",
            "١",
            "5.",
            ".5",
            "+.5e-3",
            "-0",
            "-0e9",
            "inf",
            "-Infinity",
            "-Inf1nity",
            "NaN",
            "1e99999999999",
            "1e-99999999999",
            "0e99999999999",
            "3.4028235e38",
            "3.4028235677973366e38",
            "3.4028236e38",
            "1e-45",
            "7.0064923216240853e-46",
            "7.0064923216240854e-46",
            "0.000000000000000000000000000000000000000000001",
            "16777217",
            "16777219",
            "16777217.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        ] {
            assert!(is_read_as_the_library_does(text), "{text}");
        }
        assert!(is_read_as_the_library_does(&format!("16777217.{}1", "0".repeat(2 * MOST_DIGITS))));
    }

    #[test]
    fn powers_of_two_are_written_as_the_library_does() {
        for exponent in 0..255 {
            for bits in [exponent << 23, (exponent << 23) + 1, (exponent << 23) | 0x7f_ffff] {
                let number = f32::from_bits(bits);
                assert_eq!(shortest(number), number.to_string());
            }
        }
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, 0.0005, -123_456.79, f32::MAX] {
            assert_eq!(shortest(number), number.to_string());
        }
    }

    proptest! {
        #[test]
        fn any_number_is_written_as_the_library_does_and_read_back(bits: u32) {
            let number = f32::from_bits(bits);
            let text = shortest(number);
            prop_assert_eq!(&text, &number.to_string());
            prop_assert!(is_read_as_the_library_does(&text));
            let scientific = format!("{number:e}");
            prop_assert!(is_read_as_the_library_does(&scientific));
        }

        #[test]
        fn any_decimal_is_read_as_the_library_does(text in "[+-]?[0-9]{0,12}(\\.[0-9]{0,40})?([eE][+-]?[0-9]{1,2})?") {
            prop_assert!(is_read_as_the_library_does(&text), "{}", text);
        }

        #[test]
        fn the_middle_of_two_numbers_is_read_as_the_even_one(bits in 0..INFINITY - 1) {
            let [number, next] = [bits, bits + 1].map(|bits| f64::from(f32::from_bits(bits)));
            // Exact: there is room for every digit.
            let middle = format!("{:.160}", (number + next) / 2.0);
            prop_assert!(is_read_as_the_library_does(&middle));
            let beyond = middle + "1";
            prop_assert!(is_read_as_the_library_does(&beyond));
        }
    }
}
