//! Serialises `Vec<f32>` as one block of little-endian bytes, for `#[serde(with = "floats")]`: a snapshot's
//! half a million numbers then cost a copy, not half a million calls.

use serde::{Deserializer, Serializer, de::Error};

/// Writes the floats as bytes.
pub fn serialize<S: Serializer>(floats: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
    // Every target of this project is little-endian; the check costs nothing and says so.
    const { assert!(cfg!(target_endian = "little")) };
    serializer.serialize_bytes(bytemuck::cast_slice(floats))
}

/// Reads them back; fails when the block is no whole number of floats.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f32>, D::Error> {
    let bytes: &[u8] = serde_bytes::deserialize(deserializer)?;
    if !bytes.len().is_multiple_of(size_of::<f32>()) {
        return Err(D::Error::invalid_length(bytes.len(), &"a multiple of 4 bytes"));
    }
    Ok(bytemuck::allocation::pod_collect_to_vec(bytes))
}
