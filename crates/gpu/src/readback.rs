//! Reads numbers back from the device: one buffer that can be mapped, as large as was ever needed.

use super::{device::Gpu, errors::failed};
use futures_channel::oneshot;
use latent_core::training::TrainerError;
use wgpu::{Buffer, BufferDescriptor, BufferUsages, CommandEncoder, Device, MapMode};

/// Bytes of a number.
pub(super) const FLOAT: usize = size_of::<f32>();

/// A buffer to read from.
#[derive(Default)]
pub(super) struct Readback(Option<Buffer>);

impl Readback {
    /// Whether so many numbers fit into the buffer.
    pub(super) fn holds(&self, numbers: usize) -> bool {
        self.0.as_ref().is_some_and(|buffer| buffer.size() >= (FLOAT * numbers) as u64)
    }

    /// Makes the buffer large enough for so many numbers.
    pub(super) fn reserve(&mut self, device: &Device, numbers: usize) {
        if !self.holds(numbers) {
            let usage = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
            let size = (FLOAT * numbers.next_power_of_two()) as u64;
            let descriptor = BufferDescriptor { label: None, size, usage, mapped_at_creation: false };
            self.0 = Some(device.create_buffer(&descriptor));
        }
    }

    /// Encodes the copy of `numbers` numbers, from number `from` of `source` to number `to` of this buffer.
    pub(super) fn copy(
        &self,
        encoder: &mut CommandEncoder,
        source: &Buffer,
        from: usize,
        to: usize,
        numbers: usize,
    ) {
        if let Some(buffer) = &self.0 {
            let [from, to, size] = [from, to, numbers].map(|numbers| (FLOAT * numbers) as u64);
            encoder.copy_buffer_to_buffer(source, from, buffer, to, size);
        }
    }

    /// The first `numbers` numbers, once all work submitted so far is done.
    pub(super) async fn read(&self, gpu: &Gpu, numbers: usize) -> Result<Vec<f32>, TrainerError> {
        let Some(buffer) = &self.0 else { return Ok(Vec::new()) };
        let range = 0..(FLOAT * numbers) as u64;
        let (done, wait) = oneshot::channel();
        buffer.map_async(MapMode::Read, range.clone(), move |result| drop(done.send(result)));
        gpu.until_reported(wait).await?.map_err(failed)?.map_err(failed)?;
        let values = bytemuck::pod_collect_to_vec(&buffer.get_mapped_range(range).map_err(failed)?);
        buffer.unmap();
        Ok(values)
    }
}
