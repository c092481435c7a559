//! What becomes of a run whose engine dies: how a death without a word is noticed, and what comes after one.

use crate::{choice::Engine, protocol::Phase};

/// An engine that dies so often in a row is given up.
const MOST_DEATHS: u32 = 3;
/// Milliseconds of training after which an engine counts as sound again.
const PROVEN_MS: f64 = 10_000.0;
/// Seconds without a word after which a training engine counts as hung.
const PATIENCE_S: u32 = 10;
/// The same before it has trained a step: nobody knows yet how long its steps take.
const FIRST_PATIENCE_S: u32 = 60;
/// A word that comes after so many times the longest silence so far isn't waited for.
const LONGER: u32 = 4;

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
    /// When the engine that is at work trained its first step.
    since_ms: Option<f64>,
}

impl Recovery {
    /// Notes that steps were trained.
    pub fn trained(&mut self, now_ms: f64) {
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
            Engine::WebGpu => Remedy::OnCpu,
            Engine::Cpu => Remedy::GiveUp,
        }
    }
}

/// Notices that a training engine has become silent. Counts its own ticks and not the time, which goes on while the
/// whole page sleeps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Watchdog {
    silent_s: u32,
    longest_s: u32,
    has_trained: bool,
}

impl Watchdog {
    /// Notes a word of the engine.
    pub fn heard(&mut self) {
        if self.has_trained {
            self.longest_s = self.longest_s.max(self.silent_s);
        }
        self.silent_s = 0;
    }

    /// Notes that steps were trained.
    pub fn trained(&mut self) {
        self.heard();
        self.has_trained = true;
    }

    /// To be called every second. Tells whether the engine, in this phase, has been silent for too long.
    pub fn is_hung(&mut self, phase: Phase) -> bool {
        if phase != Phase::Training {
            // Loading and compiling take as long as they take.
            self.silent_s = 0;
            return false;
        }
        self.silent_s += 1;
        let least = if self.has_trained { PATIENCE_S } else { FIRST_PATIENCE_S };
        self.silent_s >= least.max(LONGER * self.longest_s)
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
            recovery.trained(500.0);
            recovery.trained(500.0 + trained_ms);
            recovery.died(Engine::WebGpu)
        };
        for trained_ms in [9_000.0, 9_000.0, 10_000.0, 9_000.0] {
            assert_eq!(dies_after(trained_ms), Remedy::Again);
        }
        assert_eq!(dies_after(1.0), Remedy::OnCpu);
    }

    fn silence(watchdog: &mut Watchdog, phase: Phase) -> Option<u32> {
        (1..=1_000).find(|_| watchdog.is_hung(phase))
    }

    #[test]
    fn silence_counts_only_while_training() {
        let mut watchdog = Watchdog::default();
        for phase in
            [Phase::Idle, Phase::Loading, Phase::Compiling, Phase::Paused, Phase::Finished, Phase::Failed]
        {
            assert_eq!(silence(&mut watchdog, phase), None);
        }
        watchdog.trained();
        assert_eq!(silence(&mut watchdog, Phase::Training), Some(10));
    }

    #[test]
    fn the_first_step_and_a_slow_engine_have_more_time() {
        let mut watchdog = Watchdog::default();
        assert_eq!(silence(&mut watchdog, Phase::Training), Some(60));
        let mut slow = Watchdog::default();
        slow.trained();
        (0..5).for_each(|_| assert!(!slow.is_hung(Phase::Training)));
        slow.trained();
        assert_eq!(silence(&mut slow, Phase::Training), Some(20));
    }

    #[test]
    fn any_word_is_a_sign_of_life() {
        let mut watchdog = Watchdog::default();
        watchdog.trained();
        for _ in 0..20 {
            (0..2).for_each(|_| assert!(!watchdog.is_hung(Phase::Training)));
            watchdog.heard();
        }
    }
}
