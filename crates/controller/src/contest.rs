//! Two engines against each other: the GPU is timed while the CPU engine trains, and takes the run if it is faster.

use latent_core::settings::Settings;

/// How many times as fast the GPU has to be for the change to be worth it.
const WORTH_IT: f64 = 1.1;
/// How long the GPU is timed, after the first steps, for which it compiles.
const TIMED_MS: f64 = 1_000.0;
/// Drivers and browsers change: what was found so long ago is found again.
const REMEMBERED_S: u32 = 7 * 24 * 3600;

/// Steps a second of both engines, with the same settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Of the WebGPU engine.
    pub gpu: f64,
    /// Of the CPU engine.
    pub cpu: f64,
}

impl Verdict {
    /// Whether the GPU takes the run.
    pub fn is_for_gpu(self) -> bool {
        self.gpu > WORTH_IT * self.cpu
    }

    /// The verdict as it is remembered on a device: both speeds in tenths of a step, and the time in seconds.
    pub fn to_text(self, now_s: u32) -> String {
        let tenths = |speed: f64| (10.0 * speed) as u32;
        format!("{} {} {now_s}", tenths(self.gpu), tenths(self.cpu))
    }

    /// A verdict that was remembered; none if it is no such text, or old.
    pub fn remembered(text: &str, now_s: u32) -> Option<Self> {
        let mut numbers = text.split(' ').map_while(|number| number.parse::<u32>().ok());
        let mut next = || numbers.next();
        let (gpu, cpu, then_s) = (next()?, next()?, next()?);
        let is_recent = now_s.checked_sub(then_s)? < REMEMBERED_S;
        is_recent.then_some(Self { gpu: f64::from(gpu) / 10.0, cpu: f64::from(cpu) / 10.0 })
    }
}

/// What a verdict holds for: the sizes that decide how long a step takes.
pub fn subject(settings: &Settings) -> String {
    let model = &settings.model;
    format!("{:?} {} {}", model.hidden(), model.latent_units(), settings.batch)
}

/// The GPU on trial.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trial {
    known: Option<Verdict>,
    begun: Option<Timing>,
}

/// Where the timing began.
#[derive(Clone, Copy, Debug)]
struct Timing {
    at_ms: f64,
    steps: u64,
    cpu: f64,
}

impl Trial {
    /// A trial whose end is known already: it waits for the first steps only.
    pub fn known(verdict: Option<Verdict>) -> Self {
        Self { known: verdict, begun: None }
    }

    /// Notes that the GPU has trained so many steps in all, while the CPU engine trains `cpu` steps a second. Gives the
    /// verdict once there is one.
    pub fn trained(&mut self, now_ms: f64, steps: u64, cpu: f64) -> Option<Verdict> {
        if self.known.is_some() {
            return self.known;
        }
        let Timing { at_ms, steps: before, cpu } =
            *self.begun.get_or_insert(Timing { at_ms: now_ms, steps, cpu });
        let timed_ms = now_ms - at_ms;
        (timed_ms >= TIMED_MS).then(|| Verdict { gpu: (steps - before) as f64 / timed_ms * 1e3, cpu })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_gpu_is_timed_for_a_second_after_its_first_steps() {
        let mut trial = Trial::default();
        assert_eq!(trial.trained(5_000.0, 1, 100.0), None);
        assert_eq!(trial.trained(5_900.0, 300, 90.0), None);
        let verdict = trial.trained(6_000.0, 401, 90.0).unwrap();
        assert_eq!(verdict, Verdict { gpu: 400.0, cpu: 100.0 });
        assert!(verdict.is_for_gpu());
    }

    #[test]
    fn what_is_hardly_faster_or_slower_does_not_take_the_run() {
        assert!(!Verdict { gpu: 105.0, cpu: 100.0 }.is_for_gpu());
        assert!(!Verdict { gpu: 3.0, cpu: 100.0 }.is_for_gpu());
    }

    #[test]
    fn a_known_trial_ends_with_its_first_steps() {
        let known = Verdict { gpu: 2.0, cpu: 1.0 };
        assert_eq!(Trial::known(Some(known)).trained(0.0, 1, 5.0), Some(known));
    }

    #[test]
    fn a_verdict_is_remembered_for_a_week() {
        let verdict = Verdict { gpu: 410.5, cpu: 128.0 };
        let (text, week_s) = (verdict.to_text(1_000_000), 7 * 24 * 3600);
        assert_eq!(Verdict::remembered(&text, 1_000_000 + week_s - 1), Some(verdict));
        assert_eq!(Verdict::remembered(&text, 1_000_000 + week_s), None);
        assert_eq!(Verdict::remembered(&text, 999_999), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_verdict_or_none(text in "[0-9 .-]{0,30}", now_s: u32) {
            if let Some(Verdict { gpu, cpu }) = Verdict::remembered(&text, now_s) {
                prop_assert!(gpu >= 0.0 && cpu >= 0.0);
            }
        }
    }
}
