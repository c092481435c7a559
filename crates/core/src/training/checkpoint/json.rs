//! Reads JSON (RFC 8259) piece by piece, as far as headers of model files have it. A general reader would also bring the
//! reading of floats along: 2 kB of tables that gzip can't compress.

use thiserror::Error;

/// How deep values that are passed over may lie within each other.
const MOST_DEPTH: usize = 64;

/// The text is not the JSON that is expected.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("its header can't be read from byte {0} on")]
pub(super) struct JsonError(usize);

/// A text, and where it is read.
pub(super) struct Json<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Json<'a> {
    /// Reads a text from its start.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Reads an object. `take` gets each name, and has to read the value after it.
    pub(super) fn object<E: From<JsonError>>(
        &mut self,
        mut take: impl FnMut(&mut Self, String) -> Result<(), E>,
    ) -> Result<(), E> {
        self.list(b'{', b'}', |json| {
            let name = json.string()?;
            json.expect(b':')?;
            take(json, name)
        })
    }

    /// Reads an array of whole numbers.
    pub(super) fn whole_numbers(&mut self) -> Result<Vec<usize>, JsonError> {
        let mut numbers = Vec::new();
        self.list(b'[', b']', |json| {
            numbers.push(json.whole_number()?);
            Ok::<_, JsonError>(())
        })?;
        Ok(numbers)
    }

    /// Reads a string.
    pub(super) fn string(&mut self) -> Result<String, JsonError> {
        self.expect(b'"')?;
        let mut string = Vec::new();
        loop {
            match self.next()? {
                b'"' => return String::from_utf8(string).map_err(|_| self.error()),
                b'\\' => {
                    let letter = self.escaped()?;
                    string.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..=0x1f => return Err(self.error()),
                byte => string.push(byte),
            }
        }
    }

    /// Reads `null`, if that is next.
    pub(super) fn null(&mut self) -> bool {
        self.peek();
        let is_null = self.text[self.at..].starts_with(b"null");
        self.at += if is_null { 4 } else { 0 };
        is_null
    }

    /// Passes over any value.
    pub(super) fn skip(&mut self) -> Result<(), JsonError> {
        self.skip_within(MOST_DEPTH)
    }

    /// Reads the end of the text.
    pub(super) fn end(&mut self) -> Result<(), JsonError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.error()) }
    }

    fn skip_within(&mut self, depth: usize) -> Result<(), JsonError> {
        let deeper = depth.checked_sub(1).ok_or(self.error());
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'[') => self.list(b'[', b']', |json| json.skip_within(deeper?)),
            Some(b'{') => self.object(|json, _| json.skip_within(deeper?)),
            _ => {
                // A number or a word.
                let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                let length = self.text[self.at..].iter().take_while(is_part).count();
                self.at += length;
                if length > 0 { Ok(()) } else { Err(self.error()) }
            }
        }
    }

    /// Reads entries with commas between them.
    fn list<E: From<JsonError>>(
        &mut self,
        open: u8,
        close: u8,
        mut entry: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(open)?;
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            entry(self)?;
            self.peek();
            match self.next()? {
                b',' => {}
                byte if byte == close => return Ok(()),
                _ => return Err(self.error().into()),
            }
        }
    }

    fn whole_number(&mut self) -> Result<usize, JsonError> {
        self.peek();
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&self.text[self.at..self.at + digits]).unwrap_or_default();
        let number = number.parse().map_err(|_| self.error())?;
        // A number does not begin with 0 unless it is 0.
        if digits > 1 && self.text[self.at] == b'0' {
            return Err(self.error());
        }
        self.at += digits;
        Ok(number)
    }

    /// The character after a backslash.
    fn escaped(&mut self) -> Result<char, JsonError> {
        Ok(match self.next()? {
            letter @ (b'"' | b'\\' | b'/') => letter.into(),
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hexadecimal()?;
                let code = match high {
                    0xd800..0xdc00 if self.next()? == b'\\' && self.next()? == b'u' => {
                        let low = self.hexadecimal()?.wrapping_sub(0xdc00);
                        if low < 0x400 { 0x1_0000 + (((high - 0xd800) << 10) | low) } else { high }
                    }
                    _ => high,
                };
                char::from_u32(code).ok_or(self.error())?
            }
            _ => return Err(self.error()),
        })
    }

    /// Four hexadecimal digits.
    fn hexadecimal(&mut self) -> Result<u32, JsonError> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()?).to_digit(16);
            number = 16 * number + digit.ok_or(self.error())?;
        }
        Ok(number)
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return Err(self.error());
        }
        self.at += 1;
        Ok(())
    }

    /// The next byte that is not white space, which stays to be read.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        let spaces = rest.iter().take_while(|byte| b" \n\r\t".contains(byte)).count();
        self.at += spaces;
        rest.get(spaces).copied()
    }

    fn next(&mut self) -> Result<u8, JsonError> {
        let byte = *self.text.get(self.at).ok_or(self.error())?;
        self.at += 1;
        Ok(byte)
    }

    fn error(&self) -> JsonError {
        JsonError(self.at)
    }
}
