//! Several ranks in one process: the whole of a divided run but for MPI, which `tests/mpi` has.

use super::{SMALL, folder, lines, refused, told};
use latent_core::training::checkpoint::Checkpoint;
use latent_tests::path;
use std::{
    fs,
    process::{Command, Stdio},
};

/// Networks that are divided by columns, by images and panels of weights, and by shards of the batch. An epoch ends with a
/// smaller batch.
const MODELS: [&str; 3] = [
    "encoder=dense16",
    "encoder=dense24,dense9",
    "encoder=conv3k3s2,dropout0.2,dense8&variational=1&loss=bce-sum&output=sigmoid",
];
const FEW: [&str; 8] = ["--images", "200", "--batch", "63", "--seed", "5", "--epochs", "2"];

/// What a run prints for its steps and epochs, without its speed.
fn losses(told: &str) -> Vec<serde_json::Value> {
    let mut lines = lines(told);
    lines.pop();
    for line in &mut lines {
        line.as_object_mut().unwrap().remove("steps_per_s");
    }
    lines
}

#[test]
fn losses_and_models_are_the_same_for_any_number_of_ranks_and_threads() {
    for (at, model) in MODELS.iter().enumerate() {
        let folder = folder(&format!("ranks-{at}"));
        let train = |ranks: &str, threads: &str| {
            let out = folder.join(format!("{ranks}-{threads}")).display().to_string();
            let more = ["--ranks", ranks, "--threads", threads, "--out", &out, "--log-steps"];
            let told = told(&[&["train", "--model", model], &FEW[..], &more].concat());
            (losses(&told), fs::read(out).unwrap())
        };
        let (expected, file) = train("1", "1");
        assert_eq!(expected.len(), 8 + 2);
        for (ranks, threads) in [("2", "1"), ("3", "2"), ("4", "1"), ("1", "2")] {
            let (found, model) = train(ranks, threads);
            assert_eq!(found, expected, "{ranks} ranks, {threads} threads");
            assert!(model == file, "{ranks} ranks, {threads} threads");
        }
    }
}

#[test]
fn a_model_goes_on_with_another_number_of_ranks() {
    for (at, model) in MODELS.iter().enumerate() {
        let folder = folder(&format!("ranks-go-on-{at}"));
        let [whole, first, second] =
            ["whole", "first", "second"].map(|name| folder.join(name).display().to_string());
        let start = |more: &[&str]| told(&[&["train", "--model", model], &FEW[..], more].concat());
        start(&["--out", &whole]);
        start(&["--ranks", "3", "--steps", "5", "--out", &first]);
        told(&["train", "--ranks", "2", "--init", &first, "--out", &second]);
        assert!(fs::read(second).unwrap() == fs::read(whole).unwrap(), "{model}");
    }
}

/// Whether this machine has a GPU, or a driver in software. Says so if it has none.
#[cfg(feature = "wgpu")]
fn has_gpu() -> bool {
    use std::io::Write;
    let output = super::run(&["train", "--images", "8", "--batch", "8", "--steps", "1", "--device", "wgpu"]);
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        assert!(said.starts_with("the device failed"), "{said}");
        // Past the test runner's capture.
        let _ = writeln!(std::io::stderr(), "NOT TESTED on wgpu: {said}");
    }
    output.status.success()
}

/// That two runs print the same but for rounding.
#[cfg(feature = "wgpu")]
fn assert_agree(found: &[serde_json::Value], expected: &[serde_json::Value], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        for (name, expected) in expected.as_object().unwrap() {
            let (Some(value), Some(expected)) = (found[name].as_f64(), expected.as_f64()) else { continue };
            assert!(
                (value - expected).abs() <= 1e-5 * expected.abs(),
                "{what}: {name} {value} for {expected}"
            );
        }
    }
}

