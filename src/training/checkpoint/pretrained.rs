//! The pretrained decoder: what the page shows before anything is trained. A safetensors file of the tutorial's network
//! after its 20 epochs, as `make pretrained` makes it:
//!
//! | tensor | shape | |
//! |---|---|---|
//! | `decoder_dense_1.kernel`, `decoder_dense_1.bias`, `decoder_dense_2.bias` | as in Keras | F32 |
//! | `decoder_dense_2.kernel` | `[300, 784]` | I8: in steps |
//! | `decoder_dense_2.step` | `[1]` | F32: what 1 stands for |
//! | `codes` | `[n, 2]` | F32: where the encoder put the first `n` test digits |
//! | `labels` | `[n]` | U8: what they are |
//!
//! One step for all of the kernel, and not one for each column, because of gzip: a column of the image's edge then holds
//! little but zeros, and the file packs to four fifths. docs/measurements.md says what the rounding costs.

use super::{
    CheckpointError,
    container::{self, Element, Reader, Tensor, shortened},
};
use crate::{
    network::{Dense, Weights},
    settings::{Architecture, TEST_IMAGES},
};
use safetensors::Dtype;

/// The note that tells the form of the file.
const MARK: (&str, &str) = ("latent_playground_pretrained", "1");
const CODES: &str = "codes";
const LABELS: &str = "labels";

/// The decoder, and test digits with their codes.
#[derive(Clone, Debug, PartialEq)]
pub struct Pretrained {
    /// The tutorial's network. The encoder is not in the file: there its weights are zeros.
    pub weights: Weights,
    /// Where the encoder put the first test digits: `[digits, 2]`.
    pub codes: Vec<f32>,
    /// What they are, 0 to 9: `[digits]`.
    pub labels: Vec<u8>,
}

impl Element for i8 {
    const DTYPE: Dtype = Dtype::I8;
}

impl Element for u8 {
    const DTYPE: Dtype = Dtype::U8;
}

impl Pretrained {
    /// The file's bytes: the same for the same decoder. The last kernel is rounded.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        self.check()?;
        let Some([first, last]) = self.weights.layers.last_chunk() else { return Err(unsound("no layers")) };
        let (units, digits) = (first.bias.len(), self.labels.len());
        let largest = last.kernel.iter().fold(f32::MIN_POSITIVE, |largest, weight| largest.max(weight.abs()));
        let step = [largest / f32::from(i8::MAX)];
        let rounded: Vec<_> = last.kernel.iter().map(|weight| (weight / step[0]).round() as i8).collect();
        let named = |layer: &Dense, part: &str| format!("{}.{part}", layer.name);
        let tensors = [
            Tensor::new(named(first, "kernel"), &[first.kernel.len() / units, units], &first.kernel),
            Tensor::new(named(first, "bias"), &[units], &first.bias),
            Tensor::new(named(last, "bias"), &[last.bias.len()], &last.bias),
            Tensor::new(named(last, "step"), &[1], &step),
            Tensor::new(CODES, &[digits, self.codes.len() / digits.max(1)], &self.codes),
            Tensor::new(named(last, "kernel"), &[units, last.bias.len()], &rounded),
            Tensor::new(LABELS, &[digits], &self.labels),
        ];
        container::write(&[(MARK.0.into(), MARK.1.into())].into(), &tensors)
    }

    /// Reads a file of [`Pretrained::to_bytes`]. Takes any bytes and trusts none of them.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let mut file = Reader::open(bytes)?;
        let (mark, expected) = MARK;
        match file.notes().get(mark) {
            None => return Err(CheckpointError::MissingNote(mark)),
            Some(version) if version == expected => {}
            Some(found) => return Err(CheckpointError::Version { found: shortened(found), expected }),
        }
        let architecture = Architecture::default();
        let mut weights = Weights::zeros(&architecture);
        if let Some([first, last]) = weights.layers.last_chunk_mut() {
            let (units, pixels) = (first.bias.len(), last.bias.len());
            first.kernel = file.take(&format!("{}.kernel", first.name), &[architecture.code, units])?;
            first.bias = file.take(&format!("{}.bias", first.name), &[units])?;
            last.bias = file.take(&format!("{}.bias", last.name), &[pixels])?;
            let step = file.take::<f32>(&format!("{}.step", last.name), &[1])?[0];
            let rounded: Vec<i8> = file.take(&format!("{}.kernel", last.name), &[units, pixels])?;
            last.kernel = rounded.into_iter().map(|weight| f32::from(weight) * step).collect();
        }
        let labels: Vec<u8> = file.take_list(LABELS)?;
        let codes = file.take(CODES, &[labels.len(), architecture.code])?;
        file.finish()?;
        let pretrained = Self { weights, codes, labels };
        pretrained.check()?;
        Ok(pretrained)
    }

    fn check(&self) -> Result<(), CheckpointError> {
        let architecture = Architecture::default();
        self.weights.check(&architecture)?;
        let digits = self.labels.len();
        if digits > TEST_IMAGES || self.codes.len() != digits * architecture.code {
            return Err(unsound("it has not a code for each label"));
        }
        if !self.codes.iter().all(|value| value.is_finite()) {
            return Err(unsound("a code is not finite"));
        }
        if self.labels.iter().any(|&label| label > 9) {
            return Err(unsound("a label is no digit"));
        }
        Ok(())
    }
}

fn unsound(why: &'static str) -> CheckpointError {
    CheckpointError::Pretrained(why)
}
