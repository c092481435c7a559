//! Names of files that the person saves. They say what a file shows, of which data set, model and run.

use latent_core::settings::{Field, Settings};

/// Characters of a model's layers in a name, at most.
const MOST_LAYERS: usize = 40;
/// Characters of a class in a name, at most.
const MOST_CLASS: usize = 16;

/// The name of a file about the plane: `plane-latent-playground-mnist-300-code-2-seed-1-step-940.png`. Without steps it is of the
/// pretrained network, which has no seed of ours.
pub fn plane_file(what: &str, settings: &Settings, steps: Option<u64>, ending: &str) -> String {
    let data = settings.data.name();
    match steps {
        Some(steps) => {
            let mut layers = settings.get(Field::Hidden).replace(',', "-");
            layers.truncate(MOST_LAYERS);
            let (units, seed) = (settings.model.latent_units(), settings.seed);
            format!("{what}-latent-playground-{data}-{layers}-code-{units}-seed-{seed}-step-{steps}.{ending}")
        }
        None => format!("{what}-latent-playground-{data}-pretrained.{ending}"),
    }
}

/// What a morph between images of these classes shows: `morph-1-to-7`. Without classes it is a morph. Classes may have any names.
pub fn morph(near: &[Option<String>]) -> String {
    // What separates words here, and what file systems refuse.
    let plain = |one: char| if one <= ' ' || "/\\:*?\"<>|".contains(one) { '-' } else { one };
    let short = |name: &String| name.chars().take(MOST_CLASS).map(plain).collect::<String>();
    let names: Option<Vec<_>> = near.iter().map(|name| name.as_ref().map(short)).collect();
    match names.filter(|names| !names.is_empty()) {
        Some(names) => format!("morph-{}", names.join("-to-")),
        None => "morph".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::data::DatasetId;

    #[test]
    fn a_name_says_what_it_shows_of_which_images_model_and_step() {
        let mut settings = Settings { seed: 5, ..Settings::default() };
        assert_eq!(
            plane_file("training-of-plane", &settings, Some(940), "gif"),
            "training-of-plane-latent-playground-mnist-300-code-2-seed-5-step-940.gif"
        );
        assert_eq!(
            plane_file("plane", &settings, None, "png"),
            "plane-latent-playground-mnist-pretrained.png"
        );
        settings.set(Field::Hidden, "512,128").unwrap();
        settings.set(Field::Code, "8").unwrap();
        settings.data = DatasetId::FashionMnist;
        assert_eq!(
            plane_file("codes", &settings, Some(0), "csv"),
            "codes-latent-playground-fashion-mnist-512-128-code-8-seed-5-step-0.csv"
        );
        settings.set(Field::Encoder, "conv32k3s2,conv64k3s2,dense16,dense300,dense200").unwrap();
        assert!(
            plane_file("plane", &settings, Some(1), "png")
                .contains("-conv32k3s2-conv64k3s2-dense16-dense300-d-code-8-")
        );
    }

    #[test]
    fn a_morph_is_named_by_the_classes_that_it_goes_through() {
        let near = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect::<Vec<_>>();
        assert_eq!(morph(&near(&["1", "7"])), "morph-1-to-7");
        assert_eq!(morph(&near(&["T-shirt/top", "Ankle boot"])), "morph-T-shirt-top-to-Ankle-boot");
        assert_eq!(morph(&[Some("1".into()), None]), "morph");
        assert_eq!(morph(&[]), "morph");
        let odd = near(&["../a:b\"", &"ä".repeat(99)]);
        assert_eq!(morph(&odd), format!("morph-..-a-b--to-{}", "ä".repeat(MOST_CLASS)));
    }
}
