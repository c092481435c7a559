//! The CPU engine against plain loops in f64, and against itself.

use latent_core::{
    data::{ImageShape, Images, mnist::PIXELS},
    model::{Activation, Latent, Loss, LossKind, ModelSpec, Reduction},
    noise::Noise,
    training::{Progress, Trainer, TrainerError},
    weights::Weights,
};
use latent_cpu::{CpuTrainer, DenseNetwork, Instructions};
use latent_tests::{plain::Plain, totals};
use pollster::block_on;

/// Small random numbers: a multiplier and the high bits, which is enough here.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// MNIST's shape, and one pixel in five isn't black.
    fn images(&mut self, count: usize) -> Images {
        self.images_of(ModelSpec::default().input, count)
    }

    /// Images of which one pixel in five isn't black.
    fn images_of(&mut self, shape: ImageShape, count: usize) -> Images {
        let mut images = Images::new(shape);
        for _ in 0..count {
            let pixel = |_| if self.below(5) == 0 { 1 + self.below(255) as u8 } else { 0 };
            images.append(&(0..shape.values()).map(pixel).collect::<Vec<_>>()).unwrap();
        }
        images
    }

    fn batch(&mut self, size: usize, of: usize) -> Vec<u32> {
        (0..size).map(|_| self.below(of) as u32).collect()
    }

    /// Initial weights, with biases that aren't zero.
    fn weights(&mut self, model: &ModelSpec) -> Weights {
        let mut weights = Weights::initial(model, self.below(1_000) as u64);
        for layer in weights.layers_mut() {
            layer.bias.values.fill_with(|| self.below(1_000) as f32 / 5_000.0 - 0.1);
        }
        weights
    }
}

fn trainer(instructions: Instructions, model: &ModelSpec, weights: &Weights) -> CpuTrainer {
    let progress = Progress::with_weights(model, weights.clone());
    CpuTrainer::with_instructions(instructions, model, &progress).expect("these are its weights")
}

fn train(trainer: &mut CpuTrainer, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
    block_on(trainer.train(images, &[batch], learning_rate)).expect("a CPU doesn't fail")[0].total
}

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found - expected).abs() <= tolerance * (1.0 + expected.abs())
}

/// Four steps on batches of at most so many images give the losses and the weights of plain loops.
fn trains_as_plain_loops_do(random: &mut Lcg, model: &ModelSpec, most: usize) {
    let images = random.images_of(model.input, 50);
    let weights = random.weights(model);
    let learning_rate = 0.002;
    for instructions in Instructions::available() {
        let what = format!("{instructions:?}, {model:?}, at most {most} images");
        let mut ours = trainer(instructions, model, &weights);
        let mut plain = Plain::new(model, &weights);
        for step in 0..4 {
            // The batch grows and shrinks: buffers have to follow.
            let batch = random.batch([most, 1, most, most.div_ceil(2)][step], images.len());
            let expected = plain.step(&images, &batch, &Noise::default(), learning_rate).total;
            let found = train(&mut ours, &images, &batch, learning_rate as f32);
            assert!(close(found, expected, 1e-5), "{what}: loss {found} for {expected} at step {step}");
        }
        // Where a gradient is as small as Adam's epsilon its rounding shows in the step, which is at most
        // about the learning rate.
        let found = block_on(ours.weights()).unwrap();
        assert_eq!(found.check(model), Ok(()), "{what}");
        for (found, expected) in found.tensors.iter().zip(plain.weights().tensors) {
            for (at, (value, expected)) in found.values.iter().zip(expected.values).enumerate() {
                let off = f64::from((value - expected).abs());
                assert!(off < 0.02 * learning_rate, "{what}: {} {at} is {value} for {expected}", found.name);
            }
        }
    }
}

#[test]
fn every_shape_trains_as_plain_loops_do() {
    let mut random = Lcg(1);
    let odd = (0..16).map(|shape| {
        let hidden: Vec<_> = (0..1 + shape % 4).map(|_| 1 + random.below(70)).collect();
        (hidden, 1 + random.below(5), 1 + random.below(40))
    });
    let chosen = [
        (vec![1], 1, 1),
        (vec![20], 2, 16),
        (vec![33], 32, 9),
        (vec![64], 8, 17),
        (vec![1, 1, 1, 1], 1, 1),
        (vec![64, 32], 8, 17),
        (vec![3, 41], 19, 33),
    ];
    let shapes: Vec<_> = odd.chain(chosen).collect();
    for (hidden, code, most) in shapes {
        let slope = [0.0, 0.1, 0.3, 1.0][random.below(4)];
        trains_as_plain_loops_do(&mut random, &ModelSpec::dense(&hidden, code, slope), most);
    }
}

/// Every loss that this output can have.
fn losses(output: Activation) -> impl Iterator<Item = Loss> {
    Loss::ALL
        .into_iter()
        .filter(move |loss| loss.kind == LossKind::MeanSquaredError || output == Activation::Sigmoid)
}

