//! Ranks on several machines: MPI starts the processes and carries their messages.

mod messages;

use self::messages::Messages;
use super::{
    options::Options,
    plan::Plan,
    ranks::{self, Place},
};
use crate::{Failure, files::tell, interrupt::Interrupt};
use latent_core::{team::Rank, training::run::RunError};
use mpi::{Threading, environment::Universe, traits::Communicator as _};

/// Has Open MPI send messages between processes of one machine without asking whether they are awaited, up to 64 KiB (by default
/// 4). A longer one moves on only while both call MPI, and a rank computes between sending and receiving. The first name is that
/// of Open MPI 4, the second that of 5; networks have their own limits. With 1 MiB the segments of shared memory hold too few
/// messages: Open MPI takes TCP instead, and ranks may not notice that another one has died.
const EAGER: [(&str, &str); 2] =
    [("OMPI_MCA_btl_vader_eager_limit", "65536"), ("OMPI_MCA_btl_sm_eager_limit", "65536")];

/// The processes that MPI has started together.
pub(super) struct World {
    universe: Universe,
    rank: Rank,
}

impl World {
    /// Joins the other processes. None if this one was started alone.
    pub(super) fn enter() -> Result<Option<Self>, Failure> {
        for (name, limit) in EAGER {
            if std::env::var_os(name).is_none() {
                // SAFETY: the process has no other thread yet that could read its environment.
                unsafe { std::env::set_var(name, limit) };
            }
        }
        // The threads of a rank's pool make no calls of MPI.
        let (universe, _) = mpi::initialize_with_threading(Threading::Funneled).ok_or(Failure::Mpi)?;
        let world = universe.world();
        let rank = rank_in(&world)?;
        Ok((rank.of > 1).then_some(Self { universe, rank }))
    }

    /// Trains as one of them.
    pub(super) fn train(self, options: &Options) -> Result<(), Failure> {
        let Self { universe, rank } = self;
        let world = universe.world();
        let place = Place { rank, on_machine: on_this_machine(&world)? };
        let interrupt = Interrupt::watch()?;
        let plan = match (options.ranks, rank.index) {
            (2.., _) => Err(Failure::RanksWithinRanks),
            (_, 0) => Plan::new(options),
            _ => Plan::without_output(options),
        };
        // MPI is left when this is dropped.
        let mut messages = Messages::new(universe, rank, &interrupt);
        let trained = match plan {
            Ok(plan) => ranks::train(options, place, &mut messages, Ok(&plan), &interrupt),
            Err(failure) => ranks::train(options, place, &mut messages, Err(failure), &interrupt),
        };
        match trained {
            Err(failure @ (Failure::Trainer(_) | Failure::Run(RunError::Trainer(_)))) => {
                tell(format!("rank {}: {failure}{}", rank.index, advice(options)));
                // The others wait for this rank. Their processes are ended, too.
                world.abort(1)
            }
            trained => trained,
        }
    }
}

/// The rank of this process among these.
fn rank_in(processes: &impl mpi::traits::Communicator) -> Result<Rank, Failure> {
    let number = |number: i32| usize::try_from(number).map_err(|_| Failure::Mpi);
    Ok(Rank { index: number(processes.rank())?, of: number(processes.size())? })
}

/// The rank among the processes on this machine.
fn on_this_machine(world: &impl mpi::traits::Communicator) -> Result<Rank, Failure> {
    rank_in(&world.split_shared(0))
}

/// How the run can go on.
fn advice(options: &Options) -> String {
    let out = options.save_every.and(options.out.as_ref());
    out.map_or_else(String::new, |out| {
        let out = out.display();
        format!(". The last model that was saved goes on with --init {out}")
    })
}
