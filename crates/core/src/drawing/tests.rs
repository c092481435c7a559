//! The tests of drawings, compiled under `#[cfg(test)]`.

use super::*;
use crate::data::{DatasetId, ImageShape};
use proptest::prelude::*;

const SHAPE: ImageShape = ImageShape { height: 28, width: 28, channels: 1 };

fn placement() -> Placement {
    Placement::of(DatasetId::Mnist)
}

/// First and last row and column with ink, and the centre of mass in pixels from the first pixel's middle.
fn extent(image: &[u8], width: usize) -> ([[usize; 2]; 2], [f64; 2]) {
    let inked: Vec<_> = (0..image.len()).filter(|&at| image[at] > 0).collect();
    let ends = |places: Vec<usize>| [*places.iter().min().unwrap(), *places.iter().max().unwrap()];
    let box_around =
        [inked.iter().map(|at| at % width).collect(), inked.iter().map(|at| at / width).collect()].map(ends);
    let mass: f64 = image.iter().map(|&value| f64::from(value)).sum();
    let moment = |place: fn(usize, usize) -> usize| {
        let sum = (0..image.len()).map(|at| f64::from(image[at]) * place(at, width) as f64).sum::<f64>();
        sum / mass
    };
    (box_around, [moment(|at, width| at % width), moment(|at, width| at / width)])
}

#[test]
fn a_stroke_fills_the_box_and_has_its_centre_where_mnist_has_it() {
    let image = draw(&[vec![[0.1, 0.2], [0.5, 0.9]]], SHAPE, placement(), [255; 3]).unwrap();
    let ([_, rows], centre) = extent(&image, 28);
    assert!((19..=21).contains(&(rows[1] - rows[0] + 1)), "{rows:?}");
    assert!(centre.iter().all(|at| (at - 14.0).abs() < 0.1), "{centre:?}");
    assert_eq!(*image.iter().max().unwrap(), 255);
}

#[test]
fn a_dot_stays_small_and_no_stroke_is_no_image() {
    let image = draw(&[vec![[0.9, 0.9]]], SHAPE, placement(), [255; 3]).unwrap();
    assert!((4..=16).contains(&image.iter().filter(|&&value| value > 0).count()));
    for none in [vec![], vec![vec![]], vec![vec![[f32::NAN, 0.5], [f32::INFINITY, 1.0]]]] {
        assert_eq!(draw(&none, SHAPE, placement(), [255; 3]), None);
    }
}

#[test]
fn colours_are_the_pens_and_other_shapes_have_their_share() {
    let shape = ImageShape { height: 20, width: 40, channels: 3 };
    let image = draw(&[vec![[0.2, 0.5], [0.8, 0.5]]], shape, placement(), [200, 100, 0]).unwrap();
    assert_eq!(image.len(), shape.values());
    let brightest = image.chunks_exact(3).max_by_key(|pixel| pixel[0]).unwrap();
    assert_eq!(brightest, [200, 100, 0]);
    let reds: Vec<u8> = image.chunks_exact(3).map(|pixel| pixel[0]).collect();
    let ([columns, _], _) = extent(&reds, 40);
    assert!((28..=30).contains(&(columns[1] - columns[0] + 1)), "{columns:?}");
}

/// An image whose drawing is 20 pixels high and centred by whole pixels.
fn sample() -> Vec<u8> {
    let mut image = vec![0; 28 * 28];
    for row in 0..20 {
        for column in 0..9 {
            image[(row + 4) * 28 + column + 10] =
                if (row + column) % 3 == 0 { 40 } else { 160 + 2 * row as u8 };
        }
    }
    image
}

fn enlarged(image: &[u8], by: usize, value: impl Fn(u8) -> u8) -> Vec<u8> {
    let at = |row: usize, column: usize| value(image[row / by * 28 + column / by]);
    (0..28 * by)
        .flat_map(|row| (0..28 * by).map(move |column| (row, column)))
        .map(|(r, c)| at(r, c))
        .collect()
}

fn placed(values: &[u8], side: usize) -> Option<Vec<u8>> {
    Picture { width: side, height: side, channels: 1, values }.placed(SHAPE, placement())
}

