//! Steps per second of models beyond the tutorial's on the CPU, with 1 and 2 threads: the fastest of several
//! rounds, by the clock and, where Linux tells, by the time that the threads were on a core. Multiply-adds are three times those
//! of the forward pass.
//!
//! `cargo run --release -p latent-benches --bin model_step [-- rounds [avx2|sse2 [title]]]`

use latent_core::{
    link::Link,
    noise::Noise,
    training::{Progress, Trainer, TrainerError},
};
use latent_cpu::{CpuTrainer, Instructions};
use latent_tests::{batches, images};
use pollster::block_on;
use std::time::Instant;

/// Each model as a link, with its batch.
const MODELS: [(&str, &str, usize); 5] = [
    (
        "Variational convolutional",
        "encoder=conv32k3s2,conv64k3s2,dense16&variational=1&activation=relu&output=sigmoid&loss=bce-sum",
        128,
    ),
    ("Convolutional", "encoder=conv8k3s2,conv16k3s2,dense16&output=sigmoid", 256),
    ("Variational dense", "hidden=512&variational=1&activation=relu&output=sigmoid&loss=bce-sum", 128),
    ("Denoising", "corruption=gaussian0.4", 256),
    ("Dropout", "encoder=dense300,dropout0.2", 256),
];

fn main() -> Result<(), TrainerError> {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let name = arguments.next();
    let named = |it: &Instructions| name.as_deref().is_none_or(|name| it.name() == name);
    let instructions = Instructions::available().into_iter().find(named).unwrap_or(Instructions::best());
    let only = arguments.next().unwrap_or_default();
    let images = images("train", 4);
    println!("{instructions:?}");
    for (title, fragment, batch) in MODELS.into_iter().filter(|(title, ..)| title.starts_with(&only)) {
        let model = Link::parse(fragment).0.settings.model;
        let batches = batches(0..10, batch as u32);
        let batches: Vec<_> = batches.iter().map(Vec::as_slice).collect();
        for threads in [1, 2] {
            let start = Progress::initial(&model, 1);
            let mut trainer = CpuTrainer::with_threads(threads, instructions, &model, &start)?;
            trainer.set_noise(Noise::seeded(1));
            let (mut clock, mut cores) = (f64::INFINITY, f64::INFINITY);
            for _ in 0..rounds {
                let (began, on_cores) = (Instant::now(), seconds_on_cores());
                block_on(trainer.train(&images, &batches, 1e-3))?;
                clock = clock.min(began.elapsed().as_secs_f64() / batches.len() as f64);
                cores = cores.min((seconds_on_cores() - on_cores) / batches.len() as f64);
            }
            let giga = |seconds: f64| 3e-9 * model.multiply_adds(batch) as f64 / seconds;
            println!(
                "{title:<26} batch {batch}, {threads} threads: {:6.1} steps/s, {:5.1} G/s; on cores {:6.1} ms a step, {:5.1} G/s",
                1.0 / clock,
                giga(clock),
                1e3 * cores,
                giga(cores)
            );
        }
    }
    Ok(())
}

/// How long this program's threads were on a core, as far as Linux tells.
fn seconds_on_cores() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of = |thread: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<f64>().ok()
    };
    1e-9 * threads.filter_map(of).sum::<f64>()
}
