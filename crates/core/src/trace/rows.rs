//! What passes through a network, from the image to the reconstruction.

use super::{Tiles, forward};
use crate::{
    model::{Half, ModelSpec, Role, Shape},
    weights::Weights,
};

/// The image, what each of the encoder's hidden layers makes of it, the code, what each of the decoder's hidden layers makes of
/// that, and the reconstruction. `None` for what is not there: `image`, `[height, width, channels]`, may be missing, and so may
/// the encoder that would read it.
///
/// `weights` are the model's ([`Weights::check`]), and `code` has its units.
pub fn rows(model: &ModelSpec, weights: &Weights, image: Option<&[u8]>, code: &[f32]) -> Vec<Option<Tiles>> {
    let values = image.map(|image| image.iter().map(|&value| f32::from(value) / 255.0).collect::<Vec<_>>());
    let encoded = values.map_or_else(Vec::new, |values| forward(model, weights, Half::Encoder, &values));
    let decoded = forward(model, weights, Half::Decoder, code);
    let (mut encoded, mut decoded) = (encoded.into_iter(), decoded.into_iter());
    let mut rows = vec![image.map(|image| Tiles { shape: model.input, values: image.to_vec() })];
    for layer in model.layers() {
        let tiles = |outputs: Vec<f32>| Tiles::of_outputs(layer.output_shape(), &outputs);
        rows.push(match (layer.half, layer.role) {
            (_, Role::LogVariance) => continue,
            (Half::Encoder, Role::Hidden) => encoded.next().map(tiles),
            (Half::Encoder, _) => Some(Tiles::of_outputs(Shape::Flat(code.len()), code)),
            (Half::Decoder, Role::Reconstruction) => decoded.next().map(|image| Tiles {
                shape: model.input,
                values: image.iter().map(|value| (value * 255.0).round() as u8).collect(),
            }),
            (Half::Decoder, _) => decoded.next().map(tiles),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    #[test]
    fn every_model_has_a_row_for_what_each_layer_gives() {
        for preset in presets::ALL {
            let model = preset.model();
            let weights = Weights::initial(&model, 1);
            let (image, code) = (vec![200; model.input.values()], vec![0.5; model.latent_units()]);
            let rows = rows(&model, &weights, Some(&image), &code);
            assert!(rows.iter().all(Option::is_some), "{}", preset.name);
            let ends = [rows.first(), rows.last()].map(|row| row.unwrap().clone().unwrap().shape);
            assert_eq!(ends, [model.input; 2]);
            assert_eq!(rows[0].as_ref().unwrap().values, image);
        }
    }

    #[test]
    fn without_an_image_the_code_is_decoded_all_the_same() {
        let model = presets::model("hidden=16,8");
        let rows = rows(&model, &Weights::initial(&model, 1), None, &[1.0, -1.0]);
        assert_eq!(
            rows.iter().map(Option::is_some).collect::<Vec<_>>(),
            [false, false, false, true, true, true, true]
        );
        assert_eq!(rows[3].as_ref().unwrap().values, [255, 0]);
    }
}
