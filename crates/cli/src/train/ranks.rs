//! Several ranks that train one network together.

use super::{options::Options, plan::Plan, rank_request::RankRequest, readiness, training::Training};
use crate::{Failure, device::Device, interrupt::Interrupt, report::Audience};
use latent_core::training::{
    TrainerError,
    checkpoint::Checkpoint,
    run::{Run, RunError},
};
use latent_cpu::{
    CpuTrainer,
    team::{Communicator, CpuWorker, Delayed, InProcess, Rank, RankTrainer},
};
use std::{thread, time::Duration};

/// Trains as one of several ranks. The first one reports and saves. `cores` are those that the rank has for itself.
pub(super) fn train(
    options: &Options,
    rank: Rank,
    communicator: impl Communicator,
    plan: Result<&Plan, Failure>,
    interrupt: &Interrupt,
    cores: usize,
) -> Result<(), Failure> {
    let mut communicator = Delayed::new(communicator, Duration::from_secs_f64(options.exchange_delay / 1e3));
    let prepared = plan.and_then(|plan| prepare(options, rank, plan, cores).map(|worker| (plan, worker)));
    pollster::block_on(async {
        let (plan, worker) = readiness::all_have(rank, &mut communicator, options, prepared).await?;
        let Checkpoint { settings, progress, .. } = &plan.checkpoint;
        let run = Run::with_trainer(settings.clone(), progress, RankTrainer::new(worker, communicator))?;
        let is_first = rank.index == 0;
        let mut report = plan.report(if is_first { options.audience() } else { Audience::Nobody });
        let training = Training::new(options, plan, &mut report, interrupt);
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

/// A rank's share of the network, if the run can be divided so.
fn prepare(
    options: &Options,
    rank: Rank,
    plan: &Plan,
    cores: usize,
) -> Result<CpuWorker<CpuTrainer>, Failure> {
    let Device::Cpu = options.device else { return Err(Failure::RanksOnTheCpu) };
    let Checkpoint { settings, progress, .. } = &plan.checkpoint;
    let trainer = options.cpu.trainer_on(cores, &settings.model, progress)?;
    Ok(CpuWorker::of_rank(trainer, rank, settings.batch)?)
}

/// Trains with so many ranks on threads of this process.
pub(super) fn in_process(
    options: &Options,
    plan: &Plan,
    interrupt: &Interrupt,
    ranks: usize,
) -> Result<(), Failure> {
    let cores = latent_cpu::default_threads().div_ceil(ranks);
    let run = |index, communicator| {
        let rank = Rank { index, of: ranks };
        train(options, rank, communicator, Ok(plan), interrupt, cores)
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
