//! The large engine: trainer on the GPU, by our own passes on a device that Burn sets up.

#[cfg(target_family = "wasm")]
unsafe extern "C" {
    // Burn's parts enter themselves in lists before a program starts, by some thousand constructors. Where nobody calls
    // them, the linker puts all of them in front of every function that JavaScript can call: 0.7 ms for each object that
    // passes between the two.
    fn __wasm_call_ctors();
}

fn main() {
    #[cfg(target_family = "wasm")]
    {
        use latent_worker::{canary::Checked, gpu::GpuTrainer, worker};

        // SAFETY: it is called once, before anything else runs here, which is what the linker makes it for.
        unsafe { __wasm_call_ctors() };
        console_error_panic_hook::set_once();
        wasm_bindgen_futures::spawn_local(async {
            match latent_burn::wgpu_device().await {
                Ok(ready) => worker::train::<Checked<GpuTrainer>>(ready.adapter.to_string(), true)
                    .unwrap_or_else(|error| web_sys::console::error_1(&error)),
                Err(error) => worker::refuse(error.to_string()),
            }
        });
    }
}
