//! `headless train`: a run from its start, or from a model, to its end; by this process alone, by several ranks in it, or as one
//! of the processes that MPI has started.

mod options;
mod plan; // what is checked before the first step
mod rank_request; // what ranks agree on between slices
mod ranks; // several ranks train together
mod readiness; // whether all ranks are about to do the same
mod saves; // checkpoints on the way
mod training; // the steps

#[cfg(feature = "mpi")]
mod mpi;

pub(crate) use self::options::Options;

use self::plan::Plan;
use crate::{Failure, interrupt::Interrupt};

/// Trains, reports and saves. Whatever can be checked beforehand is checked before the first step.
pub(crate) fn train(options: &Options) -> Result<(), Failure> {
    #[cfg(feature = "mpi")]
    if let Some(world) = mpi::World::enter()? {
        return world.train(options);
    }
    #[cfg(not(feature = "mpi"))]
    if is_started_by_mpi() {
        return Err(Failure::NoMpi);
    }
    let plan = Plan::new(options)?;
    let interrupt = Interrupt::watch()?;
    match options.ranks {
        1 => training::alone(options, plan, &interrupt),
        ranks => ranks::in_process(options, &plan, &interrupt, ranks.into()),
    }
}

/// Whether this process is one of several that Open MPI, MPICH or Slurm has started. Each would train the whole network.
#[cfg(not(feature = "mpi"))]
fn is_started_by_mpi() -> bool {
    let size = |name| std::env::var(name).ok().and_then(|size| size.parse().ok());
    ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"].into_iter().filter_map(size).any(|size: u32| size > 1)
}