#[test]
fn an_enlarged_image_is_that_image_again() {
    let image = sample();
    assert_eq!(placed(&enlarged(&image, 10, |value| value), 280).unwrap(), image);
}

#[test]
fn dark_ink_on_paper_is_light_ink_on_black() {
    let image = sample();
    let paper = placed(&enlarged(&image, 7, |value| 230 - value), 196).unwrap();
    let strongest = f32::from(*image.iter().max().unwrap());
    for (found, value) in paper.iter().zip(&image) {
        assert!((f32::from(*found) - f32::from(*value) * 255.0 / strongest).abs() < 1.5, "{found} {value}");
    }
}

#[test]
fn a_picture_of_one_colour_or_of_other_sides_is_no_image() {
    assert_eq!(placed(&[9; 16], 4), None);
    assert_eq!(placed(&[9; 15], 4), None);
    assert_eq!(placed(&[], 0), None);
}

#[test]
fn a_colour_picture_keeps_its_colours_in_a_colour_image() {
    let shape = ImageShape { height: 8, width: 8, channels: 3 };
    let mut values = vec![0; 3 * 16 * 16];
    for at in [100, 101, 116, 117] {
        values[3 * at..3 * at + 3].copy_from_slice(&[10, 200, 30]);
    }
    let picture = Picture { width: 16, height: 16, channels: 3, values: &values };
    let image = picture.placed(shape, Placement::of(DatasetId::FashionMnist)).unwrap();
    assert!(image.chunks_exact(3).all(|pixel| pixel == [10, 200, 30]));
    assert_eq!(picture.placed(SHAPE, placement()).unwrap().len(), 784);
}

proptest! {
    #[test]
    fn any_strokes_become_a_centred_image_inside_its_box(
        strokes in prop::collection::vec(prop::collection::vec([0f32..1.0, 0f32..1.0], 1..9), 1..4),
        height in 12usize..70, width in 12usize..70,
    ) {
        let strokes: Vec<Stroke> = strokes;
        let shape = ImageShape { height, width, channels: 1 };
        let image = draw(&strokes, shape, placement(), [255; 3]).unwrap();
        let ([columns, rows], centre) = extent(&image, width);
        let most = |side: usize| placement().box_share * side as f32 + 2.0;
        prop_assert!((columns[1] - columns[0] + 1) as f32 <= most(width), "{columns:?}");
        prop_assert!((rows[1] - rows[0] + 1) as f32 <= most(height), "{rows:?}");
        // Only where the image's edge has cut nothing off.
        if columns[0] > 0 && rows[0] > 0 && columns[1] + 1 < width && rows[1] + 1 < height {
            prop_assert!((centre[0] - width as f64 / 2.0).abs() < 0.3, "{centre:?}");
            prop_assert!((centre[1] - height as f64 / 2.0).abs() < 0.3, "{centre:?}");
        }
    }

    #[test]
    fn where_and_how_large_a_drawing_is_makes_no_difference(
        stroke in prop::collection::vec([0f32..1.0, 0f32..1.0], 2..9), by in 0.6f32..1.0, x in 0f32..1.0, y in 0f32..1.0,
    ) {
        let extent = |axis: usize| {
            let values = stroke.iter().map(|point| point[axis]);
            values.clone().fold(0.0, f32::max) - values.fold(1.0, f32::min)
        };
        prop_assume!(extent(0).max(extent(1)) > 0.5);
        let moved: Stroke = stroke.iter().map(|point| [point[0] * by + x, point[1] * by + y]).collect();
        let images = [stroke, moved].map(|stroke| draw(&[stroke], SHAPE, placement(), [255; 3]).unwrap());
        for (a, b) in images[0].iter().zip(&images[1]) {
            prop_assert!(a.abs_diff(*b) <= 3, "{a} {b}");
        }
    }

    #[test]
    fn any_picture_is_placed_or_refused(
        width in 0usize..12, height in 0usize..12, channels in 0usize..4, values in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = Picture { width, height, channels, values: &values }.placed(SHAPE, placement());
    }
}
