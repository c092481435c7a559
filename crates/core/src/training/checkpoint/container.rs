//! Safetensors files: eight bytes of length, a header in JSON, then the numbers of all tensors without a gap.
//!
//! The header is read with the crate's own `Metadata`, which checks every tensor's place and size. Its
//! `SafeTensors::deserialize` is not used: it adds up sizes from the file without a check, and a header made for it
//! overflows there. Files are written here too, since the crate puts the metadata in an order that changes from
//! run to run, and the same model should make the same file.

use super::{CheckpointError, MOST_BYTES};
use safetensors::{Dtype, tensor::Metadata};
use std::collections::BTreeMap;

/// The longest header that is read. That of a deep model with its optimizer has 10 kB.
pub(super) const MOST_HEADER_BYTES: usize = 1_000_000;
/// Bytes that hold the header's length.
const LENGTH: usize = size_of::<u64>();

// Numbers are little-endian in the file, and so is every target of this project.
const _: () = assert!(cfg!(target_endian = "little"));

/// The notes beside the tensors (`__metadata__`).
pub(super) type Notes = BTreeMap<String, String>;

/// A file whose tensors are taken out one after another.
pub(super) struct Reader<'a> {
    header: Metadata,
    data: &'a [u8],
    taken: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Reads the header. [`Reader::finish`] reports tensors that were not taken afterwards.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, CheckpointError> {
        if bytes.len() > MOST_BYTES {
            return Err(CheckpointError::TooLarge(bytes.len() as u64));
        }
        let (length, rest) = bytes.split_first_chunk::<LENGTH>().ok_or_else(|| not_safetensors(bytes))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > MOST_HEADER_BYTES || rest.first() != Some(&b'{') {
            return Err(not_safetensors(bytes));
        }
        let (header, data) =
            rest.split_at_checked(length).ok_or_else(|| damaged("it ends within its header"))?;
        let header: Metadata = serde_json::from_slice(header).map_err(damaged)?;
        if header.data_len() != data.len() {
            let (announced, found) = (header.data_len(), data.len());
            return Err(damaged(format!("its tensors should take {announced} bytes and take {found}")));
        }
        Ok(Self { header, data, taken: Vec::new() })
    }

    /// The notes beside the tensors.
    pub(super) fn notes(&self) -> Notes {
        let mut notes = Notes::new();
        // Collecting would bring a sort along, a kilobyte of every program.
        notes.extend(self.header.metadata().iter().flatten().map(|(key, text)| (key.clone(), text.clone())));
        notes
    }

    /// The shape of a tensor, if it is there.
    pub(super) fn shape(&self, tensor: &str) -> Option<&[usize]> {
        self.header.info(tensor).map(|info| info.shape.as_slice())
    }

    /// The names of all tensors.
    pub(super) fn names(&self) -> Vec<String> {
        self.header.offset_keys()
    }

    /// Whether a tensor's name begins so.
    pub(super) fn has_any(&self, prefix: &str) -> bool {
        self.names().iter().any(|name| name.starts_with(prefix))
    }

    /// Takes a tensor of this shape.
    pub(super) fn take<T: Element>(
        &mut self,
        tensor: &str,
        shape: &[usize],
    ) -> Result<Vec<T>, CheckpointError> {
        let name = || tensor.to_owned();
        let info = self.header.info(tensor).ok_or_else(|| CheckpointError::Missing(name()))?;
        if info.dtype != T::DTYPE {
            let [found, expected] = [info.dtype, T::DTYPE].map(|dtype| dtype.to_string());
            return Err(CheckpointError::Dtype { tensor: name(), found, expected });
        }
        if info.shape != shape {
            let (found, expected) = (info.shape.clone(), shape.to_vec());
            return Err(CheckpointError::Shape { tensor: name(), found, expected });
        }
        let (start, end) = info.data_offsets;
        let bytes = self.data.get(start..end).ok_or_else(|| damaged("a tensor lies outside of it"))?;
        let values = bytemuck::allocation::pod_collect_to_vec(bytes);
        self.taken.push(name());
        Ok(values)
    }

    /// Takes a tensor that is a mere list, if it is there.
    pub(super) fn take_list<T: Element>(&mut self, tensor: &str) -> Result<Vec<T>, CheckpointError> {
        match self.shape(tensor) {
            None => Ok(Vec::new()),
            Some(shape) => {
                let entries = shape.iter().product();
                self.take(tensor, &[entries])
            }
        }
    }

    /// Whether every tensor was taken.
    pub(super) fn finish(self) -> Result<(), CheckpointError> {
        let left = self.names().into_iter().find(|name| !self.taken.contains(name));
        left.map_or(Ok(()), |name| Err(CheckpointError::Unknown(shortened(&name))))
    }
}

/// Numbers that a tensor can hold.
pub(super) trait Element: bytemuck::Pod {
    /// Their name in the file.
    const DTYPE: Dtype;
}

impl Element for f32 {
    const DTYPE: Dtype = Dtype::F32;
}

impl Element for i64 {
    const DTYPE: Dtype = Dtype::I64;
}

/// A tensor to be written.
pub(super) struct Tensor<'a> {
    name: String,
    shape: Vec<usize>,
    dtype: Dtype,
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
    let mut entries = BTreeMap::new();
    entries.insert("__metadata__", format!("{{{}}}", notes.collect::<Vec<_>>().join(",")));
    let mut end = 0;
    for Tensor { name, shape, dtype, bytes } in tensors {
        let (begin, shape) = (end, shape.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
        end += bytes.len();
        let entry = format!(r#"{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[{begin},{end}]}}"#);
        entries.insert(name, entry);
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

/// Text from a file, shortened for a sentence, and without control characters.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}

fn damaged(why: impl ToString) -> CheckpointError {
    CheckpointError::Damaged(why.to_string().chars().take(160).filter(|c| !c.is_control()).collect())
}

/// The error for bytes of another kind, with the kind where it is recognised.
fn not_safetensors(bytes: &[u8]) -> CheckpointError {
    const BEGINNINGS: [(&[u8], &str); 7] = [
        (
            b"version https://git-lfs",
            " but a pointer of Git LFS: the model itself was not downloaded (git lfs pull does so)",
        ),
        (b"PK\x03\x04", " but a zip archive, as Keras' .keras files are"),
        (b"\x89HDF", " but an HDF5 file, as Keras' .h5 files are"),
        (b"\x89PNG", " but an image"),
        (b"\x1f\x8b", " but a gzipped file"),
        (b"<", " but a web page"),
        (b"{", " but JSON"),
    ];
    if bytes.is_empty() {
        return CheckpointError::Empty;
    }
    let text = bytes.trim_ascii_start();
    let seems = BEGINNINGS.iter().find(|(beginning, _)| text.starts_with(beginning));
    CheckpointError::NotSafetensors(seems.map_or("", |(_, kind)| kind))
}
