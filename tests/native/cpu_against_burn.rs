//! The engines against their plain Burn reference: same start, same images, on random shapes, odd ones too.

use latent_burn::{BurnTrainer, flex_device};
use latent_core::{
    data::Images,
    model::{Activation, ImageShape, Latent, Loss, LossKind, ModelSpec},
    random::{Purpose, Random},
    training::{Progress, Trainer},
    weights::Weights,
};
use latent_cpu::CpuTrainer;
#[cfg(feature = "wgpu")]
use latent_gpu::Passes;
use latent_tests::{largest_difference, totals};
use pollster::block_on;
use proptest::prelude::*;

const IMAGES: usize = 60;
const STEPS: usize = 4;
const RATE: f32 = 0.002;
/// How far a nearby start's weights are off at most, relative to themselves: four units in the last place.
const NEARBY: f32 = 4.0 * f32::EPSILON;
/// How many nearby starts are tried.
const STARTS: u64 = 16;

/// What training comes to: losses, codes, images at those codes, the error, the weights.
#[derive(Debug)]
struct Outcome {
    losses: Vec<f32>,
    codes: Vec<f32>,
    decoded: Vec<f32>,
    error: f64,
    weights: Weights,
}

/// What is trained: a network, from where, and with how many images a step.
struct Case {
    model: ModelSpec,
    start: Progress,
    batch: usize,
    images: Images,
}

impl Case {
    fn new(model: ModelSpec, batch: usize, seed: u64) -> Self {
        Self { start: Progress::initial(&model, seed), images: images(model.input), model, batch }
    }

    async fn outcome(&self, mut trainer: impl Trainer) -> Outcome {
        let order: Vec<u32> = (0..).take(IMAGES).map(|at| at * 37 % IMAGES as u32).collect();
        let batches: Vec<_> = order.chunks(self.batch).cycle().take(STEPS).collect();
        let losses = totals(&trainer.train(&self.images, &batches, RATE).await.unwrap());
        let codes = trainer.encode(&self.images, 3..IMAGES).await.unwrap();
        let decoded = trainer.decode(&codes).await.unwrap();
        let error = trainer.evaluate(&self.images, 3..IMAGES).await.unwrap().total;
        Outcome { losses, codes, decoded, error, weights: trainer.weights().await.unwrap() }
    }

    /// Burn's, on the CPU, from this start.
    fn reference(&self, start: &Progress) -> Outcome {
        block_on(self.outcome(BurnTrainer::on(&flex_device(), &self.model, start).unwrap()))
    }

    /// A start that differs from the case's by a few roundings of each weight; what is zero stays so.
    fn nearby(&self, seed: u64) -> Progress {
        let mut random = Random::new(seed, Purpose::Initialisation);
        let mut start = self.start.clone();
        for layer in start.weights.layers_mut() {
            layer.kernel.values.iter_mut().for_each(|weight| *weight *= 1.0 + NEARBY * random.symmetric());
        }
        start
    }

    /// Ours is to be what the reference learns from the same start, or from one within rounding of it: LeakyReLU's
    /// derivative jumps at zero, so for an argument as near to it as rounding either side is right, and with few
    /// images in a batch Adam makes of that side a step that shows.
    fn check(&self, ours: &Outcome) -> Result<(), TestCaseError> {
        let result = compare(ours, &self.reference(&self.start));
        let is_near = |seed| compare(ours, &self.reference(&self.nearby(seed))).is_ok();
        if result.is_err() && (0..STARTS).any(is_near) { Ok(()) } else { result }
    }

    fn check_cpu(&self) -> Result<(), TestCaseError> {
        self.check(&block_on(async {
            let trainer = CpuTrainer::new(&(), &self.model, &self.start).await.unwrap();
            self.outcome(trainer).await
        }))
    }

    #[cfg(feature = "wgpu")]
    fn check_gpu(&self) -> Result<(), TestCaseError> {
        let mut result = Ok(());
        crate::gpu::on_gpu(|device| {
            result = self.check(&block_on(async {
                let trainer = Passes::new(device, &self.model, &self.start).await.unwrap();
                assert_eq!(trainer.description(), "own compute passes");
                self.outcome(trainer).await
            }));
        });
        result
    }
}

