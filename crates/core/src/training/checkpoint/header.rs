//! The header of a safetensors file: what tensors there are, where they lie, and the notes beside them.

use super::{
    container::{Element, Notes},
    json::{Json, JsonError},
};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The entry that is no tensor.
const NOTES: &str = "__metadata__";

/// Why a header is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(super) enum HeaderError {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error("its header names “{0}” twice")]
    Twice(String),
    #[error("its header lacks something of “{0}”")]
    Incomplete(String),
    #[error("the place of “{0}” has not the size of its shape")]
    Size(String),
    #[error("there are gaps between its tensors, or they overlap")]
    Gap,
    #[error("its tensors should take {announced} bytes and take {found}")]
    Length { announced: usize, found: usize },
}

/// What a file's header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) notes: Notes,
    pub(super) tensors: BTreeMap<String, TensorPlace>,
}

/// A tensor of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TensorPlace {
    /// The kind of its numbers.
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    /// Where its first byte lies among those of all tensors, and where it ends.
    pub(super) bytes: [usize; 2],
}

impl Header {
    /// Reads a header before so many bytes of tensors.
    pub(super) fn parse(text: &[u8], data: usize) -> Result<Self, HeaderError> {
        let mut header = Self::default();
        let mut json = Json::new(text);
        let mut has_notes = false;
        json.object(|json, name| match name.as_str() {
            NOTES if has_notes => Err(HeaderError::Twice(name)),
            NOTES => {
                has_notes = true;
                header.take_notes(json)
            }
            _ => header.take_tensor(json, name),
        })?;
        json.end()?;
        header.check(data)?;
        Ok(header)
    }

    fn take_notes(&mut self, json: &mut Json<'_>) -> Result<(), HeaderError> {
        if json.null() {
            return Ok(());
        }
        json.object(|json, name| {
            let note = json.string()?;
            self.notes.insert(name, note);
            Ok(())
        })
    }

    fn take_tensor(&mut self, json: &mut Json<'_>, name: String) -> Result<(), HeaderError> {
        let (mut dtype, mut shape, mut bytes) = (None, None, None);
        json.object(|json, key| {
            match key.as_str() {
                "dtype" => dtype = Some(json.string()?),
                "shape" => shape = Some(json.whole_numbers()?),
                "data_offsets" => bytes = json.whole_numbers()?.try_into().ok(),
                _ => json.skip()?,
            }
            Ok::<_, HeaderError>(())
        })?;
        let (Some(dtype), Some(shape), Some(bytes)) = (dtype, shape, bytes) else {
            return Err(HeaderError::Incomplete(name));
        };
        if self.tensors.contains_key(&name) {
            return Err(HeaderError::Twice(name));
        }
        self.tensors.insert(name, TensorPlace { dtype, shape, bytes });
        Ok(())
    }

    /// Whether the tensors lie behind each other and fill the file.
    fn check(&self, data: usize) -> Result<(), HeaderError> {
        let mut places = BTreeSet::new();
        for (name, tensor) in &self.tensors {
            let [start, end] = tensor.bytes;
            if !tensor.has_size(end.checked_sub(start)) {
                return Err(HeaderError::Size(name.clone()));
            }
            if !places.insert((start, end)) && start < end {
                return Err(HeaderError::Gap);
            }
        }
        let mut filled = 0;
        for (start, end) in places {
            if start != filled {
                return Err(HeaderError::Gap);
            }
            filled = end;
        }
        if filled == data { Ok(()) } else { Err(HeaderError::Length { announced: filled, found: data }) }
    }
}

