//! The command line as people and programs use it: the program itself, on few steps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod conventions;
mod ranks;

use latent_core::{
    data::{DatasetId, shard},
    pretrained::Pretrained,
    training::{Losses, checkpoint::Checkpoint},
};
use latent_tests::{
    Keras, images, largest_difference, model_fixture::ModelFixture, path, pretrained_codes_moved,
    pretrained_encoder_file, pretrained_file, pretrained_loss,
};
use serde_json::Value;
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

const BARE: &str = "tests/fixtures/keras/weights.safetensors";
/// A run of 32 steps an epoch that takes no time.
const SMALL: [&str; 8] = ["train", "--hidden", "16", "--images", "2000", "--batch", "63", "--seed"];

/// An empty folder for a test's files.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // There is none the first time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_headless")).args(arguments).current_dir(path("")).output().unwrap()
}

/// What it prints when all is well.
fn told(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The sentence with which it fails.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(!output.status.success(), "{arguments:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments:?}");
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(!sentence.contains("panicked"), "{sentence}");
    sentence
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn number(value: &Value) -> f32 {
    value.as_f64().unwrap() as f32
}

/// A model of a few steps, trained into this folder.
fn small_model(folder: &std::path::Path) -> String {
    let model = folder.join("model.safetensors").display().to_string();
    told(&[&SMALL[..], &["5", "--steps", "3", "--out", &model]].concat());
    model
}

#[test]
fn a_file_without_moments_has_the_same_weights_in_a_third_of_the_size() {
    let folder = folder("no-moments");
    let whole = small_model(&folder);
    let small = folder.join("small.safetensors").display().to_string();
    told(&[&SMALL[..], &["5", "--steps", "3", "--no-moments", "--out", &small]].concat());
    let [whole, small] = [whole, small].map(|file| fs::read(file).unwrap());
    assert!(small.len() < whole.len() / 2, "{} of {} bytes", small.len(), whole.len());
    let [whole, small] = [whole, small].map(|file| Checkpoint::parse(&file).unwrap());
    assert_eq!(small.progress.weights, whole.progress.weights);
    assert_eq!((small.progress.steps, &small.history), (3, &whole.history));
    assert!(small.progress.first_moment.values().all(|value| value == 0.0));
}

#[test]
fn twenty_steps_from_keras_weights_have_keras_losses() {
    let told = told(&["train", "--steps", "20", "--no-shuffle", "--init", BARE, "--log-steps"]);
    let lines = lines(&told);
    let losses: Vec<_> =
        lines.iter().filter_map(|line| line.get("step").map(|_| number(&line["loss"]))).collect();
    assert!(largest_difference(&losses, &Keras::read().numbers("loss_before_update")) < 1e-4);
    assert_eq!(
        (&lines[0]["step"], &lines[20]["done"], &lines[20]["steps"]),
        (&1.into(), &true.into(), &20.into())
    );
}

#[test]
fn a_run_that_was_saved_and_goes_on_is_the_run_that_never_stopped() {
    let folder = folder("goes-on");
    let [whole, first, second] =
        ["whole", "first", "second"].map(|name| folder.join(name).display().to_string());
    let small = |more: &[&str]| told(&[&SMALL[..], &["5", "--epochs", "2", "--log-steps"], more].concat());
    let unbroken = small(&["--out", &whole]);
    let before = small(&["--steps", "40", "--out", &first]);
    let after = told(&["train", "--init", &first, "--out", &second, "--log-steps"]);

    assert_eq!(fs::read(&second).unwrap(), fs::read(&whole).unwrap());
    let steps = |told: &str| {
        told.lines().filter(|line| line.contains("\"step\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!([steps(&before), steps(&after)].concat(), steps(&unbroken));
    let history = Checkpoint::parse(&fs::read(&whole).unwrap()).unwrap().history;
    assert_eq!((history.losses().len(), history.validation().len()), (64, 2));
    // Only the three files are left, and no draft of one.
    assert_eq!(fs::read_dir(folder).unwrap().count(), 3);
}

#[test]
fn a_run_whose_learning_rate_was_changed_on_the_way_is_the_run_whose_rates_were_given_at_once() {
    let folder = folder("learning-rates");
    let [whole, first, second] =
        ["whole", "first", "second"].map(|name| folder.join(name).display().to_string());
    let small = |more: &[&str]| told(&[&SMALL[..], &["5", "--epochs", "2"], more].concat());
    small(&["--lr", "0.0005,0.005@20", "--out", &whole]);
    small(&["--lr", "0.0005", "--steps", "20", "--out", &first]);
    told(&["train", "--init", &first, "--lr", "0.005", "--out", &second]);
    assert_eq!(fs::read(&second).unwrap(), fs::read(&whole).unwrap());
    let sentence = "lr: a change after 10 steps can't follow one after 20 steps\n";
    assert_eq!(refused(&["train", "--lr", "0.5,0.25@20,0.125@10"]), sentence);
}

#[test]
fn an_epochs_loss_is_the_mean_over_its_images() {
    let told = told(&[&SMALL[..], &["5", "--epochs", "1", "--log-steps"]].concat());
    let lines = lines(&told);
    assert_eq!(lines.len(), 32 + 2);
    // 31 batches of 63 and one of 47.
    let sum: f64 = lines[..31].iter().map(|line| 63.0 * line["loss"].as_f64().unwrap()).sum();
    let mean = (sum + 47.0 * lines[31]["loss"].as_f64().unwrap()) / 2000.0;
    assert!((lines[32]["loss"].as_f64().unwrap() - mean).abs() < 1e-7);
    assert_eq!((&lines[32]["epoch"], &lines[33]["val_loss"]), (&1.into(), &lines[32]["val_loss"]));
    assert!(lines[32]["steps_per_s"].as_f64().unwrap() > 0.0);
}

#[test]
fn people_get_a_line_an_epoch() {
    let told = told(&[&SMALL[..], &["5", "--epochs", "2"]].concat());
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("epoch   2/2  loss 0.0") && lines[1].contains("  val_loss 0.0"), "{told}");
    assert!(lines[2].starts_with("64 steps in "), "{told}");
}

#[test]
fn a_model_of_the_second_data_set_names_it_and_is_used_with_it() {
    let folder = folder("fashion");
    let [named, by_folder] = ["named", "by-folder"].map(|name| folder.join(name).display().to_string());
    for (model, data) in [(&named, "fashion-mnist"), (&by_folder, "public/fashion-mnist")] {
        told(&[&SMALL[..], &["5", "--steps", "3", "--data", data, "--out", model]].concat());
    }
    let bytes = fs::read(&named).unwrap();
    assert_eq!(bytes, fs::read(&by_folder).unwrap());
    assert_eq!(Checkpoint::parse(&bytes).unwrap().settings.data, DatasetId::FashionMnist);
    let table = told(&["encode", &named, "--count", "2"]);
    assert!(table.starts_with("index,label,class,z1,z2\n0,9,Ankle boot,"), "{table}");
    let line = told(&["encode", &named, "--count", "1", "--json"]);
    assert!(line.starts_with(r#"{"index":0,"label":9,"class":"Ankle boot","code":["#), "{line}");

    let other = run(&["evaluate", &named, "--data", "mnist"]);
    let note = "note: the model was trained on Fashion-MNIST, and these images are MNIST's\n";
    assert_eq!((other.status.success(), String::from_utf8(other.stderr).unwrap().as_str()), (true, note));
    let own = run(&["evaluate", &named]);
    assert_eq!((own.status.success(), own.stderr.len()), (true, 0));
    assert_ne!(own.stdout, other.stdout);
    let on = run(&["train", "--init", &named, "--data", "mnist", "--steps", "4"]);
    let note = "note: after step 3 the run goes on with data mnist instead of fashion-mnist\n";
    assert_eq!(String::from_utf8(on.stderr).unwrap(), note);
}

#[test]
fn a_model_of_mnist_names_no_data_set_as_before() {
    let bytes = fs::read(small_model(&folder("digits"))).unwrap();
    assert!(!bytes.windows(22).any(|name| name == b"latent_playground.data"));
    assert_eq!(Checkpoint::parse(&bytes).unwrap().settings.data, DatasetId::Mnist);
}

#[test]
fn a_model_is_evaluated_on_either_set() {
    let model = small_model(&folder("evaluate"));
    let report = &lines(&told(&["evaluate", &model, "--json", "--set", "both"]))[0];
    assert_eq!((&report["test"]["images"], &report["train"]["images"]), (&10_000.into(), &60_000.into()));
    assert_eq!((&report["loss"], &report["test"]["loss"]), (&"mse".into(), &report["test"]["mse"]));
    let [mse, rmse] = ["mse", "rmse"].map(|key| report["test"][key].as_f64().unwrap());
    assert!((rmse * rmse - mse).abs() < 1e-12 && mse > 0.01, "{report}");
    let told = told(&["evaluate", &model]);
    assert!(told.contains("99.745 % of the data saved") && !told.contains("training"), "{told}");
}

#[test]
fn codes_of_keras_weights_are_keras_codes() {
    let csv = told(&["encode", BARE, "--count", "16"]);
    let rows: Vec<Vec<_>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[0].join(",")), (17, "index,label,z1,z2".into()));
    // MNIST's first test digits.
    let labels: Vec<_> = rows[1..6].iter().map(|row| row[1]).collect();
    assert_eq!((labels.join(""), rows[16][0]), ("72104".into(), "15"));
    let codes: Vec<f32> =
        rows[1..].iter().flat_map(|row| &row[2..]).map(|number| number.parse().unwrap()).collect();
    assert!(largest_difference(&codes, &Keras::read().numbers("codes_before")) < 1e-5);

    let json = &lines(&told(&["encode", BARE, "--count", "1", "--json"]))[0];
    assert_eq!((&json["label"], number(&json["code"][1])), (&7.into(), codes[1]));
    let out = folder("encode").join("codes.csv");
    told(&["encode", BARE, "--count", "16", "--out", &out.display().to_string()]);
    assert_eq!(fs::read_to_string(out).unwrap(), csv);
    let training = told(&["encode", BARE, "--count", "1", "--set", "train"]);
    assert!(training.lines().nth(1).unwrap().starts_with("0,5,"));
}

#[test]
fn a_digit_is_decoded_to_an_image_to_numbers_and_to_the_terminal() {
    let png = folder("decode").join("digit.png");
    assert_eq!(told(&["decode", BARE, "--code", "-1.5,2", "--out", &png.display().to_string()]), "");
    let file = fs::read(png).unwrap();
    assert_eq!(file[..8], *b"\x89PNG\r\n\x1a\n");
    // The header: width, height, eight bits, grey.
    assert_eq!(file[12..26], *b"IHDR\0\0\0\x1c\0\0\0\x1c\x08\0");

    let json = &lines(&told(&["decode", BARE, "--code", "-1.5,2", "--json"]))[0];
    assert_eq!(json.as_array().unwrap().len(), 784);
    assert_eq!(told(&["decode", BARE, "--code=-1.5,2"]).lines().count(), 28);
}

#[test]
fn the_tables_have_the_tutorials_totals_and_a_models_own() {
    let totals = |told: String| {
        let totals =
            told.lines().filter_map(|line| line.strip_prefix("total")).map(|total| total.trim().to_owned());
        totals.collect::<Vec<_>>()
    };
    let tutorial = ["236102", "236884", "472986"];
    assert_eq!(totals(told(&["summary"])), tutorial);
    assert_eq!(totals(told(&["summary", BARE])), tutorial);
    assert_eq!(totals(told(&["summary", "--hidden", "512,128", "--code", "3"]))[0], "467971");
    assert!(refused(&["summary", BARE, "--code", "3"]).contains("cannot be used with"));
}

#[test]
fn any_dense_model_is_described() {
    let model = ["--encoder", "dense64,dense16", "--activation", "tanh", "--code-activation", "linear"];
    let told = told(&[&["summary"], &model[..], &["--output", "sigmoid", "--loss", "bce"]].concat());
    for line in [
        "encoder_tanh_1           Tanh",
        "encoder_output           Linear",
        "decoder_output           Sigmoid",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert!(told.ends_with("loss: mean binary cross-entropy\n"), "{told}");
    let sentence = "loss: bce needs the output activation sigmoid, and the model's is leaky_relu\n";
    for command in ["summary", "train"] {
        assert_eq!(refused(&[command, "--loss", "bce"]), sentence);
    }
    assert!(
        refused(&["summary", "--activation", "swish"]).starts_with("activation: “swish” is not leaky_relu")
    );
}

#[test]
fn a_data_set_of_other_images_than_the_models_is_refused() {
    let folder = folder("other-images");
    let manifest = fs::read_to_string(path("public/mnist/manifest.txt")).unwrap();
    fs::write(folder.join("manifest.txt"), manifest.replace("28x28x1", "14x56x1")).unwrap();
    let sentence = "the model reads images of 28 × 28 pixels, and the data set's have 14 × 56\n";
    for command in ["evaluate", "encode"] {
        assert_eq!(refused(&[command, BARE, "--data", &folder.display().to_string()]), sentence);
    }
    assert_eq!(refused(&["train", "--data", &folder.display().to_string()]), sentence);
}

#[test]
fn the_page_of_settings_is_printed() {
    assert_eq!(told(&["settings"]), fs::read_to_string(path("docs/settings.md")).unwrap());
}

#[test]
fn whatever_cannot_be_done_is_told_in_a_sentence_before_training() {
    let folder = folder("refused");
    let model = small_model(&folder);
    let cut = folder.join("cut").display().to_string();
    let whole = fs::read(&model).unwrap();
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let nowhere = folder.join("nowhere/model").display().to_string();
    let here = folder.display().to_string();
    let cases: [(&[&str], &str); 16] = [
        (&["evaluate", "Makefile"], "Makefile: this is not a safetensors file\n"),
        (&["evaluate", "index.html"], "index.html: this is not a safetensors file but a web page\n"),
        (&["evaluate", "nothing"], "nothing: No such file"),
        (&["evaluate", "src"], "src: "),
        (&["encode", &cut], "the safetensors file is damaged: its tensors should take"),
        (&["train", "--out", &nowhere], "nowhere doesn't exist\n"),
        (&["train", "--out", &here], "refused: is a directory\n"),
        (&["train", "--hidden", "4096,4096", "--out", "model"], "the model can't be saved: the model takes"),
        (
            &["train", "--init", &model, "--hidden", "17"],
            "the model's hidden is 16: it can't go on with --hidden 17\n",
        ),
        (
            &["train", "--init", &model, "--slope", "0.1"],
            "the model's slope is 0.3: it can't go on with --slope 0.1\n",
        ),
        (&["train", "--init", &model, "--steps", "3"], "the model has done 3 steps already"),
        (&["train", "--lr", "-1"], "lr: “-1” is not a number from 0.0000001 to 10\n"),
        (&["train", "--data", &here], "manifest.txt: No such file"),
        (&["encode", BARE, "--count", "10001"], "the test set has 10000 images, and 10001 are asked for\n"),
        (&["decode", BARE, "--code", "1,two"], "--code: “1,two” is no list of numbers\n"),
        (&["decode", BARE, "--code", "1,2,3"], "--code: the model's codes have 2 numbers, and 3 are given\n"),
    ];
    for (arguments, sentence) in cases {
        let told = refused(arguments);
        assert!(told.contains(sentence) && told.lines().count() == 1, "{arguments:?}: {told}");
    }
    assert!(refused(&["train", "--colour"]).contains("--colour"));
    #[cfg(not(feature = "wgpu"))]
    assert!(refused(&["train", "--steps", "1", "--device", "wgpu"]).contains("no wgpu"));
}

/// keras.io's variational autoencoder, as people write it.
const CONV_VAE: &str = "encoder=conv32k3s2,conv64k3s2,dense16&activation=relu&latent=2&variational=1&beta=1&output=sigmoid\
                        &loss=bce-sum&lr=0.001";

#[test]
fn every_kind_of_model_is_described() {
    let told = told(&["summary", "--model", CONV_VAE]);
    for line in [
        "encoder_conv2d_2           Conv2D          (None, 7, 7, 64)        18496",
        "decoder_conv2d_transpose_3 Conv2DTranspose (None, 28, 28, 1)         289",
    ] {
        assert!(told.contains(line), "{told}");
    }
    let totals: Vec<_> = told.lines().filter_map(|line| line.strip_prefix("total")).map(str::trim).collect();
    assert_eq!(totals, ["69076", "65089", "134165"]);
    // An option wins over the link.
    assert!(self::told(&["summary", "--model", CONV_VAE, "--code", "5"]).contains("(None, 5)"));
    assert_eq!(refused(&["summary", "--model", "colour=red"]), "--model: “colour=red” is not a setting\n");
}

/// The weights and the noise of a fixture in files: `train --init … --model … --noise …`.
fn steps_from_given_weights_and_noise_have_the_fixtures_losses(engine: &str) {
    let (fixture, folder) = (ModelFixture::read("conv-vae"), folder(&format!("noise-{engine}")));
    let [weights, saved] = ["weights", "saved"].map(|name| folder.join(name).display().to_string());
    fs::write(&weights, fixture.weights_file()).unwrap();
    let noise = "tests/fixtures/models/conv-vae.eps.safetensors";
    let start = ["train", "--init", &weights, "--model", CONV_VAE, "--noise", noise, "--engine", engine];
    let start = [&start[..], &["--no-shuffle", "--batch", "128", "--log-steps", "--json"]].concat();
    let told = told(&[&start[..], &["--steps", "3", "--out", &saved]].concat());
    let losses = lines(&told).into_iter().filter(|line| line.get("step").is_some()).map(|line| {
        let number = |key: &str| line[key].as_f64().unwrap();
        let divergence = Some(number("divergence"));
        Losses { total: number("loss"), reconstruction: number("reconstruction"), divergence }
    });
    let losses: Vec<_> = losses.collect();
    let [loss, divergence] = fixture.losses_off(&losses);
    assert!(losses.len() == 3 && loss < 1e-5 && divergence < 1e-4, "{loss} {divergence}");

    let csv = self::told(&["encode", &saved, "--count", "2", "--engine", engine]);
    assert_eq!(csv.lines().count(), 3);
    let image = &lines(&self::told(&["decode", &saved, "--code=0,1", "--json", "--engine", engine]))[0];
    assert_eq!(image.as_array().unwrap().len(), 784);
    let report = &lines(&self::told(&["evaluate", &saved, "--json"]))[0]["test"];
    let [loss, reconstruction, divergence] =
        ["loss", "reconstruction", "divergence"].map(|key| report[key].as_f64().unwrap());
    assert!((loss - reconstruction - divergence).abs() < 1e-6 * loss && divergence > 0.0, "{report}");
    // There is noise for twenty steps.
    let sentence = refused(&[&start[..], &["--steps", "21"]].concat());
    assert!(sentence.contains("there is none for step 21"), "{sentence}");
    let sentence = refused(&["train", "--init", &weights]);
    assert!(sentence.contains("does not describe its model"), "{sentence}");
}

#[test]
fn steps_on_the_cpu_have_the_fixtures_losses() {
    steps_from_given_weights_and_noise_have_the_fixtures_losses("cpu");
}

#[cfg(feature = "flex")]
#[test]
fn steps_by_burn_have_the_fixtures_losses() {
    steps_from_given_weights_and_noise_have_the_fixtures_losses("flex");
}

/// Trains for a minute or more. The kernels' vectors differ from machine to machine, and with them the last bits of
/// every number, which twenty epochs make something of: so it is asked that the error be the same, not the file.
#[test]
#[ignore = "`make test-pretrained` runs it, which `make test` does"]
fn the_pretrained_decoder_and_encoder_are_what_make_pretrained_makes() {
    let folder = folder("pretrained");
    let [model, out, encoder_out] =
        ["model", "decoder", "encoder"].map(|name| folder.join(name).display().to_string());
    // The Makefile's command.
    told(&["train", "--seed", "3", "--json", "--out", &model]);
    told(&["pack-pretrained", &model, "--out", &out, "--encoder-out", &encoder_out]);
    let again = fs::read(&out).unwrap();
    let images = images("test", 2);
    let [served, made] =
        [&pretrained_file(), &again].map(|file| pretrained_loss(&Pretrained::parse(file).unwrap(), &images));
    let is_same = if again == pretrained_file() { "the same file" } else { "another file" };
    println!("{is_same}: mean squared error {served:.6} as served, {made:.6} as made now");
    assert!((served - made).abs() < 0.001, "{served} {made}");
    // The encoder leads to the decoder's codes, as served and as made now. (One half of another training would not.)
    let encoder = fs::read(&encoder_out).unwrap();
    for (decoder, encoder) in [(pretrained_file(), pretrained_encoder_file()), (again, encoder)] {
        let moved = pretrained_codes_moved(&decoder, &encoder, &images);
        println!("codes move by {:.3} % of the width of the plane at most", 100.0 * moved);
        assert!(moved < 0.005, "{moved}");
    }
}

#[test]
fn photographs_become_the_set_that_the_page_makes_and_train_to_its_losses() {
    let read = |name: &str| fs::read(path(&format!("tests/fixtures/photographs/{name}"))).unwrap();
    let expected: Value = serde_json::from_slice(&read("expected.json")).unwrap();
    let set = folder("photographs").join("set.zip").display().to_string();
    let photographs = "tests/fixtures/photographs/photographs.zip";
    let saved = told(&["import", photographs, "--size", "24", "--colour", "--out", &set]);
    let data = expected["data"].as_str().unwrap();
    assert!(saved.ends_with(&format!(": {data}\n")), "{saved}");
    assert_eq!(shard::sha256(&fs::read(&set).unwrap()), expected["file_sha256"].as_str().unwrap());
    // As the browser computes.
    let model = expected["run"].as_str().unwrap();
    let told = lines(&told(&["train", "--data", &set, "--model", model, "--json", "--instructions", "sse2"]));
    let epochs = told.iter().filter(|line| line.get("epoch").is_some());
    let losses: Vec<_> = epochs.map(|line| &line["val_loss"]).collect();
    assert_eq!(losses, expected["validation_losses"].as_array().unwrap().iter().collect::<Vec<_>>());
}

#[test]
fn own_images_become_a_set_on_which_models_of_any_kind_train() {
    let folder = folder("own-images");
    let file = |name: &str| folder.join(name).display().to_string();
    let (pets, set, model) =
        ("crates/import/tests/files/pets.zip", file("set.zip"), file("model.safetensors"));
    let found = told(&["import", pets]);
    assert!(
        found.starts_with(
            "21 images\n8 of them to validate with\n2 classes: cat 13, dog 8\n21 of 12 × 12 pixels\n"
        ),
        "{found}"
    );
    let saved = told(&["import", pets, "--size", "12", "--colour", "--out", &set]);
    assert!(
        saved.contains("13 to train on, 8 to validate with\n2 classes: cat 13, dog 8\n1 file skipped\n"),
        "{saved}"
    );
    let again = file("again.zip");
    told(&["import", pets, "--size", "12x12", "--color", "--out", &again]);
    assert_eq!(fs::read(&set).unwrap(), fs::read(&again).unwrap());

    let train = [
        "train",
        "--data",
        &set,
        "--model",
        "encoder=conv4k3s2,dense8&output=sigmoid&batch=4&epochs=3&seed=2",
        "--json",
    ];
    let losses = told(&[&train[..], &["--log-steps", "--out", &model]].concat());
    assert_eq!(lines(&losses).len(), 3 * (4 + 1) + 1);
    let steps = |told: &str| {
        told.lines().filter(|line| line.starts_with("{\"step\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(steps(&losses), steps(&told(&[&train[..], &["--log-steps", "--threads", "1"]].concat())));
    let settings = Checkpoint::parse(&fs::read(&model).unwrap()).unwrap().settings;
    let DatasetId::Own(own) = settings.data else { panic!("{:?}", settings.data) };
    assert_eq!((own.training_images, own.test_images, settings.training_images), (13, 8, 13));
    assert!(saved.contains(&own.text()), "{saved}");

    let table = told(&["encode", &model, "--data", &set, "--count", "1"]);
    assert!(table.starts_with("index,label,class,z1,z2\n0,"), "{table}");
    assert_eq!(
        refused(&["evaluate", &model]),
        "the model was trained on somebody's own images: give them with --data\n"
    );
    let on = run(&["train", "--init", &model, "--data", &set, "--epochs", "4"]);
    assert_eq!((on.status.success(), String::from_utf8(on.stderr).unwrap()), (true, String::new()));
    assert!(refused(&["train", "--data", pets]).contains("is no set of images: manifest.txt"));
    assert_eq!(
        refused(&["import", "README.md", "--out", &set]),
        "no image was found (README.md: it is no picture, table or array that is read)\n"
    );
    assert_eq!(
        refused(&["import", pets, "--size", "65", "--out", &set]),
        "images can be 1 × 1 to 64 × 64, grey or in colour\n"
    );
    assert_eq!(
        refused(&["import", pets, "--size", "big", "--out", &set]),
        "--size: “big” is no size such as 32 or 32x48 (height × width)\n"
    );
    assert_eq!(fs::read(&set).unwrap(), fs::read(&again).unwrap(), "what fails changes nothing");
}
