//! The layers of a network with one hidden layer on each side of its code.

/// From the image to the encoder's hidden layer.
pub(super) const FIRST: usize = 0;
/// From there to the code.
pub(super) const TO_CODE: usize = 1;
/// From the code to the decoder's hidden layer.
pub(super) const FROM_CODE: usize = 2;
/// From there to the reconstruction.
pub(super) const OUTPUT: usize = 3;
