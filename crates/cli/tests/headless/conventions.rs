//! What people expect of any command line: pipes that close, interrupts, `-`, permissions, odd names.
#![cfg(unix)]

use super::{SMALL, folder, lines, refused, run, told};
use latent_core::training::checkpoint::Checkpoint;
use latent_tests::path;
use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

fn headless() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headless"));
    command.current_dir(path(""));
    command
}

/// A run of so many epochs that writes to this file, whose first line has been read.
fn under_way(epochs: &str, out: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut command = headless();
    command.args(SMALL).args(["1", "--epochs", epochs, "--out"]).arg(out);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    assert!(stdout.read_line(&mut String::new()).unwrap() > 0);
    (child, stdout)
}

fn steps(model: &Path) -> u64 {
    Checkpoint::parse(&fs::read(model).unwrap()).unwrap().progress.steps
}

fn sentence(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_reader_that_leaves_costs_no_model() {
    let model = folder("reader-leaves").join("model.safetensors");
    let (child, stdout) = under_way("3", &model);
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), sentence(&output)), (Some(0), String::new()));
    assert_eq!(steps(&model), 3 * 32);
}

#[test]
fn a_full_disk_under_the_output_costs_no_model_and_is_told() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return println!("NOT TESTED: this system has no /dev/full");
    };
    let model = folder("full-disk").join("model.safetensors");
    let mut command = headless();
    command.args(SMALL).args(["1", "--epochs", "2", "--out"]).arg(&model).stdout(full);
    let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        sentence(&output).starts_with("the output can't be written: No space left"),
        "{}",
        sentence(&output)
    );
    assert_eq!(steps(&model), 2 * 32);
}

#[test]
fn an_interrupt_keeps_what_was_trained() {
    for signal in ["-INT", "-TERM"] {
        let model = folder("interrupted").join("model.safetensors");
        let (child, stdout) = under_way("1000", &model);
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}");
        let trained = steps(&model);
        assert!((32..32_000).contains(&trained), "{trained}");
        assert_eq!(sentence(&output), format!("interrupted after step {trained}\n"));
    }
}

#[test]
fn a_reader_that_does_not_read_keeps_nobody_from_an_interrupt() {
    let model = folder("unread").join("model.safetensors");
    let mut command = headless();
    command
        .args(SMALL)
        .args(["1", "--epochs", "1000", "--log-steps", "--save-every", "1", "--out"])
        .arg(&model);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let unread = child.stdout.take();
    // Once nothing is saved any more, the run waits for its reader.
    let (mut before, mut saved) = (None, None);
    while saved.is_none() || saved != before {
        thread::sleep(Duration::from_millis(2500));
        before = std::mem::replace(&mut saved, model.exists().then(|| steps(&model)));
    }
    assert!(saved < Some(31_000), "it went on without its reader");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(sentence(&output), format!("interrupted after step {}\n", steps(&model)));
    drop(unread);
}

