//! A layer of the lowered list as the kernels read it.

use super::geometry::Geometry;
use crate::{activation::Activation, panels::PanelLayout, simd::Simd};
use latent_core::model::{Layer, LayerKind, Role};
use std::ops::Range;

/// A layer, and where its weights lie.
#[derive(Clone, Debug)]
pub(super) struct LayerPlan {
    pub(super) kind: Kind,
    pub(super) role: Role,
    pub(super) source: Source,
    /// Values that it gives for an image.
    pub(super) outputs: usize,
    /// Values that it reads for an image.
    pub(super) inputs: usize,
    pub(super) activation: Activation,
    /// The kernel as a matrix: of a convolution and its transpose `[row, column, channel of the large map]` by channels of the
    /// small map.
    pub(super) kernel_rows: usize,
    pub(super) kernel_columns: usize,
    /// Values of the bias.
    pub(super) channels: usize,
    pub(super) kernel: Range<usize>,
    pub(super) bias: Range<usize>,
}

/// What a layer computes.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Dense,
    Convolution(Geometry),
    Transpose(Geometry),
    /// The number is that of the dropout layer, from 0.
    Dropout {
        number: u32,
        rate: f32,
    },
}

/// What a layer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The image.
    Image,
    /// The values of the layer with this number.
    Layer(usize),
    /// The code that was drawn from a distribution.
    Code,
}

impl LayerPlan {
    pub(super) fn new<F: Simd>(
        layer: &Layer,
        source: Source,
        start: usize,
        dropouts: &mut impl Iterator<Item = u32>,
    ) -> Self {
        let kind = match layer.kind {
            LayerKind::Dense => Kind::Dense,
            LayerKind::Conv2d(convolution) => Kind::Convolution(Geometry::new(convolution)),
            LayerKind::Conv2dTranspose(convolution) => Kind::Transpose(Geometry::new(convolution)),
            LayerKind::Dropout { rate, .. } => {
                Kind::Dropout { number: dropouts.next().unwrap_or_default(), rate }
            }
        };
        let [kernel_rows, kernel_columns, channels] = match &kind {
            Kind::Dense => [layer.inputs, layer.outputs, layer.outputs],
            Kind::Convolution(it) => [it.kernel_rows(), it.small().channels, it.small().channels],
            Kind::Transpose(it) => [it.kernel_rows(), it.small().channels, it.large().channels],
            Kind::Dropout { .. } => [0; 3],
        };
        let kernel = start..start + kernel_columns.next_multiple_of(F::PANEL) * kernel_rows;
        let bias = kernel.end..kernel.end + channels.next_multiple_of(F::PANEL);
        let (role, activation) = (layer.role, layer.function.into());
        let (inputs, outputs) = (layer.inputs, layer.outputs);
        Self {
            kind,
            role,
            source,
            outputs,
            inputs,
            activation,
            kernel_rows,
            kernel_columns,
            channels,
            kernel,
            bias,
        }
    }

    /// Whether it has a kernel and a bias.
    pub(super) fn has_weights(&self) -> bool {
        !matches!(self.kind, Kind::Dropout { .. })
    }

    /// Whether the kernel is read transposed: by a dense layer or a convolution on the way back, if anything before it has a
    /// gradient, and by a transposed convolution on the way forward.
    pub(super) fn is_read_transposed(&self) -> bool {
        match self.kind {
            Kind::Dense | Kind::Convolution(_) => self.source != Source::Image,
            Kind::Transpose(_) => true,
            Kind::Dropout { .. } => false,
        }
    }

    /// How the kernel lies in memory.
    pub(super) fn layout<F: Simd>(&self) -> PanelLayout {
        PanelLayout {
            rows: self.kernel_rows,
            columns: self.kernel_columns,
            width: F::PANEL,
            stride: self.kernel_rows,
        }
    }
}
