//! The CPU engine of networks with one hidden layer on each side of the code: trainer, helpers and explorer. It is what a visit
//! of the tutorial loads, and has no kernels of other models.

fn main() {
    #[cfg(target_family = "wasm")]
    latent_worker::programs::serve_cpu::<latent_cpu::ColumnParallelTrainer, latent_cpu::ColumnParallelNetwork>(
    );
}
