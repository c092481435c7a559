//! Reads safetensors files.
//!
//! The crate `safetensors` is not used: its `SafeTensors::deserialize` adds up sizes from the file without a check, and its
//! reader of JSON would be 10 kB of the page's program, compressed. Tests compare what both read.

use super::{
    CheckpointError, MOST_BYTES,
    container::{Element, LENGTH, MOST_HEADER_BYTES, Notes},
    header::{Header, TensorPlace},
};

/// A file whose tensors are taken out one after another.
pub(super) struct Reader<'a> {
    header: Header,
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
        let header = Header::parse(header, data.len()).map_err(damaged)?;
        Ok(Self { header, data, taken: Vec::new() })
    }

    /// The notes beside the tensors.
    pub(super) fn notes(&self) -> &Notes {
        &self.header.notes
    }

    /// The shape of a tensor, if it is there.
    pub(super) fn shape(&self, tensor: &str) -> Option<&[usize]> {
        self.header.tensors.get(tensor).map(|place| place.shape.as_slice())
    }

    /// The names of all tensors.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.header.tensors.keys()
    }

    /// Whether a tensor's name begins so.
    pub(super) fn has_any(&self, prefix: &str) -> bool {
        self.names().any(|name| name.starts_with(prefix))
    }

    /// Takes a tensor of this shape.
    pub(super) fn take<T: Element>(
        &mut self,
        tensor: &str,
        shape: &[usize],
    ) -> Result<Vec<T>, CheckpointError> {
        let name = || tensor.to_owned();
        let place = self.header.tensors.get(tensor).ok_or_else(|| CheckpointError::Missing(name()))?;
        let TensorPlace { dtype, shape: found, bytes: [start, end] } = place;
        if dtype != T::DTYPE {
            let (found, expected) = (shortened(dtype), T::DTYPE.into());
            return Err(CheckpointError::Dtype { tensor: name(), found, expected });
        }
        if found != shape {
            let (found, expected) = (found.clone(), shape.to_vec());
            return Err(CheckpointError::Shape { tensor: name(), found, expected });
        }
        let bytes = self.data.get(*start..*end).ok_or_else(|| damaged("a tensor lies outside of it"))?;
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
        let left = self.names().find(|name| !self.taken.contains(name));
        left.map_or(Ok(()), |name| Err(CheckpointError::Unknown(shortened(name))))
    }
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
