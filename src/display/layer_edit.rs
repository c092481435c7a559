//! Edits of the encoder's layers: each gives the layers that the model would have, as the setting's text.

use super::field_text::refusal;
use latent_core::{
    model::LayerSpec,
    settings::{Field, Settings},
};

/// What can be done to a layer in the diagram.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerEdit {
    /// Takes the layer at this index away.
    Remove(usize),
    /// Puts another layer in the place of the one at this index.
    Replace(usize, LayerSpec),
    /// Puts a layer before the one at this index, or behind the last.
    Insert(usize, LayerSpec),
    /// Reads one of a layer's numbers from what was entered.
    Number {
        /// The layer's index.
        at: usize,
        /// Which of its numbers.
        number: usize,
        /// What was entered.
        text: String,
    },
}

/// The settings with this edit. An error says why there is no such model.
pub fn edited(settings: &Settings, edit: LayerEdit) -> Result<String, String> {
    let mut model = settings.model.clone();
    let layers = &mut model.encoder;
    match edit {
        LayerEdit::Remove(at) if at < layers.len() => drop(layers.remove(at)),
        LayerEdit::Replace(at, layer) if at < layers.len() => layers[at] = layer,
        LayerEdit::Insert(at, layer) if at <= layers.len() => layers.insert(at, layer),
        LayerEdit::Number { at, number, text } if at < layers.len() => {
            let read = layers[at].read_number(Field::Hidden, number, &text);
            read.map_err(|error| format!("{}.", refusal(Field::Hidden, &error)))?;
        }
        _ => return Err("There is no such layer.".into()),
    }
    model.check().map_err(|error| format!("{error}."))?;
    Ok(Settings { model, ..settings.clone() }.get(Field::Hidden))
}

/// The layer that is suggested when one is added at this index: half as wide as the layer before it, and a convolution as long
/// as the layers before it are convolutions.
pub fn suggested(layers: &[LayerSpec], at: usize) -> LayerSpec {
    match layers[..at.min(layers.len())].last() {
        Some(&LayerSpec::Conv2d { filters, kernel, stride }) => {
            LayerSpec::Conv2d { filters: (filters * 2).min(64), kernel, stride }
        }
        Some(&LayerSpec::Dense { units }) => LayerSpec::Dense { units: (units / 2).max(1) },
        Some(LayerSpec::Dropout { .. }) | None => LayerSpec::Dense { units: 128 },
    }
}

/// A layer of a kind, named as in a menu. It keeps the size of the layer that it replaces where the two have one.
pub fn of_kind(kind: &str, before: LayerSpec) -> LayerSpec {
    match (kind, before) {
        ("convolution", LayerSpec::Conv2d { .. }) | ("dropout", LayerSpec::Dropout { .. }) => before,
        ("convolution", _) => LayerSpec::Conv2d { filters: 8, kernel: 3, stride: 2 },
        ("dropout", _) => LayerSpec::Dropout { rate: 0.2 },
        (_, LayerSpec::Dense { .. }) => before,
        _ => LayerSpec::Dense { units: 128 },
    }
}

/// The name of a layer's kind in a menu.
pub fn kind(layer: LayerSpec) -> &'static str {
    match layer {
        LayerSpec::Dense { .. } => "dense",
        LayerSpec::Conv2d { .. } => "convolution",
        LayerSpec::Dropout { .. } => "dropout",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENSE: LayerSpec = LayerSpec::Dense { units: 64 };

    fn after(layers: &str, edit: LayerEdit) -> Result<String, String> {
        let mut settings = Settings::default();
        settings.set(Field::Hidden, layers).unwrap();
        edited(&settings, edit)
    }

    #[test]
    fn layers_are_added_changed_and_removed() {
        assert_eq!(after("300", LayerEdit::Insert(1, DENSE)), Ok("300,64".into()));
        assert_eq!(after("300", LayerEdit::Insert(0, DENSE)), Ok("64,300".into()));
        assert_eq!(after("300,64", LayerEdit::Remove(0)), Ok("64".into()));
        let number = |number, text: &str| LayerEdit::Number { at: 0, number, text: text.into() };
        assert_eq!(after("conv8k3s2,dense16", number(1, "5")), Ok("conv8k5s2,dense16".into()));
        assert_eq!(
            after("conv8k3s2,dense16", number(2, "3")),
            Err("“3” is not a stride from 1 to 2.".into())
        );
        assert_eq!(
            after("300,dropout0.2", LayerEdit::Number { at: 1, number: 0, text: " 0,5 ".into() }),
            Ok("dense300,dropout0.5".into())
        );
        assert_eq!(after("300", LayerEdit::Replace(0, LayerSpec::Dense { units: 310 })), Ok("310".into()));
    }

    #[test]
    fn an_edit_that_leaves_no_model_is_refused_with_a_sentence() {
        for (layers, edit) in [
            ("300", LayerEdit::Remove(0)),
            ("300", LayerEdit::Remove(7)),
            ("300", LayerEdit::Insert(1, LayerSpec::Conv2d { filters: 8, kernel: 3, stride: 2 })),
            ("300", LayerEdit::Replace(0, LayerSpec::Dense { units: 0 })),
            ("300", LayerEdit::Number { at: 0, number: 0, text: "-5".into() }),
            ("300", LayerEdit::Number { at: 1, number: 0, text: "5".into() }),
        ] {
            let sentence = after(layers, edit).unwrap_err();
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn every_kind_in_the_menu_is_the_kind_that_it_makes() {
        for name in ["dense", "convolution", "dropout"] {
            assert_eq!(kind(of_kind(name, DENSE)), name);
            assert_eq!(kind(of_kind(name, LayerSpec::Dropout { rate: 0.5 })), name);
        }
        assert_eq!(of_kind("dense", DENSE), DENSE);
    }

    #[test]
    fn a_suggested_layer_continues_those_before_it() {
        assert_eq!(suggested(&[LayerSpec::Dense { units: 300 }], 1), LayerSpec::Dense { units: 150 });
        assert_eq!(suggested(&[], 0), LayerSpec::Dense { units: 128 });
    }
}