/// Images as sparse as MNIST's: a bright block at a place of its own in each, a third of the image high and wide.
fn images(shape: ImageShape) -> Images {
    let ImageShape { height, width, channels } = shape;
    let mut images = Images::new(shape);
    for image in 0..IMAGES {
        let shade = |value: usize| {
            let (row, column) = (value / channels / width, value / channels % width);
            let inside = (row + image) % height < (9 * height).div_ceil(28)
                && (column + 3 * image) % width < (11 * width).div_ceil(28);
            if inside { (50 + (value * 31 + image * 17) % 206) as u8 } else { 0 }
        };
        images.append(&(0..shape.values()).map(shade).collect::<Vec<_>>()).unwrap();
    }
    images
}

fn compare(ours: &Outcome, reference: &Outcome) -> Result<(), TestCaseError> {
    for (loss, expected) in ours.losses.iter().zip(&reference.losses) {
        prop_assert!((loss - expected).abs() <= 1e-4 * expected, "{loss} for {expected}");
    }
    prop_assert!((ours.error - reference.error).abs() <= 1e-4 * reference.error);
    // Where a gradient is as small as Adam's ε, rounding decides how far a weight goes: by less than a step.
    let [our_weights, weights] =
        [&ours.weights, &reference.weights].map(|weights| weights.values().collect::<Vec<_>>());
    prop_assert!(largest_difference(&our_weights, &weights) < RATE);
    prop_assert!(largest_difference(&ours.codes, &reference.codes) < 2e-3);
    prop_assert!(largest_difference(&ours.decoded, &reference.decoded) < 2e-3);
    Ok(())
}

/// A quarter are zero, with which many an argument is exactly zero: see the reference's LeakyReLU.
fn slope() -> impl Strategy<Value = f32> {
    prop_oneof![1 => Just(0.0), 3 => 0f32..=1.0]
}

/// Shapes of small images, most of whose sizes fill no block and no vector.
fn shape() -> impl Strategy<Value = ImageShape> {
    (3usize..12, 3usize..12, prop_oneof![Just(1), Just(3)]).prop_map(|(height, width, channels)| ImageShape {
        height,
        width,
        channels,
    })
}

/// An activation of hidden layers, code and output each, and a loss that fits the last.
fn functions() -> impl Strategy<Value = (Activation, Option<Activation>, Activation, Loss)> {
    let activation = || proptest::sample::select(Activation::ALL.to_vec());
    (
        activation(),
        proptest::option::of(activation()),
        activation(),
        proptest::sample::select(Loss::ALL.to_vec()),
    )
        .prop_map(|(hidden, code, output, loss)| match loss.kind {
            LossKind::MeanSquaredError => (hidden, code, output, loss),
            LossKind::BinaryCrossEntropy => (hidden, code, Activation::Sigmoid, loss),
        })
}

/// A network with these functions in place of LeakyReLU and the mean squared error.
fn with_functions(
    model: ModelSpec,
    (activation, code, output, loss): (Activation, Option<Activation>, Activation, Loss),
) -> ModelSpec {
    let mut model = ModelSpec { activation, output, loss, ..model };
    model.latent = Latent::Deterministic { units: model.latent_units(), activation: code };
    model
}

/// Whether an output is at zero by more than chance. With a slope of zero, an image that is off at every unit of a
/// narrow hidden layer has outputs of zero, or as near to it as what a decoder's linear regions round.
fn is_on_the_edge(model: &ModelSpec) -> bool {
    let layers = model.layers();
    let has_slope_of_zero = layers.iter().any(|layer| layer.function.negative_slope() == Some(0.0));
    has_slope_of_zero && model.hidden().last().is_some_and(|&units| units < 20)
}

