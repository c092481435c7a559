//! How a worker that hangs is noticed: it owes a report and stays silent for too long.

use latent_protocol::Phase;

/// Seconds without a report after which a training engine counts as hung.
const PATIENCE_S: u32 = 10;
/// The same before it has trained a step, when nobody knows yet how long its steps take, and while it loads or compiles.
/// Longer than a request for data lasts that stalls three times.
const LONG_PATIENCE_S: u32 = 120;
/// A report that takes so many times longer than is usual for this engine isn't waited for.
const LONGER: f32 = 4.0;
/// How much of what is usual a single report changes.
const SHARE: f32 = 0.125;
/// Seconds that an explorer has for a report. It reports every second while it works.
const ANSWER_PATIENCE_S: u32 = 10;

/// Notices that an engine has become silent while it should be at work. Counts its own ticks and not the time, which goes on
/// while the whole page sleeps.
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

/// Notices that an explorer owes a report and stays silent. Counts ticks, as [`Watchdog`] does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnswerWatchdog {
    silent_s: u32,
    has_reported: bool,
}

impl AnswerWatchdog {
    /// Notes a report of the explorer, or that more of its program has arrived.
    pub fn heard(&mut self, is_report: bool) {
        self.silent_s = 0;
        self.has_reported |= is_report;
    }

    /// To be called every second. Tells whether the explorer has been silent for too long, if it owes a report.
    pub fn is_hung(&mut self, owes_report: bool) -> bool {
        self.silent_s = if owes_report { self.silent_s + 1 } else { 0 };
        self.silent_s >= if self.has_reported { ANSWER_PATIENCE_S } else { LONG_PATIENCE_S }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn an_explorer_that_owes_nothing_may_be_silent_and_one_that_loads_has_more_time() {
        let silence = |watchdog: &mut AnswerWatchdog, owes| (1..=1_000).find(|_| watchdog.is_hung(owes));
        let mut watchdog = AnswerWatchdog::default();
        assert_eq!(silence(&mut watchdog, false), None);
        assert_eq!(silence(&mut watchdog, true), Some(120));
        watchdog.heard(true);
        assert_eq!(silence(&mut watchdog, false), None);
        assert_eq!(silence(&mut watchdog, true), Some(10));
    }
}