#[test]
fn every_activation_and_loss_trains_as_plain_loops_do() {
    let mut random = Lcg(2);
    // Widths that are no multiple of a tile: a sigmoid of padding is not 0.
    for hidden in [vec![21], vec![13, 30]] {
        for output in Activation::ALL {
            for loss in losses(output) {
                let activation = Activation::ALL[random.below(Activation::ALL.len())];
                let latent = Latent::Deterministic {
                    units: 1 + random.below(6),
                    activation: Some(Activation::ALL[random.below(Activation::ALL.len())]),
                };
                let model =
                    ModelSpec { activation, latent, output, loss, ..ModelSpec::dense(&hidden, 1, 0.3) };
                trains_as_plain_loops_do(&mut random, &model, 11);
            }
        }
        for activation in Activation::ALL {
            let latent = Latent::Deterministic { units: 2, activation: None };
            let model = ModelSpec { activation, latent, ..ModelSpec::dense(&hidden, 2, 0.3) };
            trains_as_plain_loops_do(&mut random, &model, 19);
        }
    }
}

#[test]
fn images_of_every_size_train_as_plain_loops_do() {
    let mut random = Lcg(8);
    // No whole number of panels, fewer panels than column blocks, a single pixel, colour.
    for (height, width, channels) in [(1, 1, 1), (2, 5, 1), (3, 3, 3), (5, 13, 1), (9, 11, 3), (28, 29, 1)] {
        for hidden in [vec![21], vec![13, 6]] {
            for (activation, output, loss) in [
                (Activation::LeakyRelu, Activation::LeakyRelu, "mse"),
                (Activation::Relu, Activation::Sigmoid, "mse-sum"),
                (Activation::Sigmoid, Activation::Sigmoid, "bce"),
                (Activation::Tanh, Activation::Tanh, "mse"),
            ] {
                let input = ImageShape { height, width, channels };
                let loss = Loss::from_name(loss).unwrap();
                let model =
                    ModelSpec { input, activation, output, loss, ..ModelSpec::dense(&hidden, 2, 0.3) };
                trains_as_plain_loops_do(&mut random, &model, 9);
                decodes_what_it_evaluates(&mut random, &model);
            }
        }
    }
}

/// The loss of an evaluation is that of the decoded codes.
fn decodes_what_it_evaluates(random: &mut Lcg, model: &ModelSpec) {
    let images = random.images_of(model.input, 20);
    let mut network = DenseNetwork::new(model, &random.weights(model)).unwrap();
    let codes = network.encode(&images, 0..20);
    let decoded = network.decode(&codes);
    let pixels = images.gather(0..20);
    assert_eq!(decoded.len(), pixels.len());
    let pixel_loss = |(&y, &x): (&f32, &f32)| {
        let (y, x) = (f64::from(y), f64::from(x));
        match model.loss.kind {
            LossKind::MeanSquaredError => (y - x).powi(2),
            LossKind::BinaryCrossEntropy => -x * y.ln() - (1.0 - x) * (1.0 - y).ln(),
        }
    };
    let sum: f64 = decoded.iter().zip(&pixels).map(pixel_loss).sum();
    let expected = sum * model.loss.scale(20, model.input.values());
    let found = network.evaluate(&images, 0..20).total;
    assert!(close(found, expected, 1e-5), "{model:?}: {found} for {expected}");
}

#[test]
fn going_on_from_a_copy_is_the_same_to_the_bit() {
    let mut random = Lcg(3);
    let model = ModelSpec::dense(&[37], 3, 0.3);
    let images = random.images(60);
    let weights = random.weights(&model);
    // The last batch is partial, as at the end of an epoch.
    let batches: Vec<_> = [30, 30, 7, 30, 30, 7].iter().map(|&size| random.batch(size, 60)).collect();
    let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
    for instructions in Instructions::available() {
        let mut whole = trainer(instructions, &model, &weights);
        let losses = block_on(whole.train(&images, &batches, 0.001)).unwrap();

        let mut first = trainer(instructions, &model, &weights);
        let mut pieces = block_on(first.train(&images, &batches[..3], 0.001)).unwrap();
        let progress = block_on(first.progress()).unwrap();
        let mut second = CpuTrainer::with_instructions(instructions, &model, &progress).unwrap();
        pieces.extend(block_on(second.train(&images, &batches[3..], 0.001)).unwrap());
        assert_eq!(losses, pieces);
        assert_eq!(block_on(whole.progress()), block_on(second.progress()));
        assert_eq!(block_on(second.progress()).unwrap().steps, 6);
    }
}

#[test]
fn every_instruction_set_trains_alike() {
    let mut random = Lcg(4);
    let model = ModelSpec::dense(&[45], 2, 0.3);
    let images = random.images(100);
    let weights = random.weights(&model);
    let batches: Vec<_> = (0..8).map(|_| random.batch(32, 100)).collect();
    let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
    let losses = |instructions| {
        let mut trainer = trainer(instructions, &model, &weights);
        totals(&block_on(trainer.train(&images, &batches, 0.001)).unwrap())
    };
    let expected = losses(Instructions::Portable);
    for instructions in Instructions::available() {
        for (found, expected) in losses(instructions).iter().zip(&expected) {
            assert!(
                close(f64::from(*found), f64::from(*expected), 1e-5),
                "{instructions:?}: {found}, {expected}"
            );
        }
    }
}

