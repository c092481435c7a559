//! What becomes of a run whose engine dies.

use latent_core::engine::Engine;

/// An engine that dies so often in a row is given up.
const MOST_DEATHS: u32 = 3;
/// Milliseconds of work after which an engine counts as sound again.
const PROVEN_MS: f64 = 10_000.0;

/// What to do after a death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Another worker of the same engine goes on.
    Again,
    /// The CPU engine goes on.
    OnCpu,
    /// Nothing by itself: the person may try again.
    GiveUp,
}

/// The deaths so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Recovery {
    deaths: u32,
    /// When the engine that is at work did the first of it.
    since_ms: Option<f64>,
}

impl Recovery {
    /// Notes that it has done some of its work: a trainer steps, an explorer answers.
    pub fn worked(&mut self, now_ms: f64) {
        let since_ms = *self.since_ms.get_or_insert(now_ms);
        if now_ms - since_ms >= PROVEN_MS {
            self.deaths = 0;
        }
    }

    /// Notes a death of this engine, and tells what to do.
    pub fn died(&mut self, engine: Engine) -> Remedy {
        self.deaths += 1;
        self.since_ms = None;
        if self.deaths < MOST_DEATHS {
            return Remedy::Again;
        }
        *self = Self::default();
        match engine {
            Engine::WebGpu | Engine::Burn => Remedy::OnCpu,
            Engine::Cpu => Remedy::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_death_in_a_row_hands_the_run_to_the_cpu_and_there_ends_it() {
        let mut recovery = Recovery::default();
        let mut die = |engine| recovery.died(engine);
        assert_eq!([(); 3].map(|()| die(Engine::WebGpu)), [Remedy::Again, Remedy::Again, Remedy::OnCpu]);
        assert_eq!([(); 3].map(|()| die(Engine::Cpu)), [Remedy::Again, Remedy::Again, Remedy::GiveUp]);
        assert_eq!(die(Engine::Cpu), Remedy::Again);
    }

    #[test]
    fn ten_seconds_of_training_make_an_engine_sound_again() {
        let mut recovery = Recovery::default();
        let mut dies_after = |trained_ms: f64| {
            recovery.worked(500.0);
            recovery.worked(500.0 + trained_ms);
            recovery.died(Engine::WebGpu)
        };
        for trained_ms in [9_000.0, 9_000.0, 10_000.0, 9_000.0] {
            assert_eq!(dies_after(trained_ms), Remedy::Again);
        }
        assert_eq!(dies_after(1.0), Remedy::OnCpu);
    }
}
