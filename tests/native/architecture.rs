//! The rooms depend on each other in one direction only (ARCHITECTURE.md): what stands above never names what
//! stands below, and no program carries what it doesn't need.

use std::{fs, path::Path, process::Command};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Each room, and what its sources must not name.
const FORBIDDEN: [(&str, &[&str]); 11] = [
    ("settings.rs", &["crate::", "web_sys", "burn"]),
    ("random.rs", &["crate::", "web_sys", "burn"]),
    ("data", &["crate::network", "crate::training", "crate::kernels", "web_sys", "burn::"]),
    ("network", &["crate::training", "crate::kernels", "crate::engine", "crate::app", "web_sys", "leptos"]),
    ("kernels", &["crate::engine", "crate::protocol", "crate::app", "web_sys", "burn::"]),
    ("training", &["crate::engine", "crate::protocol", "crate::app", "web_sys", "leptos"]),
    ("plane", &["crate::network", "crate::engine", "crate::app", "crate::kernels", "web_sys", "leptos"]),
    ("protocol", &["crate::engine", "crate::app", "crate::kernels", "web_sys", "leptos"]),
    ("display", &["crate::engine", "crate::app", "crate::kernels", "web_sys", "leptos"]),
    ("engine", &["crate::app", "crate::display", "leptos"]),
    ("app", &["crate::engine", "crate::kernels", "crate::network::autoencoder", "burn::"]),
];

#[test]
fn rooms_depend_in_one_direction_only() {
    for (room, forbidden) in FORBIDDEN {
        for (file, source) in sources(&Path::new(ROOT).join("src").join(room)) {
            for name in forbidden {
                let told = source
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .find(|line| line.contains(name));
                assert_eq!(told, None, "{file} names {name}");
            }
        }
    }
}

#[test]
fn the_page_and_the_cpu_engine_hold_no_burn_and_the_engines_no_leptos() {
    let programs = [("app", "burn"), ("worker", "burn"), ("worker", "leptos"), ("worker,wgpu", "leptos")];
    for (features, without) in programs {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
            .args(["--target", "wasm32-unknown-unknown", "--features", features])
            .current_dir(ROOT)
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8(tree.stdout).unwrap();
        let held = tree.lines().find(|line| line.split(' ').next() == Some(without));
        assert_eq!(held, None, "features {features}");
    }
}

fn sources(room: &Path) -> Vec<(String, String)> {
    if room.is_dir() {
        return fs::read_dir(room).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect();
    }
    vec![(room.display().to_string(), fs::read_to_string(room).unwrap())]
}
