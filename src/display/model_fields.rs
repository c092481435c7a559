//! Parts of a model's settings that have a field of their own in the form: the rate of dropout within the encoder's layers,
//! and the strength of a corruption.

use latent_core::{
    math::{read_decimal, shortest},
    settings::{Field, Settings},
};

const DROPOUT: &str = "dropout";
const NONE: &str = "none";

/// The rates of the encoder's dropout, each once; 0 where it has none.
pub fn dropout_rate(settings: &Settings) -> String {
    let layers = settings.get(Field::Hidden);
    let mut rates: Vec<&str> = Vec::new();
    for rate in layers.split(',').filter_map(|layer| layer.strip_prefix(DROPOUT)) {
        if !rates.contains(&rate) {
            rates.push(rate);
        }
    }
    if rates.is_empty() { "0".into() } else { rates.join(", ") }
}

/// The encoder with dropout of this rate: where it has dropout, else behind its last layer. A rate of 0 takes it away.
pub fn with_dropout_rate(settings: &Settings, rate: &str) -> String {
    let layers = settings.get(Field::Hidden);
    let is_dropout = |layer: &str| layer.starts_with(DROPOUT);
    let dropout = match read_decimal(rate) {
        Some(0.0) => None,
        Some(rate) => Some(format!("{DROPOUT}{}", shortest(rate))),
        None => Some(format!("{DROPOUT}{}", rate.trim())),
    };
    let has_dropout = layers.split(',').any(is_dropout);
    let mut with: Vec<String> = layers
        .split(',')
        .filter_map(|layer| if is_dropout(layer) { dropout.clone() } else { Some(layer.into()) })
        .collect();
    if !has_dropout {
        with.extend(dropout);
    }
    with.join(",")
}

/// The kind of the corruption: `none`, `gaussian` or `masking`.
pub fn corruption_kind(settings: &Settings) -> String {
    split(&settings.get(Field::Corruption)).0.into()
}

/// The corruption's strength; empty without a corruption.
pub fn corruption_strength(settings: &Settings) -> String {
    split(&settings.get(Field::Corruption)).1.into()
}

/// A corruption of this kind, with a usual strength.
pub fn with_corruption_kind(_: &Settings, kind: &str) -> String {
    match kind {
        "gaussian" => "gaussian0.4".into(),
        "masking" => "masking0.3".into(),
        _ => NONE.into(),
    }
}

/// The corruption with this strength.
pub fn with_corruption_strength(settings: &Settings, strength: &str) -> String {
    let kind = corruption_kind(settings);
    if kind == NONE { kind } else { format!("{kind}{}", strength.trim()) }
}

/// The kind of a corruption and its strength.
fn split(corruption: &str) -> (&str, &str) {
    let at = corruption.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(corruption.len());
    corruption.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(field: Field, text: &str) -> Settings {
        let mut settings = Settings::default();
        settings.set(field, text).unwrap();
        settings
    }

    #[test]
    fn dropout_is_set_where_it_is_and_else_behind_the_last_layer() {
        for (layers, rate, expected) in [
            ("300", "0.2", "300,dropout0.2"),
            ("300,dropout0.2", "0.5", "dense300,dropout0.5"),
            ("conv8k3s2,dropout0.1,dense16", "0.3", "conv8k3s2,dropout0.3,dense16"),
            ("300,dropout0.2", "0", "dense300"),
            ("300", "0.0", "300"),
            ("300", "0,25", "300,dropout0.25"),
        ] {
            let changed = with_dropout_rate(&settings(Field::Hidden, layers), rate);
            assert_eq!(changed, expected);
            let mut taken = Settings::default();
            assert_eq!(taken.set(Field::Hidden, &changed), Ok(()));
            assert_eq!(dropout_rate(&taken).parse::<f32>().unwrap(), read_decimal(rate).unwrap());
        }
        let two = settings(Field::Hidden, "dense9,dropout0.2,dense8,dropout0.5");
        assert_eq!(dropout_rate(&two), "0.2, 0.5");
        let mut refused = Settings::default();
        assert!(refused.set(Field::Hidden, &with_dropout_rate(&refused.clone(), "much")).is_err());
    }

    #[test]
    fn a_corruption_has_a_kind_and_a_strength() {
        let mut settings = Settings::default();
        assert_eq!([corruption_kind(&settings), corruption_strength(&settings)], ["none", ""]);
        for (kind, strength) in [("gaussian", "0.5"), ("masking", "0.25"), ("masking", "0,75")] {
            settings.set(Field::Corruption, &with_corruption_kind(&settings, kind)).unwrap();
            settings.set(Field::Corruption, &with_corruption_strength(&settings, strength)).unwrap();
            assert_eq!(
                [corruption_kind(&settings), corruption_strength(&settings)],
                [kind, &strength.replace(',', ".")]
            );
        }
        let beyond = with_corruption_strength(&settings, "7");
        assert!(settings.set(Field::Corruption, &beyond).is_err());
        settings.set(Field::Corruption, &with_corruption_kind(&settings, "none")).unwrap();
        assert_eq!(settings, Settings::default());
    }
}
