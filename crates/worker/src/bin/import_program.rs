//! The import program: makes sets of a person's own images and stores them in the browser.

fn main() {
    #[cfg(target_family = "wasm")]
    latent_worker::importer::serve();
}
