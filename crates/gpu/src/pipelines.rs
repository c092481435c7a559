//! The compute pipelines: compiled when a network first needs them, and then shared by all networks of a device.

use super::{
    errors::{ErrorScopes, failed},
    kernel::Kernel,
};
use latent_core::training::TrainerError;
use std::sync::{Mutex, PoisonError};
use wgpu::{
    BindGroupLayout, BindGroupLayoutDescriptor, BindGroupLayoutEntry, BindingType, BufferBindingType,
    ComputePipeline, ComputePipelineDescriptor, Device, PipelineCompilationOptions, PipelineLayout,
    PipelineLayoutDescriptor, ShaderModuleDescriptor, ShaderSource, ShaderStages,
};

/// A kernel, and the blocks of the images that it is compiled for.
type Key = (Kernel, usize);

/// The pipelines of a device so far, and the bindings that they all have.
pub(super) struct PipelineCache {
    pub(super) bindings: BindGroupLayout,
    layout: PipelineLayout,
    compiled: Mutex<Vec<(Key, ComputePipeline)>>,
}

/// The pipelines that one network needs.
pub(super) struct Pipelines(Vec<(Kernel, ComputePipeline)>);

impl PipelineCache {
    pub(super) fn new(device: &Device) -> Self {
        let bindings = bindings(device);
        let layout = device.create_pipeline_layout(&PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 0,
        });
        Self { bindings, layout, compiled: Mutex::default() }
    }

    /// The pipelines of these kernels, for images of so many blocks. Compiles those that are new. Fails when the device
    /// does not take one of them.
    pub(super) async fn get(
        &self,
        device: &Device,
        kernels: &[Kernel],
        image_blocks: usize,
    ) -> Result<Pipelines, TrainerError> {
        let missing = kernels.iter().filter(|&&kernel| self.find((kernel, image_blocks)).is_none());
        let missing: Vec<_> = missing.map(|&kernel| (kernel, image_blocks)).collect();
        if !missing.is_empty() {
            let scopes = ErrorScopes::open(device);
            // Browsers compile all of them behind these calls, which return at once.
            let new: Vec<_> = missing.into_iter().map(|key| (key, self.compile(device, key))).collect();
            scopes.close().await?;
            self.compiled.lock().unwrap_or_else(PoisonError::into_inner).extend(new);
        }
        let found = kernels.iter().map(|&kernel| {
            let pipeline = self.find((kernel, image_blocks));
            let pipeline = pipeline.ok_or_else(|| failed(format!("{kernel:?} was not compiled")))?;
            Ok((kernel, pipeline))
        });
        found.collect::<Result<_, _>>().map(Pipelines)
    }

    fn find(&self, key: Key) -> Option<ComputePipeline> {
        let compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.iter().find(|(compiled, _)| *compiled == key).map(|(_, pipeline)| pipeline.clone())
    }

    fn compile(&self, device: &Device, (kernel, image_blocks): Key) -> ComputePipeline {
        let label = format!("{kernel:?}");
        let module = device.create_shader_module(ShaderModuleDescriptor {
            label: Some(&label),
            source: ShaderSource::Wgsl(kernel.source(image_blocks).into()),
        });
        device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: Some(&label),
            layout: Some(&self.layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: PipelineCompilationOptions::default(),
            cache: None,
        })
    }
}

impl Pipelines {
    /// The pipeline of a kernel. Panics if the network was said not to need it.
    pub(super) fn of(&self, kernel: Kernel) -> &ComputePipeline {
        let found = self.0.iter().find(|(own, _)| *own == kernel);
        let (_, pipeline) = found.unwrap_or_else(|| panic!("{kernel:?} is in no pass of this network"));
        pipeline
    }
}

/// The bindings that `wgsl/common.wgsl` declares.
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
