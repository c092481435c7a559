//! The small engine, without Burn: trainer on the CPU, its helpers, and the explorer.

fn main() {
    #[cfg(target_family = "wasm")]
    {
        use latent_protocol::Role;
        use latent_worker::{
            parallel::{self, ParallelTrainer, Workers},
            programs,
            session::EngineSetup,
        };

        let train = |context| {
            programs::train::<ParallelTrainer>(EngineSetup {
                context,
                device: String::new(),
                compiles: false,
            })
        };
        let serving = match programs::begin() {
            Some(Role::Explorer) => programs::explore(),
            Some(Role::Helper) => parallel::help(),
            Some(Role::Trainer { workers, is_asked }) => train(Workers { count: workers, is_asked }),
            None => train(Workers::default()),
        };
        serving.unwrap_or_else(|error| web_sys::console::error_1(&error));
    }
}