/// Networks that engines and reference once made something else of.
fn cases_once_apart() -> [Case; 3] {
    let case = |hidden, slope, batch, seed| Case::new(ModelSpec::dense(&[hidden], 1, slope), batch, seed);
    [
        // An output that is as near to zero as rounding.
        case(284, 0.418_460_97, 7, 2_132_447_288_229_818_323),
        // Codes of zero, where Burn's own LeakyReLU has another derivative.
        case(284, 0.0, 7, 8_329_872_219_694_130),
        // Units that are off for all images, but were on at the centre of a cell (`wgsl/linear/boundary_units.wgsl`).
        case(177, 0.0, 15, 15_170_595_204_881_487_972),
    ]
}

#[test]
fn the_cpu_engine_learns_the_same_where_engines_were_apart() {
    cases_once_apart().iter().try_for_each(Case::check_cpu).unwrap();
}

#[cfg(feature = "wgpu")]
#[test]
fn the_gpu_engine_learns_the_same_where_engines_were_apart() {
    cases_once_apart().iter().try_for_each(Case::check_gpu).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_cpu_engine_learns_the_same(
        hidden in proptest::collection::vec(1usize..70, 1..=4), code in 1usize..6, batch in 1usize..50,
        slope in slope(), seed: u64,
    ) {
        let model = ModelSpec::dense(&hidden, code, slope);
        prop_assume!(!is_on_the_edge(&model));
        Case::new(model, batch, seed).check_cpu()?;
    }

    #[test]
    fn the_cpu_engine_learns_the_same_on_images_of_any_shape(
        hidden in proptest::collection::vec(20usize..70, 1..=2), code in 1usize..=4, batch in 1usize..=IMAGES,
        shape in shape(), functions in functions(), seed: u64,
    ) {
        let model = ModelSpec { input: shape, ..ModelSpec::dense(&hidden, code, 0.3) };
        Case::new(with_functions(model, functions), batch, seed).check_cpu()?;
    }

    #[test]
    fn the_cpu_engine_learns_the_same_with_any_functions(
        hidden in proptest::collection::vec(1usize..70, 1..=3), code in 1usize..6, batch in 1usize..50,
        slope in slope(), functions in functions(), seed: u64,
    ) {
        let model = with_functions(ModelSpec::dense(&hidden, code, slope), functions);
        prop_assume!(!is_on_the_edge(&model));
        Case::new(model, batch, seed).check_cpu()?;
    }
}

#[cfg(feature = "wgpu")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn the_gpu_engine_learns_the_same(
        hidden in proptest::collection::vec(1usize..70, 1..=4), code in 1usize..=32, batch in 1usize..=IMAGES,
        slope in slope(), seed: u64,
    ) {
        let model = ModelSpec::dense(&hidden, code, slope);
        prop_assume!(!is_on_the_edge(&model));
        Case::new(model, batch, seed).check_gpu()?;
    }

    #[test]
    fn the_gpu_engine_learns_the_same_with_any_functions(
        hidden in proptest::collection::vec(1usize..70, 1..=3), code in 1usize..=8, batch in 1usize..=IMAGES,
        slope in slope(), functions in functions(), seed: u64,
    ) {
        let model = with_functions(ModelSpec::dense(&hidden, code, slope), functions);
        prop_assume!(!is_on_the_edge(&model));
        Case::new(model, batch, seed).check_gpu()?;
    }

    #[test]
    fn the_gpu_engine_learns_the_same_on_images_of_any_shape(
        hidden in proptest::collection::vec(20usize..70, 1..=2), code in 1usize..=4, batch in 1usize..=IMAGES,
        shape in shape(), functions in functions(), seed: u64,
    ) {
        let model = ModelSpec { input: shape, ..ModelSpec::dense(&hidden, code, 0.3) };
        Case::new(with_functions(model, functions), batch, seed).check_gpu()?;
    }

    /// Networks whose decoder is computed by its linear regions (`wgsl/linear/decoder.wgsl`).
    #[test]
    fn the_gpu_engine_learns_the_same_with_a_linear_decoder(
        hidden in 1usize..600, code in 1usize..=3, batch in 1usize..=IMAGES, slope in slope(), seed: u64,
    ) {
        let model = ModelSpec::dense(&[hidden], code, slope);
        prop_assume!(!is_on_the_edge(&model));
        Case::new(model, batch, seed).check_gpu()?;
    }
}
