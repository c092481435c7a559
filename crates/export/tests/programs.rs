//! The texts of programs: three runs in each dialect as files, to be read, and what holds for all of them.
//!
//! `UPDATE=1 cargo test -p latent-export` writes the files again. `make test-code` runs programs.

use latent_core::{dialect::Dialect, link::Link, model::presets, settings::Settings, weights::tensor_shapes};
use latent_export::code::program;
use std::{fs, path::Path};

fn settings(fragment: &str) -> Settings {
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, []);
    link.settings
}

/// Runs that have everything between them.
fn runs() -> [(&'static str, Settings); 3] {
    let own = format!("data=own-{}-24x20x3-450-50", "ab".repeat(32));
    let rare = format!(
        "{own}&encoder=conv6k4s2,dropout0.25,dense12&code=3&activation=tanh&output=sigmoid&loss=mse-sum\
         &corruption=masking0.3&lr=0.002,0.0005@30&shuffle=0&epochs=5&batch=32"
    );
    [
        ("tutorial", Settings::default()),
        ("variational_convolutional", presets::ALL[5].settings()),
        ("rare", settings(&rare)),
    ]
}

fn ending(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Keras => "keras.py",
        Dialect::PyTorch => "pytorch.py",
        Dialect::Burn => "burn.rs",
    }
}

#[test]
fn programs_are_those_of_the_files() {
    for (name, settings) in runs() {
        for dialect in Dialect::ALL {
            let file = format!("{name}.{}", ending(dialect));
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(&file);
            let text = program(&settings, dialect).unwrap() + "\n";
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&path, &text).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert!(text == expected, "{file} is another text: UPDATE=1 cargo test -p latent-export");
        }
    }
}

#[test]
fn every_program_names_each_layer_with_weights_and_has_no_gap() {
    let all = presets::ALL.iter().map(|preset| preset.settings()).chain(runs().map(|(_, settings)| settings));
    for settings in all {
        for dialect in Dialect::ALL {
            let text = program(&settings, dialect).unwrap();
            assert!(!text.contains(['«', '»', '\t']), "{text}");
            assert!(!text.lines().any(|line| line.ends_with(' ')), "{text}");
            for (tensor, _) in tensor_shapes(&settings.model) {
                let (layer, _) = tensor.split_once('.').unwrap();
                assert!(text.contains(layer), "{layer} in {dialect:?}");
            }
        }
    }
}

#[test]
fn numbers_of_the_run_are_in_every_program() {
    let settings =
        settings("images=5000&batch=77&epochs=13&seed=18446744073709551615&lr=0.00007&slope=0.125");
    for dialect in Dialect::ALL {
        let text = program(&settings, dialect).unwrap();
        for number in ["5000", "77", "13", "18446744073709551615", "7e-5", "0.125"] {
            assert!(text.contains(number), "{number} in {dialect:?}");
        }
    }
}

#[test]
fn settings_beyond_their_limits_are_refused() {
    let settings = Settings { batch: 0, ..Settings::default() };
    assert!(Dialect::ALL.iter().all(|&dialect| program(&settings, dialect).is_err()));
}
