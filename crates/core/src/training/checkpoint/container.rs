//! Safetensors files: eight bytes of length, a header in JSON, then the numbers of all tensors without a gap.

use super::sorted_map::SortedMap;

/// The longest header that is read. That of a deep model with its optimizer has 10 kB.
pub(super) const MOST_HEADER_BYTES: usize = 1_000_000;
/// Bytes that hold the header's length.
pub(super) const LENGTH: usize = size_of::<u64>();

// Numbers are little-endian in the file, and so is every target of this project.
const _: () = assert!(cfg!(target_endian = "little"));

/// The notes beside the tensors (`__metadata__`).
pub(super) type Notes = SortedMap<String>;

/// Numbers that a tensor can hold.
pub(super) trait Element: bytemuck::Pod {
    /// Their name in the file.
    const DTYPE: &'static str;
}

impl Element for f32 {
    const DTYPE: &'static str = "F32";
}

impl Element for i64 {
    const DTYPE: &'static str = "I64";
}
