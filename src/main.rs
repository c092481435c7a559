//! The page (main thread).

fn main() {
    #[cfg(target_family = "wasm")]
    {
        console_error_panic_hook::set_once();
        latent_playground::app::mount();
    }
}
