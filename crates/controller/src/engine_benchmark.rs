//! Compares the two engines: times the GPU while the CPU engine trains, and remembers the results on this device.

use latent_core::settings::{Field, Settings};

/// How many times as fast the GPU has to be for the change to be worth it.
const WORTH_IT: f64 = 1.1;
/// How long the GPU is timed, after the first steps, for which it compiles.
const TIMED_MS: f64 = 1_000.0;
/// A result expires after this time: drivers and browsers change.
const EXPIRES_AFTER_S: u64 = 7 * 24 * 3600;
/// Results that are remembered; the oldest gives way.
const MOST_RESULTS: usize = 50;

/// Steps a second of both engines, with the same settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BenchmarkResult {
    /// Of the WebGPU engine.
    pub gpu: f64,
    /// Of the CPU engine.
    pub cpu: f64,
}

impl BenchmarkResult {
    /// Whether the GPU takes the run.
    pub fn is_for_gpu(self) -> bool {
        self.gpu > WORTH_IT * self.cpu
    }
}

/// What a result holds for: everything that decides how long a step takes on one device with one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchmarkKey(String);

impl BenchmarkKey {
    /// The key of these settings, with the CPU engine's `workers` as [`latent_protocol::Role`] names them.
    pub fn new(settings: &Settings, workers: &str) -> Self {
        let fields = [
            Field::Data,
            Field::Hidden,
            Field::Code,
            Field::Variational,
            Field::Corruption,
            Field::Activation,
            Field::CodeActivation,
            Field::Output,
            Field::Loss,
            Field::Batch,
        ];
        let sizes = fields.map(|field| settings.get(field)).join(" ");
        Self(format!("{sizes} {workers}"))
    }
}

/// The results that are remembered on this device. They belong to one release: another one may be faster or slower.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchmarkMemory {
    release: String,
    results: Vec<(BenchmarkKey, BenchmarkResult, u64)>,
}

impl BenchmarkMemory {
    /// Reads what was remembered. Results of another release, and lines that are no results, are dropped.
    pub fn parse(text: &str, release: &str) -> Self {
        let mut lines = text.lines();
        let is_of_release = lines.next() == Some(release);
        let results = lines.filter(|_| is_of_release).filter_map(|line| {
            let (numbers, key) = line.split_once('|')?;
            let mut numbers = numbers.split(' ');
            let mut tenths = || Some(f64::from(numbers.next()?.parse::<u32>().ok()?) / 10.0);
            let result = BenchmarkResult { gpu: tenths()?, cpu: tenths()? };
            Some((BenchmarkKey(key.into()), result, numbers.next()?.parse().ok()?))
        });
        Self { release: release.into(), results: results.take(MOST_RESULTS).collect() }
    }

    /// The text that [`BenchmarkMemory::parse`] reads: the release, then a line for each result with both speeds in
    /// tenths of a step a second and the time in seconds.
    pub fn to_text(&self) -> String {
        let tenths = |speed: f64| (10.0 * speed).round() as u32;
        let mut text = self.release.clone();
        for (BenchmarkKey(key), BenchmarkResult { gpu, cpu }, at_s) in &self.results {
            text.push_str(&format!("\n{} {} {at_s}|{key}", tenths(*gpu), tenths(*cpu)));
        }
        text
    }

    /// The result for this key, unless it has expired.
    pub fn get(&self, key: &BenchmarkKey, now_ms: f64) -> Option<BenchmarkResult> {
        let (_, result, at_s) = self.results.iter().find(|(known, ..)| known == key)?;
        let is_recent = seconds(now_ms).checked_sub(*at_s)? < EXPIRES_AFTER_S;
        is_recent.then_some(*result)
    }

    /// Steps a second of the CPU engine when it was timed last, for an estimate.
    pub fn cpu_speed(&self, key: &BenchmarkKey) -> Option<f64> {
        let (_, result, _) = self.results.iter().find(|(known, ..)| known == key)?;
        (result.cpu > 0.0).then_some(result.cpu)
    }

    /// Remembers a result in place of the one before.
    pub fn insert(&mut self, key: BenchmarkKey, result: BenchmarkResult, now_ms: f64) {
        self.results.retain(|(known, ..)| *known != key);
        if self.results.len() >= MOST_RESULTS {
            self.results.remove(0);
        }
        self.results.push((key, result, seconds(now_ms)));
    }
}

fn seconds(now_ms: f64) -> u64 {
    (now_ms / 1e3) as u64
}

/// A benchmark under way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Benchmark {
    known: Option<BenchmarkResult>,
    begun: Option<Timing>,
}

/// Where the timing began.
#[derive(Clone, Copy, Debug)]
struct Timing {
    at_ms: f64,
    steps: u64,
    cpu: f64,
}

impl Benchmark {
    /// A benchmark whose result is known already: it only waits until the GPU trains.
    pub fn known(result: Option<BenchmarkResult>) -> Self {
        Self { known: result, begun: None }
    }

