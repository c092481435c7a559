//! GPU time of each kernel of a training step, for measuring natively: each dispatch in a pass of its own, between two
//! timestamps. Steps take longer than in training, where all dispatches of many steps share a pass.

use super::{
    chunk::{Prepared, Shard},
    device::Gpu,
    errors::failed,
    network::Network,
    readback::{FLOAT, Readback},
    schedule::{Dispatch, Task},
};
use latent_core::training::TrainerError;
use std::collections::BTreeMap;
use wgpu::{
    Buffer, BufferDescriptor, BufferUsages, CommandEncoder, ComputePass, ComputePassDescriptor,
    ComputePassTimestampWrites, Features, QUERY_SET_MAX_QUERIES, QuerySet, QuerySetDescriptor, QueryType,
};

/// What a kernel took.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelTime {
    /// The kernel, as the code names it.
    pub kernel: String,
    /// Its dispatches.
    pub dispatches: usize,
    /// Seconds of all of them on the GPU.
    pub seconds: f64,
}

/// Timestamps around the dispatches of a chunk.
pub(super) struct Timestamps {
    set: QuerySet,
    resolved: Buffer,
    readback: Readback,
    dispatches: Vec<(usize, Dispatch)>,
}

/// Floats of a timestamp of 64 bits.
const FLOATS: usize = 2;

impl Timestamps {
    /// Timestamps for a chunk of training steps.
    ///
    /// Fails where the device has none, or where the chunk has more dispatches than a set of them takes.
    pub(super) fn new(gpu: &Gpu, network: &Network, prepared: &Prepared) -> Result<Self, TrainerError> {
        if !gpu.device.features().contains(Features::TIMESTAMP_QUERY) {
            return Err(failed("this GPU has no timestamps"));
        }
        let of_shard = |(step, shard): (usize, &Shard)| {
            let passes = network.passes(Task::Train, shard.positions.len());
            let update = if shard.is_last { network.update() } else { Vec::new() };
            passes.into_iter().chain(update).map(move |dispatch| (step, dispatch)).collect::<Vec<_>>()
        };
        let dispatches: Vec<_> = prepared.shards.iter().enumerate().flat_map(of_shard).collect();
        let count = 2 * dispatches.len() as u32;
        if count > QUERY_SET_MAX_QUERIES {
            return Err(failed("too many steps for one measurement"));
        }
        let numbers = FLOATS * count as usize;
        let mut readback = Readback::default();
        readback.reserve(&gpu.device, numbers);
        Ok(Self {
            set: gpu.device.create_query_set(&QuerySetDescriptor {
                label: None,
                ty: QueryType::Timestamp,
                count,
            }),
            resolved: gpu.device.create_buffer(&BufferDescriptor {
                label: None,
                size: (FLOAT * numbers) as u64,
                usage: BufferUsages::QUERY_RESOLVE | BufferUsages::COPY_SRC,
                mapped_at_creation: false,
            }),
            readback,
            dispatches,
        })
    }

    /// Encodes every dispatch by `encode`, each in a pass of its own.
    pub(super) fn encode(
        &self,
        encoder: &mut CommandEncoder,
        mut encode: impl FnMut(&mut ComputePass, usize, &Dispatch),
    ) {
        for (at, (step, dispatch)) in self.dispatches.iter().enumerate() {
            let at = 2 * at as u32;
            let timestamp_writes = Some(ComputePassTimestampWrites {
                query_set: &self.set,
                beginning_of_pass_write_index: Some(at),
                end_of_pass_write_index: Some(at + 1),
            });
            let mut pass =
                encoder.begin_compute_pass(&ComputePassDescriptor { label: None, timestamp_writes });
            encode(&mut pass, *step, dispatch);
        }
        let count = 2 * self.dispatches.len();
        encoder.resolve_query_set(&self.set, 0..count as u32, &self.resolved, 0);
        self.readback.copy(encoder, &self.resolved, 0, 0, FLOATS * count);
    }

    /// The time of each kernel, the longest first, once all is done.
    pub(super) async fn read(&self, gpu: &Gpu) -> Result<Vec<KernelTime>, TrainerError> {
        let words = self.readback.read(gpu, FLOATS * 2 * self.dispatches.len()).await?;
        let stamps = words
            .chunks_exact(FLOATS)
            .map(|word| u64::from(word[0].to_bits()) | u64::from(word[1].to_bits()) << 32);
        let stamps: Vec<u64> = stamps.collect();
        let tick_s = f64::from(gpu.queue.get_timestamp_period()) * 1e-9;
        let mut times = BTreeMap::<String, (usize, f64)>::new();
        for ((_, dispatch), stamp) in self.dispatches.iter().zip(stamps.chunks_exact(2)) {
            let (dispatches, seconds) = times.entry(format!("{:?}", dispatch.kernel)).or_default();
            *dispatches += 1;
            *seconds += stamp[1].saturating_sub(stamp[0]) as f64 * tick_s;
        }
        let times = times.into_iter().map(|(kernel, (dispatches, seconds))| KernelTime {
            kernel,
            dispatches,
            seconds,
        });
        let mut times: Vec<_> = times.collect();
        times.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        Ok(times)
    }
}