#[test]
fn the_error_is_that_of_the_decoded_codes_whatever_the_block() {
    let mut random = Lcg(5);
    let model = ModelSpec::dense(&[30], 3, 0.3);
    let images = random.images(600);
    let weights = random.weights(&model);
    for instructions in Instructions::available() {
        let mut trainer = trainer(instructions, &model, &weights);
        for which in [0..1, 5..300, 250..257, 0..600] {
            let codes = block_on(trainer.encode(&images, which.clone())).unwrap();
            assert_eq!(codes.len(), 3 * which.len());
            let decoded = block_on(trainer.decode(&codes)).unwrap();
            assert_eq!(decoded.len(), PIXELS * which.len());
            let pixels = images.gather(which.clone());
            let squares = decoded.iter().zip(&pixels).map(|(y, x)| f64::from(y - x).powi(2));
            let expected = squares.sum::<f64>() / pixels.len() as f64;
            let found = block_on(trainer.evaluate(&images, which.clone())).unwrap().total;
            assert!(close(found, expected, 1e-6), "{instructions:?}, {which:?}: {found} for {expected}");
            // The mean before the update is the same number.
            let batch: Vec<_> = which.map(|image| image as u32).collect();
            let loss = train(&mut trainer, &images, &batch, 0.0);
            assert!(close(loss, expected, 1e-6), "{instructions:?}: {loss} for {expected}");
        }
    }
}

#[test]
fn a_network_by_itself_gives_what_the_trainer_gives_and_takes_newer_weights() {
    let mut random = Lcg(6);
    let model = ModelSpec::dense(&[21], 2, 0.2);
    let images = random.images(40);
    let [first, second] = [(); 2].map(|()| random.weights(&model));
    let mut network = DenseNetwork::new(&model, &first).unwrap();
    for weights in [&first, &second] {
        network.load(weights).unwrap();
        let mut trainer = trainer(Instructions::best(), &model, weights);
        let codes = network.encode(&images, 3..40);
        assert_eq!(codes, block_on(trainer.encode(&images, 3..40)).unwrap());
        assert_eq!(network.decode(&codes), block_on(trainer.decode(&codes)).unwrap());
        assert_eq!(
            network.evaluate(&images, 0..40).total,
            block_on(trainer.evaluate(&images, 0..40)).unwrap().total
        );
    }

    // Weights that aren't the network's are refused, and change nothing.
    let codes = network.encode(&images, 0..5);
    let other = ModelSpec::dense(&[22], 2, 0.2);
    let refused = network.load(&Weights::zeros(&other));
    assert!(matches!(refused, Err(TrainerError::Weights(_))), "{refused:?}");
    assert_eq!(network.encode(&images, 0..5), codes);
}

#[test]
fn any_number_of_threads_trains_the_same_to_the_bit() {
    let mut random = Lcg(7);
    let leaky = [vec![300], vec![5], vec![41], vec![45, 30], vec![70, 1, 24, 9]]
        .map(|hidden| ModelSpec::dense(&hidden, 3, 0.3));
    let smooth = [vec![41], vec![45, 30]].map(|hidden| ModelSpec {
        activation: Activation::Sigmoid,
        latent: Latent::Deterministic { units: 3, activation: Some(Activation::Tanh) },
        output: Activation::Sigmoid,
        loss: Loss { kind: LossKind::BinaryCrossEntropy, reduction: Reduction::Sum },
        ..ModelSpec::dense(&hidden, 3, 0.3)
    });
    for model in leaky.into_iter().chain(smooth) {
        let images = random.images(120);
        let progress = Progress::with_weights(&model, random.weights(&model));
        let batches: Vec<_> = [100, 1, 33, 100].iter().map(|&size| random.batch(size, 120)).collect();
        let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
        for instructions in Instructions::available() {
            let outcome = |threads| {
                let trainer = CpuTrainer::with_threads(threads, instructions, &model, &progress);
                let mut trainer = trainer.unwrap();
                let losses = totals(&block_on(trainer.train(&images, &batches, 0.001)).unwrap());
                let codes = block_on(trainer.encode(&images, 3..120)).unwrap();
                let decoded = block_on(trainer.decode(&codes)).unwrap();
                let error = block_on(trainer.evaluate(&images, 3..120)).unwrap().total;
                (losses, codes, decoded, error, block_on(trainer.progress()).unwrap())
            };
            let expected = outcome(1);
            for threads in [2, 3, 7, 11] {
                assert!(outcome(threads) == expected, "{threads} threads, {instructions:?}, {model:?}");
            }
        }
    }
}
