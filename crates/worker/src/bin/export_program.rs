//! The export program: makes what leaves the page, such as programs, pictures and QR codes.

fn main() {
    #[cfg(target_family = "wasm")]
    latent_worker::exporter::serve();
}