    /// Notes that the GPU has trained `steps` steps in all, while the CPU engine trains `cpu` steps a second. Gives the
    /// result once there is one.
    pub fn trained(&mut self, now_ms: f64, steps: u64, cpu: f64) -> Option<BenchmarkResult> {
        if self.known.is_some() {
            return self.known;
        }
        let Timing { at_ms, steps: before, cpu } =
            *self.begun.get_or_insert(Timing { at_ms: now_ms, steps, cpu });
        let timed_ms = now_ms - at_ms;
        let gpu = || steps.saturating_sub(before) as f64 / timed_ms * 1e3;
        (timed_ms >= TIMED_MS).then(|| BenchmarkResult { gpu: gpu(), cpu })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        link::Link,
        model::{Latent, ModelSpec, presets},
    };
    use proptest::prelude::*;

    #[test]
    fn the_gpu_is_timed_for_a_second_after_its_first_steps() {
        let mut benchmark = Benchmark::default();
        assert_eq!(benchmark.trained(5_000.0, 1, 100.0), None);
        assert_eq!(benchmark.trained(5_900.0, 300, 90.0), None);
        let result = benchmark.trained(6_000.0, 401, 90.0).unwrap();
        assert_eq!(result, BenchmarkResult { gpu: 400.0, cpu: 100.0 });
        assert!(result.is_for_gpu());
    }

    #[test]
    fn what_is_hardly_faster_or_slower_does_not_take_the_run() {
        assert!(!BenchmarkResult { gpu: 105.0, cpu: 100.0 }.is_for_gpu());
        assert!(!BenchmarkResult { gpu: 3.0, cpu: 100.0 }.is_for_gpu());
    }

    #[test]
    fn a_known_benchmark_ends_with_its_first_steps() {
        let known = BenchmarkResult { gpu: 2.0, cpu: 1.0 };
        assert_eq!(Benchmark::known(Some(known)).trained(0.0, 1, 5.0), Some(known));
    }

    const RESULT: BenchmarkResult = BenchmarkResult { gpu: 410.5, cpu: 128.0 };

    fn remembered(settings: &Settings, workers: &str, release: &str) -> BenchmarkMemory {
        let mut memory = BenchmarkMemory::parse("", release);
        memory.insert(BenchmarkKey::new(settings, workers), RESULT, 1e9);
        BenchmarkMemory::parse(&memory.to_text(), release)
    }

    #[test]
    fn a_result_is_remembered_for_a_week() {
        let settings = Settings::default();
        let (memory, key) = (remembered(&settings, "2", "a"), BenchmarkKey::new(&settings, "2"));
        let week_ms = 7.0 * 24.0 * 3.6e6;
        assert_eq!(memory.get(&key, 1e9 + week_ms - 1e3), Some(RESULT));
        assert_eq!(memory.get(&key, 1e9 + week_ms), None);
        assert_eq!(memory.get(&key, 1e9 - 1e3), None);
    }

    #[test]
    fn a_result_holds_for_these_sizes_this_number_of_workers_and_this_release_only() {
        let settings = Settings::default();
        let memory = remembered(&settings, "trainer up to 2", "a");
        let key = |settings: &Settings, workers| BenchmarkKey::new(settings, workers);
        assert_eq!(memory.get(&key(&settings, "trainer up to 2"), 1e9), Some(RESULT));
        assert_eq!(memory.get(&key(&settings, "trainer up to 4"), 1e9), None);
        let other = Settings { batch: 64, ..settings.clone() };
        assert_eq!(memory.get(&key(&other, "trainer up to 2"), 1e9), None);
        let variational = presets::ALL.iter().find(|preset| preset.name == "Variational dense");
        let model = Link::parse(variational.unwrap().fragment).0.settings.model;
        let deterministic =
            ModelSpec { latent: Latent::Deterministic { units: 2, activation: None }, ..model.clone() };
        let of = |model| BenchmarkKey::new(&Settings { model, ..settings.clone() }, "2");
        assert_ne!(of(model), of(deterministic));
        let next_release = BenchmarkMemory::parse(&memory.to_text(), "b");
        assert_eq!(next_release.get(&key(&settings, "trainer up to 2"), 1e9), None);
    }

    #[test]
    fn of_many_results_the_oldest_gives_way() {
        let mut memory = BenchmarkMemory::default();
        for batch in 1..=MOST_RESULTS + 1 {
            let settings = Settings { batch, ..Settings::default() };
            memory.insert(BenchmarkKey::new(&settings, "1"), RESULT, 0.0);
        }
        let get =
            |batch| memory.get(&BenchmarkKey::new(&Settings { batch, ..Settings::default() }, "1"), 0.0);
        assert_eq!((get(1), get(2)), (None, Some(RESULT)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_dropped(text in "r\n([0-9 .|-]{0,30}\n){0,3}", now_ms in 0.0..1e15) {
            let memory = BenchmarkMemory::parse(&text, "r");
            prop_assert_eq!(BenchmarkMemory::parse(&memory.to_text(), "r"), memory.clone());
            let _ = memory.get(&BenchmarkKey("0".into()), now_ms);
        }
    }
}
