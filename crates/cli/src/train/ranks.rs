//! Several ranks that train one network together.

use super::{
    options::Options,
    plan::Plan,
    rank_request::RankRequest,
    readiness::{self, Arithmetic, Prepared},
    training::Training,
};
use crate::{Failure, device::Device, interrupt::Interrupt, report::Audience};
use latent_core::{
    team::{Communicator, Delayed, InProcess, Rank, RankTrainer, TeamTrainer, Worker},
    training::{
        TrainerError,
        checkpoint::Checkpoint,
        run::{Run, RunError},
    },
};
use latent_cpu::{CpuTrainer, Instructions};
use std::{thread, time::Duration};

/// A rank of a run, and its number among those on its machine, which share cores and GPUs.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) rank: Rank,
    pub(super) on_machine: Rank,
}

/// Trains as one of several ranks. The first one reports and saves.
pub(super) fn train(
    options: &Options,
    place: Place,
    communicator: impl Communicator,
    plan: Result<&Plan, Failure>,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let rank = place.rank;
    match options.device {
        Device::Cpu => {
            let prepared = plan.and_then(|plan| on_cpu(options, place, plan));
            train_prepared(options, rank, communicator, prepared, interrupt)
        }
        #[cfg(feature = "wgpu")]
        Device::Wgpu => {
            let prepared = plan.and_then(|plan| pollster::block_on(on_gpu(place, plan)));
            train_prepared(options, rank, communicator, prepared, interrupt)
        }
        #[cfg(not(feature = "wgpu"))]
        Device::Wgpu => {
            let prepared = plan.and(Err::<Prepared<Worker<CpuTrainer>>, _>(Failure::NoWgpu));
            train_prepared(options, rank, communicator, prepared, interrupt)
        }
        Device::Burn | Device::Flex => {
            let prepared = plan.and(Err::<Prepared<Worker<CpuTrainer>>, _>(Failure::RanksOnBurn));
            train_prepared(options, rank, communicator, prepared, interrupt)
        }
    }
}

fn train_prepared<T: TeamTrainer>(
    options: &Options,
    rank: Rank,
    communicator: impl Communicator,
    prepared: Result<Prepared<Worker<T>>, Failure>,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let mut communicator = Delayed::new(communicator, Duration::from_secs_f64(options.exchange_delay / 1e3));
    pollster::block_on(async {
        let ready = readiness::all_are(rank, &mut communicator, options, prepared).await?;
        let Prepared { plan, worker, .. } = ready;
        let Checkpoint { settings, progress, .. } = &plan.checkpoint;
        let run = Run::with_trainer(settings.clone(), progress, RankTrainer::new(worker, communicator))?;
        let is_first = rank.index == 0;
        let audience = if is_first { options.audience() } else { Audience::Nobody };
        let mut report = plan.report(audience, interrupt);
        let training = Training::new(options, plan, is_first, &mut report, interrupt);
        let agree = async |trainer: &mut RankTrainer<_, _>, request: RankRequest| {
            request.agreed(&trainer.exchange(&request.to_bytes()).await?)
        };
        let result = training.advance(run, agree).await;
        report.clear();
        match (is_first, result) {
            (true, result) => plan.finish(options, report, &result?, interrupt),
            // All ranks have the same losses, and find the same.
            (false, Err(Failure::Run(RunError::Diverged(_)))) => Err(Failure::ToldByTheFirstRank),
            (false, result) => result.map(drop),
        }
    })
}

/// A rank with its share of the cores, if the run can be divided so.
fn on_cpu<'a>(
    options: &Options,
    Place { rank, on_machine }: Place,
    plan: &'a Plan,
) -> Result<Prepared<'a, Worker<CpuTrainer>>, Failure> {
    let Checkpoint { settings, progress, .. } = &plan.checkpoint;
    let cores = latent_cpu::default_threads().div_ceil(on_machine.of.max(1));
    let trainer = options.cpu.trainer_on(cores, &settings.model, progress)?;
    let worker = Worker::of_rank(trainer, rank, settings.batch)?;
    let instructions = options.cpu.instructions.unwrap_or_else(Instructions::best);
    Ok(Prepared { plan, worker, arithmetic: Arithmetic::Instructions(instructions) })
}

/// A rank with a GPU of its own, if the machine has as many as ranks, likewise.
#[cfg(feature = "wgpu")]
async fn on_gpu(
    Place { rank, on_machine }: Place,
    plan: &Plan,
) -> Result<Prepared<'_, Worker<latent_gpu::Passes>>, Failure> {
    let Checkpoint { settings, progress, .. } = &plan.checkpoint;
    let gpu = latent_gpu::Gpu::request_numbered(on_machine.index).await?;
    let trainer = latent_gpu::Passes::for_rank(&gpu, &settings.model, progress).await?;
    let worker = Worker::of_rank(trainer, rank, settings.batch)?;
    Ok(Prepared { plan, worker, arithmetic: Arithmetic::Gpu(gpu.kind()) })
}

/// Trains with so many ranks on threads of this process.
pub(super) fn in_process(
    options: &Options,
    plan: &Plan,
    interrupt: &Interrupt,
    ranks: usize,
) -> Result<(), Failure> {
    let run = |index, communicator| {
        let rank = Rank { index, of: ranks };
        train(options, Place { rank, on_machine: rank }, communicator, Ok(plan), interrupt)
    };
    thread::scope(|scope| {
        let mut communicators = InProcess::between(ranks).into_iter().enumerate();
        let first = communicators.next();
        let others: Vec<_> = communicators
            .map(|(index, communicator)| scope.spawn(move || run(index, communicator)))
            .collect();
        let first = first.map_or(Ok(()), |(index, communicator)| run(index, communicator));
        let others = others.into_iter().map(|rank| rank.join().unwrap_or(Err(Failure::RankPanicked)));
        let failures: Vec<_> = [first].into_iter().chain(others).filter_map(Result::err).collect();
        // A rank that failed is the reason for which the others have to end.
        failures.into_iter().min_by_key(is_a_consequence).map_or(Ok(()), Err)
    })
}

fn is_a_consequence(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::ToldByTheFirstRank
            | Failure::Trainer(TrainerError::Team(_))
            | Failure::Run(RunError::Trainer(TrainerError::Team(_)))
    )
}
