//! The engine on the GPU, without Burn: our own compute passes.

fn main() {
    #[cfg(target_family = "wasm")]
    {
        use latent_gpu::{Gpu, Passes};
        use latent_worker::programs;

        programs::begin();
        wasm_bindgen_futures::spawn_local(async {
            match Gpu::request().await {
                Ok(gpu) => {
                    let adapter = gpu.adapter().clone();
                    programs::train_on_gpu::<Passes>(gpu, adapter).await;
                }
                Err(error) => programs::refuse(&error.to_string()),
            }
        });
    }
}
