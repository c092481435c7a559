//! What a column block contributes on the way back through the code.

/// What a block adds to the gradients on both sides of the code, and to the error.
#[derive(Clone, Default)]
pub(super) struct BackwardSums {
    /// The gradient at the code, the images in the regions' order: `[rows / PANEL, units, PANEL]`.
    pub(super) code: Vec<f32>,
    /// That of the kernel from the code, laid out as the kernel.
    pub(super) kernel: Vec<f32>,
    /// And of its bias.
    pub(super) bias: Vec<f32>,
    /// The sum of the losses of all pixels.
    pub(super) loss: f64,
}

impl BackwardSums {
    /// Adds nothing.
    pub(super) fn clear(&mut self) {
        [&mut self.code, &mut self.kernel, &mut self.bias].into_iter().for_each(|sums| sums.fill(0.0));
        self.loss = 0.0;
    }
}
