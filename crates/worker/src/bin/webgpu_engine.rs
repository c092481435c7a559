//! The large engine: trainer on the GPU, by our own passes on a device that Burn sets up.

#[cfg(target_family = "wasm")]
unsafe extern "C" {
    // Burn's parts register themselves before a program starts, by some thousand constructors. Where nothing calls them,
    // the linker puts all of them in front of every function that JavaScript can call: 0.7 ms for each object that
    // passes between the two.
    fn __wasm_call_ctors();
}

fn main() {
    #[cfg(target_family = "wasm")]
    {
        use latent_worker::{first_step_check::Checked, gpu::GpuTrainer, programs, session::EngineSetup};

        // SAFETY: it is called once, before anything else runs here, which is what the linker makes it for.
        unsafe { __wasm_call_ctors() };
        programs::begin();
        wasm_bindgen_futures::spawn_local(async {
            let context = match latent_burn::wgpu_device().await {
                Ok(ready) => ready,
                Err(error) => return programs::refuse(&error.to_string()),
            };
            let device = context.adapter.to_string();
            programs::train::<Checked<GpuTrainer>>(EngineSetup { context, device, compiles: true })
                .unwrap_or_else(|error| web_sys::console::error_1(&error));
        });
    }
}
