//! The large engine: trainer on the GPU, by our own passes on a device that Burn sets up.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        use latent_playground::{
            engine::{canary::Checked, gpu::GpuTrainer, worker},
            training::burn,
        };

        console_error_panic_hook::set_once();
        wasm_bindgen_futures::spawn_local(async {
            match burn::wgpu_device().await {
                Ok(ready) => worker::train::<Checked<GpuTrainer>>(ready.adapter.to_string(), true)
                    .unwrap_or_else(|error| web_sys::console::error_1(&error)),
                Err(error) => worker::refuse(error.to_string()),
            }
        });
    }
}
