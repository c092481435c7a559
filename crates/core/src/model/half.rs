//! Builds the layers of one half, one after another.

use super::{Activation, Convolution, Half, Layer, LayerKind, ModelSpec, Role, Shape};

/// The layers of a half so far.
pub(super) struct HalfBuilder<'a> {
    model: &'a ModelSpec,
    half: Half,
    /// What the next layer reads.
    shape: Shape,
    pub(super) layers: Vec<Layer>,
}

impl<'a> HalfBuilder<'a> {
    /// No layers yet, and what the first one reads.
    pub(super) fn new(model: &'a ModelSpec, half: Half, shape: Shape) -> Self {
        Self { model, half, shape, layers: Vec::new() }
    }

    /// Adds a dense layer.
    pub(super) fn dense(&mut self, units: usize, role: Role) {
        let name = self.numbered("dense");
        self.add(name, LayerKind::Dense, Shape::Flat(units), role);
    }

    /// Adds a convolution of the feature map.
    pub(super) fn convolution(&mut self, filters: usize, kernel: usize, stride: usize) {
        // `ModelSpec::check` refuses convolutions behind dense layers.
        if let Shape::Map(large) = self.shape {
            let convolution = Convolution::new(large, filters, kernel, stride);
            let name = self.numbered("conv2d");
            self.add(name, LayerKind::Conv2d(convolution), Shape::Map(convolution.small), Role::Hidden);
        }
    }

    /// Adds a transposed convolution.
    pub(super) fn transpose(&mut self, convolution: Convolution, role: Role) {
        let name = self.numbered("conv2d_transpose");
        self.add(name, LayerKind::Conv2dTranspose(convolution), Shape::Map(convolution.large), role);
    }

    /// Adds dropout.
    pub(super) fn dropout(&mut self, rate: f32) {
        let name = self.numbered("dropout");
        self.add(name, LayerKind::Dropout { rate, shape: self.shape }, self.shape, Role::Hidden);
    }

    /// Adds the two heads of a variational model, which read the same.
    pub(super) fn heads(&mut self, units: usize) {
        let read = self.shape;
        for (name, role) in [("z_mean", Role::Mean), ("z_log_var", Role::LogVariance)] {
            self.shape = read;
            self.add(format!("{}_{name}", self.prefix()), LayerKind::Dense, Shape::Flat(units), role);
        }
    }

    fn add(&mut self, name: String, kind: LayerKind, output: Shape, role: Role) {
        let has_activation = !matches!(kind, LayerKind::Dropout { .. });
        let activation = match role {
            Role::Hidden if !has_activation => Activation::Linear,
            Role::Hidden => self.model.activation,
            Role::Code => self.model.latent_activation(),
            Role::Mean | Role::LogVariance => Activation::Linear,
            Role::Reconstruction => self.model.output,
        };
        let activation_name = match role {
            Role::Hidden if has_activation => {
                let number = 1 + self.layers.iter().filter(|layer| layer.has_weights()).count();
                Some(format!("{}_{}_{number}", self.prefix(), activation.title().to_ascii_lowercase()))
            }
            Role::Code | Role::Reconstruction => Some(format!("{}_output", self.prefix())),
            Role::Hidden | Role::Mean | Role::LogVariance => None,
        };
        self.layers.push(Layer {
            name,
            activation_name,
            activation,
            function: activation.function(self.model.slope),
            half: self.half,
            role,
            kind,
            inputs: self.shape.values(),
            outputs: output.values(),
        });
        self.shape = output;
    }

    /// A name of this kind, with its number within the half.
    fn numbered(&self, kind: &str) -> String {
        let name = |number| format!("{}_{kind}_{number}", self.prefix());
        let taken = |number| self.layers.iter().any(|layer| layer.name == name(number));
        let number = (1..).find(|&number| !taken(number)).unwrap_or_default();
        name(number)
    }

    fn prefix(&self) -> &'static str {
        match self.half {
            Half::Encoder => "encoder",
            Half::Decoder => "decoder",
        }
    }
}
