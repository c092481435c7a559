//! The small engine, without Burn: trainer on the CPU, its helpers, and explorer.

fn main() {
    #[cfg(target_family = "wasm")]
    {
        use latent_protocol::Role;
        use latent_worker::{
            team::{self, TeamTrainer},
            worker,
        };

        console_error_panic_hook::set_once();
        let serving = match worker::role() {
            Some(Role::Explorer) => worker::explore(),
            Some(Role::Helper) => team::help(),
            _ => worker::train::<TeamTrainer>(String::new(), false),
        };
        serving.unwrap_or_else(|error| web_sys::console::error_1(&error));
    }
}
