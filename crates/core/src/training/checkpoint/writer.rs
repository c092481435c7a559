//! Writes safetensors files.
//!
//! The crate would put the metadata in an order that changes from run to run, and the same model should make the same
//! file.

use super::{
    CheckpointError, MOST_BYTES,
    container::{Element, LENGTH, MOST_HEADER_BYTES, Notes},
    sorted_map::SortedMap,
};

/// A tensor to be written.
pub(super) struct Tensor<'a> {
    name: String,
    shape: Vec<usize>,
    dtype: &'static str,
    bytes: &'a [u8],
}

impl<'a> Tensor<'a> {
    /// The tensor of that name with these values, of which there are as many as `shape` has places.
    pub(super) fn new<T: Element>(name: impl Into<String>, shape: &[usize], values: &'a [T]) -> Self {
        let bytes = bytemuck::cast_slice(values);
        Self { name: name.into(), shape: shape.to_vec(), dtype: T::DTYPE, bytes }
    }
}

/// Whether so many bytes of tensors and their header fit into a file.
pub(super) fn check_size(bytes: u64) -> Result<(), CheckpointError> {
    let most = (MOST_BYTES - MOST_HEADER_BYTES) as u64;
    if bytes > most { Err(CheckpointError::TooLarge(bytes)) } else { Ok(()) }
}

/// The file with these tensors, in this order. (The largest numbers should come first, so that all are aligned.)
pub(super) fn write(notes: &Notes, tensors: &[Tensor<'_>]) -> Result<Vec<u8>, CheckpointError> {
    check_size(tensors.iter().map(|tensor| tensor.bytes.len() as u64).sum())?;
    // Put together by hand: serde_json's values would add 10 kB to every engine.
    let notes = notes.iter().map(|(key, text)| format!("{}:{}", quoted(key), quoted(text)));
    let mut entries = SortedMap::default();
    entries.insert("__metadata__".into(), format!("{{{}}}", notes.collect::<Vec<_>>().join(",")));
    let mut end = 0;
    for Tensor { name, shape, dtype, bytes } in tensors {
        let (begin, shape) = (end, shape.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
        end += bytes.len();
        let entry = format!(r#"{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[{begin},{end}]}}"#);
        entries.insert(name.clone(), entry);
    }
    let entries = entries.iter().map(|(name, entry)| format!("{}:{entry}", quoted(name)));
    let mut header = format!("{{{}}}", entries.collect::<Vec<_>>().join(",")).into_bytes();
    header.resize(header.len().next_multiple_of(LENGTH), b' ');
    let mut file = Vec::with_capacity(LENGTH + header.len() + end);
    file.extend((header.len() as u64).to_le_bytes());
    file.extend(header);
    tensors.iter().for_each(|tensor| file.extend(tensor.bytes));
    Ok(file)
}

/// Text as JSON has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\0'..='\x1f' => quoted.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
