//! The small engine, without Burn: trainer on the CPU, and explorer.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        use latent_playground::{engine::worker, kernels::cpu::CpuTrainer, protocol::Role};

        console_error_panic_hook::set_once();
        let serving = match worker::role() {
            Some(Role::Explorer) => worker::explore(),
            _ => worker::train::<CpuTrainer>(String::new(), false),
        };
        serving.unwrap_or_else(|error| web_sys::console::error_1(&error));
    }
}
