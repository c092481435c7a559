//! Training by ranks that MPI starts, on this machine: `make test-mpi`. Correctness only: four ranks share its cores.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod endings;

use latent_tests::path;
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

/// Networks that are divided by columns, and by shards of the batch. An epoch ends with a smaller batch.
const MODELS: [&str; 2] =
    ["encoder=dense16", "encoder=conv3k3s2,dropout0.2,dense8&variational=1&loss=bce-sum&output=sigmoid"];
const FEW: [&str; 8] = ["--images", "200", "--batch", "63", "--seed", "5", "--epochs", "2"];

/// An empty folder for a test's files.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mpi-{name}"));
    // There is none the first time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// `mpirun` with more ranks than cores, if need be, also for root, as in a container.
fn mpirun() -> Command {
    let mut command = Command::new("mpirun");
    command.args(["--oversubscribe", "--mca", "mpi_yield_when_idle", "1"]).current_dir(path(""));
    for allowed in ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] {
        command.env(allowed, "1");
    }
    command
}

/// `headless` with these arguments as so many ranks.
fn ranks(ranks: usize, arguments: &[&str]) -> Command {
    started_by(mpirun(), ranks, arguments)
}

fn started_by(mut command: Command, ranks: usize, arguments: &[&str]) -> Command {
    command.args(["-n", &ranks.to_string(), env!("CARGO_BIN_EXE_headless")]).args(arguments);
    command
}

fn told(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn alone(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headless"));
    command.args(arguments).current_dir(path(""));
    command
}

/// The lines of a run's steps.
fn steps(told: &str) -> Vec<String> {
    told.lines().filter(|line| line.contains("\"step\"")).map(str::to_owned).collect()
}

#[test]
fn losses_and_models_are_the_same_for_1_to_4_ranks_and_any_threads() {
    for (at, model) in MODELS.iter().enumerate() {
        let folder = folder(&format!("same-{at}"));
        // The browser's bits are those of SSE2.
        for instructions in ["sse2", "portable"] {
            let train = |name: &str, ranks: &dyn Fn(&[&str]) -> Command, threads: &str| {
                let out = folder.join(name).display().to_string();
                let more =
                    ["--instructions", instructions, "--threads", threads, "--log-steps", "--out", &out];
                let told = told(&mut ranks(&[&["train", "--model", model], &FEW[..], &more].concat()));
                (steps(&told), fs::read(out).unwrap())
            };
            let expected = train("alone", &alone, "1");
            assert_eq!(expected.0.len(), 8);
            for (of, threads) in [(1, "1"), (2, "1"), (2, "2"), (3, "1"), (4, "1"), (4, "3")] {
                let found = train("ranks", &|arguments| ranks(of, arguments), threads);
                assert!(found == expected, "{model}, {instructions}, {of} ranks, {threads} threads");
            }
        }
    }
}

#[test]
fn a_model_goes_on_with_another_number_of_ranks() {
    for (at, model) in MODELS.iter().enumerate() {
        let folder = folder(&format!("goes-on-{at}"));
        let [whole, first, second] =
            ["whole", "first", "second"].map(|name| folder.join(name).display().to_string());
        let start = |out, more: &[&'static str]| {
            [&["train", "--model", model], &FEW[..], more, &["--out", out]].concat()
        };
        told(&mut alone(&start(&whole, &[])));
        told(&mut ranks(4, &start(&first, &["--steps", "5"])));
        told(&mut ranks(2, &["train", "--init", &first, "--out", &second]));
        assert!(fs::read(second).unwrap() == fs::read(whole).unwrap(), "{model}");
    }
}

/// On one machine ranks share its GPU, or its driver in software.
#[cfg(feature = "wgpu")]
#[test]
fn on_gpus_losses_agree_but_for_rounding() {
    use std::io::Write;
    let train = |model| [&["train", "--model", model, "--device", "wgpu", "--log-steps"], &FEW[..]].concat();
    let output = alone(&[&train(MODELS[0])[..], &["--steps", "1"]].concat()).output().unwrap();
    if !output.status.success() {
        assert!(stderr(&output).starts_with("the device failed"), "{}", stderr(&output));
        // Past the test runner's capture.
        let _ = writeln!(std::io::stderr(), "NOT TESTED on wgpu: {}", stderr(&output));
        return;
    }
    for model in MODELS {
        let losses = |told: String| -> Vec<f64> {
            let line = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap();
            steps(&told).iter().map(|step| line(step)["loss"].as_f64().unwrap()).collect()
        };
        let expected = losses(told(&mut alone(&train(model))));
        assert_eq!(expected.len(), 8);
        for of in [2, 3] {
            let found = losses(told(&mut ranks(of, &train(model))));
            let agrees = |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-5 * expected;
            assert_eq!(found.len(), 8);
            assert!(found.iter().zip(&expected).all(agrees), "{of} ranks: {found:?} for {expected:?}");
        }
    }
}

#[test]
fn only_the_first_rank_reports_and_writes() {
    let folder = folder("first-rank");
    let out = folder.join("model").display().to_string();
    let told = told(&mut ranks(3, &[&["train", "--model", MODELS[0]], &FEW[..], &["--out", &out]].concat()));
    assert_eq!(told.lines().count(), 4, "{told}");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
}
