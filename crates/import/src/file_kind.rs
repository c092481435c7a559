//! What a file is, by its first bytes and its name, and what it holds.

use crate::{
    array::Content,
    cifar, idx, npy,
    picture::{self, Format},
    table,
};

/// What is in a file.
pub(crate) enum FileKind {
    /// A picture, not yet read.
    Picture(Format),
    /// Arrays.
    Array(Content),
}

/// What a file holds; the reason, if it is nothing that belongs to a set.
pub(crate) fn read(path: &str, bytes: &[u8]) -> Result<FileKind, String> {
    let start = &bytes[..bytes.len().min(512)];
    if let Some(names) = cifar::class_names(path, bytes) {
        return Ok(FileKind::Array(names));
    }
    let array = if npy::is_npy(start) {
        Some(npy::read(bytes))
    } else if idx::is_idx(start) {
        Some(idx::read(bytes))
    } else if cifar::is_batch(path, bytes) {
        Some(Ok(cifar::read(bytes)))
    } else {
        None
    };
    if let Some(array) = array {
        return array.map(FileKind::Array).map_err(|error| error.to_string());
    }
    match picture::format_of(start) {
        Some(format) => return format.map(FileKind::Picture).map_err(|error| error.to_string()),
        None if table::is_table(path, start) => {}
        None if bytes.is_empty() => return Err("it is empty".into()),
        None => return Err("it is no picture, table or array that is read".into()),
    }
    table::read(bytes).map(FileKind::Array).map_err(|error| error.to_string())
}
