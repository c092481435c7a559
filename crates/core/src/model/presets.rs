//! Models to choose from, each as the part of a link that describes it.

use super::ModelSpec;
use crate::{link::Link, settings::Settings};

/// A model to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in a list.
    pub name: &'static str,
    /// The settings in which it differs from the defaults, as in a link.
    pub fragment: &'static str,
}

const fn preset(name: &'static str, fragment: &'static str) -> Preset {
    Preset { name, fragment }
}

/// Every preset. The first is the default.
pub const ALL: [Preset; 8] = [
    // keras.io's tutorial by Ahmed Gad
    preset("Tutorial", ""),
    preset("Deep", "hidden=512,128"),
    preset("More codes", "code=8"),
    preset("Convolutional", "encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid"),
    preset(
        "Variational dense",
        "hidden=512&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=128&lr=0.001",
    ),
    // https://keras.io/examples/generative/vae/
    preset(
        "Variational convolutional",
        "encoder=conv32k3s2,conv64k3s2,dense16&variational=1&activation=relu&output=sigmoid&loss=bce-sum&batch=128\
         &lr=0.001",
    ),
    preset("Denoising", "corruption=gaussian0.4"),
    preset("Dropout", "encoder=dense300,dropout0.2"),
];

impl Preset {
    /// The settings of its link.
    pub fn settings(&self) -> Settings {
        Link::parse(self.fragment).0.settings
    }

    /// Its model.
    pub fn model(&self) -> ModelSpec {
        self.settings().model
    }
}

/// The preset that a model is, for images of any shape, if it is one.
pub fn of(model: &ModelSpec) -> Option<&'static Preset> {
    let is_model = |preset: &&Preset| ModelSpec { input: model.input, ..preset.model() }.trains_as(model);
    ALL.iter().find(is_model)
}

/// The model of a link, which must have no mistake.
#[cfg(test)]
pub(crate) fn model(fragment: &str) -> ModelSpec {
    let (link, problems) = crate::link::Link::parse(fragment);
    assert_eq!(problems, []);
    link.settings.model
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::ImageShape, settings::Field};

    #[test]
    fn every_preset_is_a_link_that_reads_back() {
        for preset in ALL {
            let (link, problems) = Link::parse(preset.fragment);
            assert_eq!((problems, link.settings.check()), (vec![], Ok(())), "{}", preset.name);
            let written = link.to_fragment();
            assert_eq!(Link::parse(&written).0, link, "{}: {written}", preset.name);
        }
        assert_eq!(Link::parse(ALL[0].fragment).0, Link::default());
    }

    #[test]
    fn every_preset_is_found_by_its_model_alone() {
        let input = ImageShape { height: 24, width: 20, channels: 3 };
        for preset in &ALL {
            assert_eq!(of(&preset.model()), Some(preset));
            assert_eq!(of(&ModelSpec { input, ..preset.model() }), Some(preset));
        }
        let mut settings = ALL[6].settings();
        settings.batch = 17;
        assert_eq!(of(&settings.model), Some(&ALL[6]));
        for (field, value) in
            [(Field::Corruption, "gaussian0.5"), (Field::Code, "3"), (Field::Loss, "mse-sum")]
        {
            let mut settings = ALL[6].settings();
            settings.set(field, value).unwrap();
            assert_eq!(of(&settings.model), None, "{}", field.key());
        }
    }

    #[test]
    fn presets_have_the_parameters_of_the_models_that_they_stand_for() {
        let parameters = |at: usize| model(ALL[at].fragment).parameters();
        assert_eq!(parameters(0), 472_986);
        // 13,842 + 5,905, 403,972 + 403,728 and 69,076 + 65,089: bench/models.
        assert_eq!([parameters(3), parameters(4), parameters(5)], [19_747, 807_700, 134_165]);
        assert_eq!([parameters(6), parameters(7)], [472_986; 2]);
    }
}
