//! The analysis program: looks at codes and draws strokes.

fn main() {
    #[cfg(target_family = "wasm")]
    latent_worker::analysis::serve();
}
