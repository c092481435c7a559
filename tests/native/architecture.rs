//! No program carries what it does not need. Which crate may use which is in each crate's Cargo.toml.

use latent_tests::path;
use std::process::Command;

#[test]
fn only_the_burn_engine_holds_burn_and_no_engine_holds_leptos() {
    const PAGE: &[&str] = &["-p", "latent-playground"];
    const CPU: &[&str] = &["-p", "latent-worker"];
    const WEBGPU: &[&str] = &["-p", "latent-worker", "--features", "webgpu_engine"];
    const BURN: &[&str] = &["-p", "latent-worker", "--features", "burn_engine"];
    for (program, without) in [
        (PAGE, "burn"),
        (PAGE, "latent-cpu"),
        (CPU, "burn"),
        (CPU, "leptos"),
        (WEBGPU, "burn"),
        (BURN, "leptos"),
    ] {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
            .args(["--target", "wasm32-unknown-unknown"])
            .args(program)
            .current_dir(path(""))
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8(tree.stdout).unwrap();
        let held = tree.lines().find(|line| line.split(' ').next() == Some(without));
        assert_eq!(held, None, "{program:?}");
    }
}
