use super::*;
use crate::{
    layered::{
        packing::{pack, transpose},
        product::SLACK,
    },
    simd::{Portable4, run},
};
use latent_core::model::{Convolution, ImageShape};
use proptest::prelude::*;

/// Numbers of which some are 0, between −1 and 1.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    let hash = |at: usize| (at * 2_654_435_761 + seed * 40_503) % 1_000_003;
    (0..count).map(|at| if hash(at) % 5 == 0 { 0.0 } else { hash(at) as f32 / 500_001.0 - 1.0 }).collect()
}

/// What the three products must give, by the definition, in f64.
struct Plain {
    small: Vec<f64>,
    large: Vec<f64>,
    kernel: Vec<f64>,
}

impl Plain {
    fn new(convolution: &Convolution, large: &[f32], small: &[f32], kernel: &[f32]) -> Self {
        let Convolution { large: l, small: s, kernel: k, stride, before } = *convolution;
        let mut sums = Self {
            small: vec![0.0; small.len()],
            large: vec![0.0; large.len()],
            kernel: vec![0.0; kernel.len()],
        };
        for at in 0..s.height * s.width * k * k {
            let (i, j, row, column) = (at / (k * k) / s.width, at / (k * k) % s.width, at / k % k, at % k);
            let (y, x) = (i * stride + row, j * stride + column);
            let (Some(y), Some(x)) = (y.checked_sub(before[0]), x.checked_sub(before[1])) else { continue };
            if y >= l.height || x >= l.width {
                continue;
            }
            for channel in 0..l.channels * s.channels {
                let (c, o) = (channel / s.channels, channel % s.channels);
                let in_large = (y * l.width + x) * l.channels + c;
                let in_small = (i * s.width + j) * s.channels + o;
                let in_kernel = ((row * k + column) * l.channels + c) * s.channels + o;
                let [a, b, w] = [large[in_large], small[in_small], kernel[in_kernel]].map(f64::from);
                sums.small[in_small] += a * w;
                sums.large[in_large] += b * w;
                sums.kernel[in_kernel] += a * b;
            }
        }
        sums
    }
}

fn assert_near(found: &[f32], expected: &[f64], what: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        let most = 2e-5 * expected.abs().max(1.0);
        prop_assert!((f64::from(*found) - expected).abs() < most, "{}: {} for {}", what, found, expected);
    }
    Ok(())
}

fn products_are_those_of_the_definition<F: Simd>(convolution: &Convolution) -> Result<(), TestCaseError> {
    let geometry = Geometry::new(*convolution);
    let (rows, channels) = (geometry.kernel_rows(), geometry.small().channels);
    let large = numbers(geometry.large().values(), 1);
    let small = numbers(geometry.small().values(), 2);
    let kernel = numbers(rows * channels, 3);
    let expected = Plain::new(convolution, &large, &small, &kernel);
    let mut padded = vec![0.0; geometry.len()];
    geometry.pad(&large, &mut padded);
    let mut packed = Vec::new();
    run!(F, pack::<F>(&kernel, (rows, channels), &mut packed));

    let mut found = vec![0.0; small.len()];
    let mut put = |position: usize, panel: usize, sums: [F; VECTORS]| {
        let mut row = [0.0; MOST_PANEL];
        crate::simd::store(sums, &mut row);
        let first = panel * F::PANEL;
        let width = F::PANEL.min(channels - first);
        found[position * channels + first..][..width].copy_from_slice(&row[..width]);
    };
    run!(F, gather::<F>(&geometry, &padded, &packed, &mut put));
    assert_near(&found, &expected.small, "small map")?;

    let mut transposed = vec![0.0; rows.next_multiple_of(F::PANEL) * channels];
    run!(F, transpose::<F>(&packed, (rows, channels), &mut transposed));
    let mut input = small.clone();
    input.resize(small.len() + SLACK, f32::NAN);
    let mut sums = vec![f32::NAN; geometry.len()];
    run!(F, scatter::<F>(&geometry, &input, &transposed, &mut sums));
    let mut found = vec![0.0; large.len()];
    geometry.rows_of(&mut found).for_each(|(row, to)| to.copy_from_slice(&sums[row..][..to.len()]));
    assert_near(&found, &expected.large, "large map")?;

    let mut small_in_panels = Vec::new();
    run!(F, pack::<F>(&small, (geometry.count(), channels), &mut small_in_panels));
    let mut gradient = vec![0.0; packed.len()];
    run!(F, kernel_gradient::<F>(&geometry, &padded, &small_in_panels, &mut gradient));
    let layout = crate::panels::PanelLayout { rows, columns: channels, width: F::PANEL, stride: rows };
    assert_near(&layout.unpack(&gradient), &expected.kernel, "kernel")?;
    // What pads the kernel stays zero, so that Adam leaves it alone.
    let count = |numbers: &[f32]| numbers.iter().filter(|&&x| x != 0.0).count();
    prop_assert_eq!(count(&gradient), count(&layout.unpack(&gradient)));
    Ok(())
}

proptest! {
    #[test]
    fn all_three_products_are_those_of_the_definition(
        height in 1usize..14, width in 1usize..14, channels in 1usize..=9, filters in 1usize..=20,
        kernel in 1usize..=7, stride in 1usize..=2,
    ) {
        let convolution = Convolution::new(ImageShape { height, width, channels }, filters, kernel, stride);
        products_are_those_of_the_definition::<Portable4>(&convolution)?;
        #[cfg(target_arch = "x86_64")]
        {
            products_are_those_of_the_definition::<crate::simd::Sse4>(&convolution)?;
            if crate::simd::Avx8::is_available() {
                products_are_those_of_the_definition::<crate::simd::Avx8>(&convolution)?;
            }
        }
    }
}
