//! The CPU engine of every model: trainer, helpers and explorer.

fn main() {
    #[cfg(target_family = "wasm")]
    latent_worker::programs::serve_cpu::<latent_cpu::CpuTrainer, latent_cpu::CpuNetwork>();
}
