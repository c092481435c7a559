//! The kinds of numbers that settings are, as text.

use super::{read_decimal, read_whole, shortest};

/// A number that can be a setting.
pub(crate) trait Number: PartialOrd + Sized {
    /// What it is called, with its article.
    const KIND: &'static str;
    /// How it is to be written, where a text says such a number in another way: an end of the sentence.
    fn form(_: &str) -> &'static str {
        ""
    }
    /// Reads a number.
    fn read(text: &str) -> Option<Self>;
    /// The number as text that [`Number::read`] reads.
    fn text(&self) -> String;
}

impl Number for f32 {
    const KIND: &str = "a number";

    fn read(text: &str) -> Option<Self> {
        read_decimal(text)
    }

    fn text(&self) -> String {
        shortest(*self)
    }
}

macro_rules! whole {
    ($($kind:ty)*) => {$(
        impl Number for $kind {
            const KIND: &str = "a whole number";

            fn form(text: &str) -> &'static str {
                whole_form(text)
            }

            fn read(text: &str) -> Option<Self> {
                read_whole(text)
            }

            fn text(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

/// Whether it is a whole number of another form, such as `1e3` or `20.0`.
fn whole_form(text: &str) -> &'static str {
    let is_decimal = text.contains(['e', 'E', '.', ',']);
    match read_decimal(text).filter(|number| is_decimal && number.fract() == 0.0) {
        Some(_) => ", written in digits alone",
        None => "",
    }
}

whole!(u32 u64 usize);
