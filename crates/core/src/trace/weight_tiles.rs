//! The weights of a layer as pictures.

use super::{Tiles, Weighed, weighed};
use crate::{
    model::{ImageShape, Layer, ModelSpec},
    weights::{Tensor, Weights},
};

/// Kernels that are shown.
const MOST_KERNELS: usize = 40;
/// Rows and columns of a matrix that are shown.
const MOST_SIDES: [usize; 2] = [128, 512];

/// The weights of the layer at this index of [`ModelSpec::layers`], the first of them if there are many:
///
/// - of a layer that reads the image, what each unit or filter looks for, as an image or a part of one;
/// - of a dense layer that gives the image, what each unit before it draws;
/// - of another dense layer the matrix, the longer side to the right;
/// - of another convolution the kernel of each pair of channels.
///
/// None of a layer without weights. `weights` are the model's ([`Weights::check`]).
pub fn weight_tiles(model: &ModelSpec, weights: &Weights, index: usize) -> Option<Tiles> {
    let layers = model.layers();
    let layer = layers.get(index).filter(|layer| layer.has_weights())?;
    let before = layers[..index].iter().filter(|layer| layer.has_weights()).count();
    let kernel = weights.layers().nth(before)?.kernel;
    let part = |channels| ImageShape { height: kernel.shape[0], width: kernel.shape[1], channels };
    Some(match weighed(model, index)? {
        Weighed::UnitsThatRead(_) => columns(kernel, model.input),
        Weighed::UnitsThatDraw(_) => rows(kernel, model.input),
        Weighed::Matrix(_) => matrix(layer, kernel),
        Weighed::FiltersThatRead(_) => columns(kernel, part(model.input.channels)),
        Weighed::Pairs(_) => columns(kernel, part(1)),
    })
}

/// Kernels that lie side by side behind the axes of `shape`: the weights of a unit, a filter or a pair of channels.
fn columns(kernel: &Tensor, shape: ImageShape) -> Tiles {
    let count = kernel.values.len() / shape.values();
    let of_one = |one: usize| kernel.values.iter().skip(one).step_by(count).copied();
    let kernels: Vec<f32> = (0..count.min(MOST_KERNELS)).flat_map(of_one).collect();
    Tiles::of_kernels(shape, &kernels)
}

/// Kernels that lie one behind the other.
fn rows(kernel: &Tensor, shape: ImageShape) -> Tiles {
    let shown = kernel.values.len().min(MOST_KERNELS * shape.values());
    Tiles::of_kernels(shape, &kernel.values[..shown])
}

fn matrix(layer: &Layer, kernel: &Tensor) -> Tiles {
    let is_wide = layer.outputs >= layer.inputs;
    let [height, width] = if is_wide { [layer.inputs, layer.outputs] } else { [layer.outputs, layer.inputs] };
    let (height, width) = (height.min(MOST_SIDES[0]), width.min(MOST_SIDES[1]));
    let weight = |row: usize, column: usize| match is_wide {
        true => kernel.values[row * layer.outputs + column],
        false => kernel.values[column * layer.outputs + row],
    };
    let shown: Vec<f32> =
        (0..height).flat_map(|row| (0..width).map(move |column| weight(row, column))).collect();
    Tiles::of_kernels(ImageShape { height, width, channels: 1 }, &shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    fn sizes(link: &str) -> Vec<Option<(usize, usize, usize)>> {
        let model = presets::model(link);
        let weights = Weights::initial(&model, 1);
        let size = |index| {
            let tiles = weight_tiles(&model, &weights, index)?;
            Some((tiles.count(), tiles.shape.height, tiles.shape.width))
        };
        (0..model.layers().len()).map(size).collect()
    }

    #[test]
    fn layers_at_the_image_show_images_and_those_between_matrices() {
        assert_eq!(sizes(""), [(40, 28, 28), (1, 2, 300), (1, 2, 300), (40, 28, 28)].map(Some));
        assert_eq!(
            sizes("hidden=1024,16"),
            [(40, 28, 28), (1, 16, 512), (1, 2, 16), (1, 2, 16), (1, 16, 512), (40, 28, 28)].map(Some)
        );
    }

    #[test]
    fn convolutions_show_their_kernels_and_dropout_has_no_weights() {
        assert_eq!(
            sizes("encoder=conv8k3s2,conv16k5s2,dropout0.2,dense16"),
            [
                Some((8, 3, 3)),
                Some((40, 5, 5)),
                None,
                Some((1, 16, 512)),
                Some((1, 2, 16)),
                Some((1, 2, 512)),
                Some((40, 5, 5)),
                Some((40, 3, 3)),
                Some((8, 3, 3)),
            ]
        );
    }

    #[test]
    fn a_tile_has_the_weights_of_its_unit() {
        let model = presets::model("hidden=3");
        let mut weights = Weights::zeros(&model);
        // The second unit reads the third pixel; the first unit before the image draws the fifth.
        weights.tensors[0].values[2 * 3 + 1] = 1.0;
        weights.tensors[6].values[4] = -1.0;
        let first = weight_tiles(&model, &weights, 0).unwrap();
        assert_eq!(first.values.iter().position(|&shade| shade == 255), Some(784 + 2));
        let last = weight_tiles(&model, &weights, 3).unwrap();
        assert_eq!(last.values.iter().position(|&shade| shade == 0), Some(4));
    }
}
