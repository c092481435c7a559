//! The compute pipelines: each is put together from pieces of WGSL, and none knows how large a network is.

use super::layout::{CELLS, LANES, MEMBERS, MOST_LAYERS};
use latent_core::training::adam::{BETA_1, BETA_2, EPSILON};
use wgpu::{
    BindGroupLayout, BindGroupLayoutDescriptor, BindGroupLayoutEntry, BindingType, BufferBindingType,
    ComputePipeline, ComputePipelineDescriptor, Device, PipelineLayoutDescriptor, ShaderModuleDescriptor,
    ShaderSource, ShaderStages,
};

/// A pass; `wgsl/` has what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// Images to the first layer's outputs.
    ForwardFromPixels,
    /// A layer's inputs to its outputs.
    Forward,
    /// The last layer's inputs to the error and its gradient.
    Compare,
    /// Codes to lists of who bends where; this and the next five are a linear decoder's.
    Choose,
    /// ... to the bases at the centres of cells.
    Bases,
    /// ... to the error and its gradient.
    Images,
    /// ... to its sums by image and by cell.
    Moments,
    /// ... to the last layer's weights.
    Units,
    /// ... and to those of the layers on both sides of the code.
    AroundCode,
    /// A layer's output gradient to its input gradient.
    Backward,
    /// The first layer's weights.
    UpdateFirst,
    /// All other layers' weights.
    UpdateOthers,
    /// The sum of the squared errors.
    Loss,
}

macro_rules! wgsl {
    ($($name:literal),*) => { &[$(include_str!(concat!("wgsl/", $name, ".wgsl"))),*] };
}

impl Kernel {
    const ALL: [Self; 13] = [
        Self::ForwardFromPixels,
        Self::Forward,
        Self::Compare,
        Self::Choose,
        Self::Bases,
        Self::Images,
        Self::Moments,
        Self::Units,
        Self::AroundCode,
        Self::Backward,
        Self::UpdateFirst,
        Self::UpdateOthers,
        Self::Loss,
    ];

    fn pieces(self) -> &'static [&'static str] {
        match self {
            Self::ForwardFromPixels => {
                wgsl!["product", "two_blocks", "one_layer", "from_pixels", "forward", "keep"]
            }
            Self::Forward => {
                wgsl!["product", "four_blocks", "one_layer", "from_activations", "forward", "keep"]
            }
            Self::Compare => {
                wgsl!["product", "four_blocks", "one_layer", "from_activations", "forward", "compare"]
            }
            Self::Backward => wgsl!["product", "four_blocks", "one_layer", "backward"],
            Self::Choose => wgsl!["linear", "choose"],
            Self::Bases => wgsl!["linear", "member", "of_units", "bases"],
            Self::Images => wgsl!["linear", "member", "of_units", "images"],
            Self::Moments => wgsl!["linear", "member", "of_images", "moments"],
            Self::Units => wgsl!["linear", "member", "of_images", "units", "adam"],
            Self::AroundCode => wgsl!["linear", "around_code", "adam"],
            Self::UpdateFirst => wgsl!["product", "two_blocks", "gradient", "adam", "of_first_layer"],
            Self::UpdateOthers => wgsl!["product", "four_blocks", "gradient", "adam", "of_other_layers"],
            Self::Loss => wgsl!["loss"],
        }
    }

    fn source(self) -> String {
        let mut constants = format!(
            "const ONE_MINUS_BETA_1 = {:?};\nconst ONE_MINUS_BETA_2 = {:?};\nconst EPSILON = {EPSILON:?};\n",
            1.0 - BETA_1,
            1.0 - BETA_2
        );
        let sizes = [("LANES", LANES), ("MOST_LAYERS", MOST_LAYERS), ("CELLS", CELLS), ("MEMBERS", MEMBERS)];
        constants.extend(sizes.map(|(name, size)| format!("const {name} = {size}u;\n")));
        let common = include_str!("wgsl/common.wgsl");
        [&[constants.as_str(), common], self.pieces()].concat().join("\n")
    }
}

/// Every pass, compiled, and what they all bind.
pub(super) struct Pipelines {
    pub(super) bindings: BindGroupLayout,
    pipelines: [ComputePipeline; Kernel::ALL.len()],
}

impl Pipelines {
    pub(super) fn new(device: &Device) -> Self {
        let bindings = bindings(device);
        let layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 0,
        });
        let pipelines = Kernel::ALL.map(|kernel| {
            let label = format!("{kernel:?}");
            let module = device.create_shader_module(ShaderModuleDescriptor {
                label: Some(&label),
                source: ShaderSource::Wgsl(kernel.source().into()),
            });
            device.create_compute_pipeline(&ComputePipelineDescriptor {
                label: Some(&label),
                layout: Some(&layout),
                module: &module,
                entry_point: Some("main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
        });
        Self { bindings, pipelines }
    }

    pub(super) fn of(&self, kernel: Kernel) -> &ComputePipeline {
        &self.pipelines[kernel as usize]
    }
}

/// What `wgsl/common.wgsl` declares.
fn bindings(device: &Device) -> BindGroupLayout {
    let uniform = |dynamic| (BufferBindingType::Uniform, dynamic);
    let storage = |read_only| (BufferBindingType::Storage { read_only }, false);
    let kinds = [
        uniform(true),
        uniform(true),
        uniform(false),
        storage(true),
        storage(true),
        storage(false),
        storage(false),
        storage(false),
        storage(false),
        storage(false),
    ];
    let entries = (0..).zip(kinds).map(|(binding, (ty, has_dynamic_offset))| BindGroupLayoutEntry {
        binding,
        visibility: ShaderStages::COMPUTE,
        count: None,
        ty: BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
    });
    let entries: Vec<_> = entries.collect();
    device.create_bind_group_layout(&BindGroupLayoutDescriptor { label: None, entries: &entries })
}