impl TensorPlace {
    /// Whether its shape takes so many bytes. Tensors of numbers that are not read may have any size.
    fn has_size(&self, bytes: Option<usize>) -> bool {
        let values = self.shape.iter().try_fold(1, |values: usize, &side| values.checked_mul(side));
        let of_each = [(f32::DTYPE, size_of::<f32>()), (i64::DTYPE, size_of::<i64>())];
        match of_each.into_iter().find(|(dtype, _)| *dtype == self.dtype) {
            Some((_, size)) => bytes.is_some() && values.and_then(|values| values.checked_mul(size)) == bytes,
            None => bytes.is_some() && values.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::Index};
    use safetensors::tensor::Metadata;

    /// What the crate `safetensors` reads of a header before so many bytes of tensors.
    fn by_the_crate(text: &[u8], data: usize) -> Option<Header> {
        let read: Metadata = serde_json::from_slice(text).ok()?;
        let places = read.tensors().into_iter().map(|(name, info)| {
            let (dtype, shape) = (info.dtype.to_string(), info.shape.clone());
            (name, TensorPlace { dtype, shape, bytes: info.data_offsets.into() })
        });
        let mut notes = Notes::default();
        read.metadata().iter().flatten().for_each(|(name, note)| notes.insert(name.clone(), note.clone()));
        (read.data_len() == data).then(|| Header { notes, tensors: places.collect() })
    }

    /// A header, and how many bytes its tensors take.
    fn headers() -> impl Strategy<Value = (String, usize)> {
        let name = "[a-z.\"\\\\\n\u{1}é😀]{1,6}";
        let tensor = (name, prop_oneof![Just(("F32", 4)), Just(("I64", 8))], vec(0usize..4, 0..3));
        let notes = proptest::option::of(proptest::collection::btree_map(name, name, 0..3));
        (vec(tensor, 0..5), notes, any::<bool>()).prop_map(|(tensors, notes, backwards)| {
            let quoted = |text: &str| serde_json::to_string(text).unwrap();
            let mut end = 0;
            let mut entries: Vec<_> = tensors
                .iter()
                .enumerate()
                .map(|(at, (name, (dtype, size), shape))| {
                    let start = end;
                    end += size * shape.iter().product::<usize>();
                    let name = quoted(&format!("{name}{at}"));
                    format!("{name} : {{\"dtype\":\"{dtype}\",\"shape\":{shape:?}, \"data_offsets\":[{start},{end}]}}")
                })
                .collect();
            if backwards {
                entries.reverse();
            }
            let notes = notes.map(|notes| format!("\"__metadata__\":{}", serde_json::to_string(&notes).unwrap()));
            entries.extend(notes);
            (format!("{{{}}}\n  ", entries.join(",")), end)
        })
    }

    proptest! {
        #[test]
        fn a_header_reads_as_the_crate_reads_it((text, data) in headers()) {
            let expected = by_the_crate(text.as_bytes(), data);
            prop_assert!(expected.is_some(), "{}", text);
            prop_assert_eq!(Header::parse(text.as_bytes(), data).ok(), expected);
            prop_assert!(Header::parse(text.as_bytes(), data + 1).is_err());
        }

        #[test]
        fn a_damaged_header_is_refused_where_the_crate_refuses_it(
            (text, data) in headers(),
            damage in vec((any::<Index>(), prop_oneof![proptest::sample::select(b"{}[]\",:\\0189-. untrl\x80".to_vec()), any::<u8>()]), 1..4),
        ) {
            let mut text = text.into_bytes();
            for (at, byte) in damage {
                let at = at.index(text.len());
                text[at] = byte;
            }
            let (found, expected) = (Header::parse(&text, data), by_the_crate(&text, data));
            let is_read = |header: &Header| header.tensors.values().all(|place| ["F32", "I64"].contains(&&*place.dtype));
            match &found {
                // The crate takes the last one.
                Err(HeaderError::Twice(_)) => {}
                // Numbers that no tensor of a model is made of are refused later.
                Ok(header) if !is_read(header) => {}
                _ => prop_assert_eq!(found.ok(), expected),
            }
        }
    }

    #[test]
    fn what_a_tensor_says_besides_is_passed_over() {
        let text =
            r#"{"a":{"x":[{"y":"]}"},-1.5e3,null],"dtype":"F32","shape":[1],"data_offsets":[0,4],"z":true}}"#;
        assert_eq!(Header::parse(text.as_bytes(), 4).ok(), by_the_crate(text.as_bytes(), 4));
        let deep = format!(r#"{{"a":{{"x":{}"#, "[".repeat(100_000));
        assert!(matches!(Header::parse(deep.as_bytes(), 0), Err(HeaderError::Json(_))));
    }

    #[test]
    fn escapes_are_characters() {
        let text = r#"{"__metadata__":{"\u0041\ud83d\ude00\/":"\b\f\n\r\t\"\\"}}"#;
        assert_eq!(Header::parse(text.as_bytes(), 0).ok(), by_the_crate(text.as_bytes(), 0));
        for text in
            [r#""\ud83d""#, r#""\ud83dx""#, r#""\ud83d\u0041""#, r#""\ude00""#, r#""\u00g0""#, r#""\x""#]
        {
            let text = format!(r#"{{"__metadata__":{{"a":{text}}}}}"#);
            assert!(Header::parse(text.as_bytes(), 0).is_err(), "{text}");
            assert_eq!(by_the_crate(text.as_bytes(), 0), None, "{text}");
        }
    }
}
