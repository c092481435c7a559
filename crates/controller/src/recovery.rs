//! What becomes of a run whose engine dies: how a death without a word is noticed, and what comes after one.

use latent_core::engine::Engine;
use latent_protocol::Phase;

/// An engine that dies so often in a row is given up.
const MOST_DEATHS: u32 = 3;
/// Milliseconds of work after which an engine counts as sound again.
const PROVEN_MS: f64 = 10_000.0;
/// Seconds without a word after which a training engine counts as hung.
const PATIENCE_S: u32 = 10;
/// The same before it has trained a step, when nobody knows yet how long its steps take, and while it loads or compiles.
/// Longer than a request for data lasts that stalls three times.
const LONG_PATIENCE_S: u32 = 120;
/// A word that takes so many times longer than is usual for this engine isn't waited for.
const LONGER: f32 = 4.0;
/// How much of what is usual a single word changes.
const SHARE: f32 = 0.125;

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
            Engine::WebGpu => Remedy::OnCpu,
            Engine::Cpu => Remedy::GiveUp,
        }
    }
}

/// Notices that an engine has become silent while it should be at work. Counts its own ticks and not the time, which goes on while the
/// whole page sleeps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Watchdog {
    silent_s: u32,
    /// The silence between two words that is usual for this engine, once it has trained.
    usual_s: Option<f32>,
    is_training: bool,
}

impl Watchdog {
    /// Notes a word of the engine.
    pub fn heard(&mut self) {
        if let Some(usual_s) = &mut self.usual_s
            && self.is_training
        {
            *usual_s += SHARE * (self.silent_s as f32 - *usual_s);
        }
        self.silent_s = 0;
    }

    /// Notes that steps were trained.
    pub fn trained(&mut self) {
        // The first silence is at least a step long, with whatever came before it.
        self.usual_s.get_or_insert(self.silent_s as f32);
        self.heard();
    }

    /// To be called every second. Tells whether the engine, in this phase, has been silent for too long.
    pub fn is_hung(&mut self, phase: Phase) -> bool {
        self.is_training = phase == Phase::Training;
        if !phase.is_active() {
            self.silent_s = 0;
            return false;
        }
        self.silent_s += 1;
        let most_s = match self.usual_s.filter(|_| self.is_training) {
            Some(usual_s) => (LONGER * usual_s).max(PATIENCE_S as f32),
            None => LONG_PATIENCE_S as f32,
        };
        self.silent_s as f32 >= most_s
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

    fn silence(watchdog: &mut Watchdog, phase: Phase) -> Option<u32> {
        (1..=1_000).find(|_| watchdog.is_hung(phase))
    }

    #[test]
    fn silence_counts_only_at_work() {
        let mut watchdog = Watchdog::default();
        watchdog.trained();
        for phase in [Phase::Idle, Phase::Paused, Phase::Finished, Phase::Failed] {
            assert_eq!(silence(&mut watchdog, phase), None);
        }
        assert_eq!(silence(&mut watchdog, Phase::Training), Some(10));
    }

    #[test]
    fn loading_compiling_and_the_first_step_have_more_time() {
        for phase in [Phase::Loading, Phase::Compiling, Phase::Training] {
            assert_eq!(silence(&mut Watchdog::default(), phase), Some(120));
        }
    }

    /// What is waited for after words that each took so long.
    fn patience_after(seconds: &[u32], phase: Phase) -> Option<u32> {
        let mut watchdog = Watchdog::default();
        for &seconds in seconds {
            (0..seconds).for_each(|_| assert!(!watchdog.is_hung(phase)));
            watchdog.trained();
        }
        silence(&mut watchdog, Phase::Training)
    }

    #[test]
    fn an_engine_with_slow_steps_has_more_time_from_the_first_one_on() {
        assert_eq!(patience_after(&[20], Phase::Training), Some(80));
        assert_eq!(patience_after(&[20, 20, 20], Phase::Training), Some(80));
        // Compiling took long, the steps do not.
        assert_eq!(patience_after(&[[20].as_slice(), &[0; 20]].concat(), Phase::Training), Some(10));
    }

    #[test]
    fn one_long_wait_among_short_ones_changes_nothing() {
        assert_eq!(patience_after(&[1, 1, 1, 6, 1, 1], Phase::Training), Some(10));
        assert_eq!(patience_after(&[0, 60, 60], Phase::Loading), Some(10));
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
