//! The kinds of numbers that settings are, as text.

use super::{read_decimal, read_whole, shortest};

/// A number that can be a setting.
pub(crate) trait Number: PartialOrd + Sized {
    /// Reads a number.
    fn read(text: &str) -> Option<Self>;
    /// The number as text that [`Number::read`] reads.
    fn text(&self) -> String;
}

impl Number for f32 {
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
            fn read(text: &str) -> Option<Self> {
                read_whole(text)
            }

            fn text(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

whole!(u32 u64 usize);
