//! Prints how many of the tutorial's hidden units are at the boundary of a linear region during training, which is what linear
//! regions leave of the output layer's products: `cargo run --release -p latent-benches --bin boundary_units`.

use latent_core::{
    model::ModelSpec,
    training::{Progress, Trainer},
};
use latent_cpu::CpuTrainer;
use pollster::block_on;

const BATCH: usize = 256;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (images, model) = (latent_tests::images("train", 60), ModelSpec::default());
    let mut trainer = block_on(CpuTrainer::new(&(), &model, &Progress::initial(&model, 1)))?;
    let batches = images.len() / BATCH;
    for step in 0..12 * batches {
        // In no order: a stride that has no divisor in common with the number of images.
        let batch: Vec<_> = (0..BATCH).map(|at| ((step * BATCH + at) * 7919 % images.len()) as u32).collect();
        block_on(trainer.train(&images, &[&batch], 5e-4))?;
        if [0, 10, 100].contains(&step) || (step + 1) % (2 * batches) == 0 {
            match trainer.boundary_share() {
                Some(share) => println!("step {step}: {:.1} % are boundary units", 100.0 * share),
                None => println!("step {step}: no linear regions"),
            }
        }
    }
    Ok(())
}