#[cfg(feature = "wgpu")]
#[test]
fn on_gpus_ranks_go_on_with_a_model_of_others_and_losses_agree_with_those_of_one() {
    if !has_gpu() {
        return;
    }
    // Another program tests more models: native/gpu_ranks.rs.
    for (at, model) in [MODELS[0], MODELS[2]].iter().enumerate() {
        let folder = folder(&format!("gpu-ranks-{at}"));
        let out = folder.join("model").display().to_string();
        let train = |ranks: &str, more: &[&str]| {
            let gpu = ["--device", "wgpu", "--ranks", ranks, "--log-steps"];
            losses(&told(&[&["train", "--model", model], &FEW[..], &gpu, more].concat()))
        };
        let expected = train("1", &[]);
        assert_eq!(expected.len(), 8 + 2);
        // To the second epoch's first step, and from there on.
        let before = train("3", &["--steps", "5", "--out", &out]);
        let more = ["train", "--init", &out, "--device", "wgpu", "--ranks", "2", "--log-steps"];
        let whole = [before, losses(&told(&more))].concat();
        assert_agree(&whole, &expected, model);
    }
}

#[test]
fn a_slower_exchange_changes_the_speed_alone() {
    let out = folder("slow-exchange").join("model").display().to_string();
    let train = |delay| {
        let more = ["--ranks", "2", "--threads", "1", "--exchange-delay", delay, "--out", &out, "--json"];
        let told = told(&[&["train", "--model", MODELS[0]], &FEW[..], &more].concat());
        (lines(&told).pop().unwrap()["steps_per_s"].as_f64().unwrap(), fs::read(&out).unwrap())
    };
    let ((_, model), (steps_per_s, slow)) = (train("0"), train("20"));
    assert!(model == slow);
    // Each step has two exchanges.
    assert!(steps_per_s < 1e3 / 40.0, "{steps_per_s}");
}

#[test]
fn a_run_saves_on_the_way_and_the_file_is_whole_whenever_it_is_read() {
    let out = folder("save-every").join("model");
    let name = out.display().to_string();
    let more = ["5", "--epochs", "1000", "--save-every", "1", "--ranks", "2", "--out", &name, "--json"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_headless"));
    command.args([&SMALL[..], &more].concat()).current_dir(path("")).stdout(Stdio::null());
    command.stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut steps = Vec::new();
    while steps.len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!(child.try_wait().unwrap().is_none());
        let Ok(bytes) = fs::read(&out) else { continue };
        let saved = Checkpoint::parse(&bytes).unwrap();
        assert_eq!(saved.history.losses().len() as u64, saved.progress.steps);
        if steps.last() != Some(&saved.progress.steps) {
            steps.push(saved.progress.steps);
        }
    }
    // Whatever happens to the process, the run goes on from there.
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let last = Checkpoint::parse(&fs::read(&out).unwrap()).unwrap().progress.steps;
    let next = (last + 1).to_string();
    told(&["train", "--init", &name, "--steps", &next, "--out", &name]);
    assert_eq!(Checkpoint::parse(&fs::read(&out).unwrap()).unwrap().progress.steps, last + 1);
}

#[test]
fn what_cannot_be_divided_is_refused_in_a_sentence() {
    let cases: [(&[&str], &str); 5] = [
        (
            &["train", "--ranks", "5"],
            "batches of 256 images of this model are divided among at most 4, and there are 5\n",
        ),
        (
            &["train", "--ranks", "3", "--model", MODELS[2], "--batch", "2"],
            "batches of 2 images of this model are divided among at most 2, and there are 3\n",
        ),
        (
            &["train", "--ranks", "5", "--hidden", "16,8"],
            "batches of 256 images of this model are divided among at most 4, and there are 5\n",
        ),
        (
            &["train", "--ranks", "2", "--device", "flex"],
            "several ranks train on --device cpu or wgpu only\n",
        ),
        (
            &["train", "--out", "-", "--save-every", "9"],
            "the standard output is written once: give --out a file\n",
        ),
    ];
    for (arguments, sentence) in cases {
        let said = refused(arguments);
        assert!(said.ends_with(sentence) && said.lines().count() == 1, "{said}");
    }
}

#[cfg(not(feature = "mpi"))]
#[test]
fn a_build_without_mpi_does_not_train_the_same_network_once_a_process() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headless"));
    command.arg("train").current_dir(path("")).env("OMPI_COMM_WORLD_SIZE", "2");
    let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(said.starts_with("this build has no MPI"), "{said}");
}
