//! How a job ends before its last step: refused, interrupted, or by the death of a rank.

use super::{FEW, MODELS, alone, folder, mpirun, ranks, started_by, stderr, told};
use latent_core::training::checkpoint::Checkpoint;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{command:?}");
    stderr(&output)
}

/// How often a sentence is said.
fn times(said: &str, sentence: &str) -> usize {
    said.lines().filter(|line| line.contains(sentence)).count()
}

#[test]
fn what_no_rank_can_do_is_told_once() {
    let most = "batches of 256 images of this model are divided among at most 4, and there are 5";
    assert_eq!(times(&refused(&mut ranks(5, &["train"])), most), 1);
    let nowhere = "nowhere/manifest.txt: No such file";
    assert_eq!(times(&refused(&mut ranks(3, &["train", "--data", "nowhere"])), nowhere), 1);
    let within = "--ranks is for one process, and MPI has started several";
    assert_eq!(times(&refused(&mut ranks(2, &["train", "--ranks", "2"])), within), 1);
}

#[test]
fn ranks_that_would_train_differently_are_refused() {
    let different = |first: [&str; 2], second: [&str; 2]| {
        let headless = env!("CARGO_BIN_EXE_headless");
        let rank = |option: [&str; 2]| {
            let all = [&["-n", "1", headless, "train"], &option[..], &["--steps", "3"]].concat();
            all.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        refused(mpirun().args(rank(first)).arg(":").args(rank(second)))
    };
    let said = different(["--instructions", "sse2"], ["--instructions", "portable"]);
    let sentence =
        "rank 1 has the instructions portable, and rank 0 sse2: give all of them the same --instructions";
    assert_eq!(times(&said, sentence), 1, "{said}");
    let said = different(["--seed", "1"], ["--seed", "2"]);
    assert_eq!(times(&said, "the settings of rank 1 differ from those of rank 0"), 1, "{said}");
    let said = different(["--data", "mnist"], ["--data", "nowhere"]);
    assert_eq!(times(&said, "rank 1: nowhere/manifest.txt: No such file"), 1, "{said}");
}

/// A job of three ranks that trains without an end and saves every second, once it has saved.
fn under_way(model: &str, out: &Path) -> Child {
    let name = out.display().to_string();
    let more = ["--epochs", "1000", "--save-every", "1", "--threads", "1", "--out", &name, "--json"];
    let mut patient = mpirun();
    // Ranks that are told to end have a second for it otherwise, which is little where they share cores. Open MPI reads no output
    // meanwhile, of which the first rank writes a line for each of these short epochs.
    patient.args(["--mca", "odls_base_sigkill_timeout", "5"]);
    let mut command = started_by(patient, 3, &[&["train", "--model", model], &FEW[..6], &more].concat());
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while !out.exists() {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is saved");
        thread::sleep(Duration::from_millis(20));
    }
    child
}

/// The processes that this one has started.
fn children(of: u32) -> Vec<u32> {
    let list = Command::new("pgrep").args(["-P", &of.to_string()]).output().unwrap();
    String::from_utf8(list.stdout).unwrap().lines().map(|id| id.parse().unwrap()).collect()
}

fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

fn ends(child: Child) -> Output {
    let began = Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(began.elapsed() < Duration::from_secs(60), "{}", stderr(&output));
    output
}

fn saved(out: &Path) -> u64 {
    Checkpoint::parse(&fs::read(out).unwrap()).unwrap().progress.steps
}

#[test]
fn a_rank_that_dies_ends_the_job_with_a_sentence_and_the_run_goes_on_from_the_last_checkpoint() {
    for (at, model) in MODELS.iter().enumerate() {
        let out = folder(&format!("dies-{at}")).join("model");
        let name = out.display().to_string();
        let job = under_way(model, &out);
        let all = children(job.id());
        assert_eq!(all.len(), 3);
        signal("-KILL", all[2]);
        let output = ends(job);
        let said = stderr(&output);
        assert!(!output.status.success());
        let sentence =
            format!("sends nothing more. The last model that was saved goes on with --init {name}");
        assert!(times(&said, &sentence) >= 1, "{said}");
        let last = saved(&out);
        assert!(last > 0);
        let next = (last + 3).to_string();
        told(&mut alone(&["train", "--init", &name, "--steps", &next, "--out", &name]));
        assert_eq!(saved(&out), last + 3);
    }
}

#[test]
fn an_interrupt_of_the_job_keeps_what_was_trained() {
    for name in ["-INT", "-TERM"] {
        let out = folder(&format!("interrupted{name}")).join("model");
        let job = under_way(MODELS[0], &out);
        thread::sleep(Duration::from_millis(300));
        let before = saved(&out);
        signal(name, job.id());
        let output = ends(job);
        let last = saved(&out);
        assert!(last > before, "{name}: {}", stderr(&output));
        assert_eq!(
            times(&stderr(&output), &format!("interrupted after step {last}")),
            1,
            "{}",
            stderr(&output)
        );
    }
}
