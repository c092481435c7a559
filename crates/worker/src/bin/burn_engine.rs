//! The engine that runs the models as Burn modules on WebGPU.

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
        use latent_burn::{BurnGpu, BurnTrainer, burn_gpu};
        use latent_worker::programs;

        // SAFETY: it is called once, before anything else runs here, which is what the linker makes it for.
        unsafe { __wasm_call_ctors() };
        programs::begin();
        wasm_bindgen_futures::spawn_local(async {
            match burn_gpu().await {
                Ok(BurnGpu { device, adapter }) => {
                    programs::train_on_gpu::<BurnTrainer>(device, adapter).await
                }
                Err(error) => programs::refuse(&error.to_string()),
            }
        });
    }
}