#[test]
fn where_nobody_listens_there_is_no_panic() {
    let script =
        format!("{} encode nothing 2>&1 | head -0; exit ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_headless"));
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_file_keeps_its_permissions_and_a_read_only_one_stays_as_it_is() {
    let model = folder("permissions").join("model.safetensors");
    let name = model.to_str().unwrap();
    for mode in [0o600, 0o640] {
        fs::write(&model, "before").unwrap();
        fs::set_permissions(&model, fs::Permissions::from_mode(mode)).unwrap();
        told(&[&SMALL[..], &["1", "--epochs", "1", "--out", name]].concat());
        assert_eq!(fs::metadata(&model).unwrap().permissions().mode() & 0o777, mode);
        assert_eq!(steps(&model), 32);
    }
    fs::write(&model, "before").unwrap();
    fs::set_permissions(&model, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = refused(&[&SMALL[..], &["1", "--epochs", "1", "--out", name]].concat());
    assert_eq!(refused, format!("{name}: the file is read-only\n"));
    assert_eq!(fs::read(&model).unwrap(), b"before");
    assert_eq!(fs::read_dir(model.parent().unwrap()).unwrap().count(), 1, "no draft is left");
}

#[test]
fn a_hyphen_is_the_standard_input_and_output() {
    let output = run(&[&SMALL[..], &["1", "--epochs", "1", "--json", "--out", "-"]].concat());
    assert!(output.status.success());
    assert_eq!(Checkpoint::parse(&output.stdout).unwrap().progress.steps, 32);
    assert_eq!(lines(&sentence(&output)).len(), 2, "the report goes to the standard error");

    let mut command = headless();
    command.args(["encode", "-", "--count", "2"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&output.stdout).unwrap();
    let encoded = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(encoded.stdout).unwrap().lines().count(), 3);
    assert!(!Path::new(&path("-")).exists());

    let (pets, set) = ("crates/import/tests/files/pets.zip", folder("hyphen").join("set.zip"));
    told(&["import", pets, "--size", "12", "--out", set.to_str().unwrap()]);
    let imported = run(&["import", pets, "--size", "12", "--out", "-"]);
    assert_eq!(imported.stdout, fs::read(&set).unwrap());
    assert!(sentence(&imported).contains("13 to train on"), "{}", sentence(&imported));
}

#[test]
fn a_name_that_is_no_text_is_a_name() {
    let model = folder("odd-name").join(OsStr::from_bytes(b"model-\xff.safetensors"));
    let mut command = headless();
    command.args(SMALL).args(["1", "--epochs", "1", "--json", "--out"]).arg(&model);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", sentence(&output));
    assert_eq!(steps(&model), 32);
    let last = lines(&String::from_utf8(output.stdout).unwrap()).pop().unwrap();
    assert!(last["out"].as_str().unwrap().ends_with("model-\u{fffd}.safetensors"));
}

/// An IDX file of labels, or of images of 28 × 28.
fn idx(count: u8, labels: Option<&[u8]>) -> Vec<u8> {
    let header = [0, 0, 8, if labels.is_some() { 1 } else { 3 }, 0, 0, 0, count];
    match labels {
        Some(labels) => [&header, labels].concat(),
        None => [&header[..], &[0, 0, 0, 28, 0, 0, 0, 28], &vec![count; usize::from(count) * 784]].concat(),
    }
}

#[test]
fn packing_checks_the_set_and_takes_files_by_what_they_hold() {
    let from = folder("pack-from");
    let to = folder("pack-to").join("set");
    let arguments = ["pack", from.to_str().unwrap(), to.to_str().unwrap()];
    let write = |name: &str, bytes: &[u8]| fs::write(from.join(name), bytes).unwrap();
    write("train-images.idx3-ubyte", &idx(4, None));
    write("train-labels-idx1-ubyte", &idx(4, Some(&[0, 1, 2, 9])));
    // Gzipped, though nothing in the name says so.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&idx(2, None)).unwrap();
    write("t10k-images-idx3-ubyte", &packed.finish().unwrap());
    write("t10k-labels-idx1-ubyte", &idx(4, Some(&[0, 1, 2, 9])));
    assert_eq!(refused(&arguments), "the test set has 2 images and 4 labels\n");
    write("t10k-labels-idx1-ubyte", &idx(2, Some(&[0, 10])));
    assert_eq!(
        refused(&arguments),
        "the test set has the label 10, and its 10 classes are labelled from 0\n"
    );
    assert!(!to.exists(), "what is refused leaves nothing");
    write("t10k-labels-idx1-ubyte", &idx(2, Some(&[0, 9])));
    assert!(told(&arguments).starts_with("1 training and 1 test shards in "));
    fs::remove_file(from.join("train-images.idx3-ubyte")).unwrap();
    assert!(refused(&arguments).contains("train-images-idx3-ubyte"));
}
