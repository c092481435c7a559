//! The notes in a file: settings, versions, data sets.

use super::*;

#[test]
fn metadata_of_version_1_is_read_as_strictly_as_any_other_way_in() {
    let good = [
        ("latent_playground", "1"),
        ("steps", "0"),
        ("hidden", "3"),
        ("code", "2"),
        ("slope", "0.25"),
        ("batch", "64"),
        ("epochs", "3"),
        ("lr", "0.001"),
        ("seed", "9"),
        ("shuffle", "0"),
        ("images", "640"),
    ];
    let read = Checkpoint::parse(&file(&BARE, &good)).unwrap();
    assert_eq!((read.settings.batch, read.settings.seed, read.settings.model.slope), (64, 9, 0.25));

    let but = |key: &str, text| {
        let mut notes = good;
        notes.iter_mut().filter(|note| note.0 == key).for_each(|note| note.1 = text);
        refusal(&file(&BARE, &notes))
    };
    assert_eq!(
        but("latent_playground", "3"),
        "the file has version 3, and this program reads versions 1 and 2: a newer release may read it"
    );
    assert_eq!(but("lr", "NaN"), "the file's settings: lr: “NaN” is not a number from 0.0000001 to 10");
    assert_eq!(but("steps", "-1"), "“-1” is no number of steps that a run can have done");
    assert_eq!(but("steps", "250000001"), "“250000001” is no number of steps that a run can have done");
    let disagrees = "the tensor “encoder_dense_1.kernel” has the shape [784, 3], where [784, 4] is expected";
    assert_eq!(but("hidden", "4"), disagrees);
    assert_eq!(
        but("hidden", "3,3"),
        "the tensor “encoder_dense_2.kernel” has the shape [3, 2], where [3, 3] is expected"
    );
    assert_eq!(refusal(&file(&BARE, &good[..10])), "the file's metadata says nothing of “images”");
    let more = [&good[..], &[("format", "pt"), ("colour", "red")]].concat();
    assert_eq!(Checkpoint::parse(&file(&BARE, &more)), Ok(read));
}

#[test]
fn a_missing_note_of_version_2_has_its_default_and_an_unknown_one_is_refused() {
    const OWN: (&str, &str) = ("latent_playground", "2");
    let bare = Checkpoint::parse(&file(&BARE, &[])).unwrap();
    assert_eq!(Checkpoint::parse(&file(&BARE, &[OWN])), Ok(bare.clone()));
    let one = [OWN, ("latent_playground.lr", "0.001"), ("format", "pt"), ("lr", "none of ours")];
    let settings = Settings { learning_rates: 0.001.into(), ..bare.settings.clone() };
    assert_eq!(Checkpoint::parse(&file(&BARE, &one)), Ok(Checkpoint { settings, ..bare }));

    let refused = [
        ("latent_playground.colour", "red", "the file's metadata says something unknown: “colour”"),
        (
            "latent_playground.lr",
            "NaN",
            "the file's settings: lr: “NaN” is not a number from 0.0000001 to 10",
        ),
        ("latent_playground.steps", "-1", "“-1” is no number of steps that a run can have done"),
        (
            "latent_playground.numerics",
            "2",
            "the file's settings: numerics: “2” is not an order of sums that this release knows (1)",
        ),
        ("latent_playground.input", "28x28", "“28x28” is no supported shape of an image"),
        (
            "latent_playground.input",
            "32x32x3",
            "the tensor “encoder_dense_1.kernel” has the shape [784, 3], where [3072, 3] is expected",
        ),
        (
            "latent_playground.loss",
            "bce",
            "the file's settings: loss: bce needs the output activation sigmoid, and the model's is leaky_relu",
        ),
        (
            "latent_playground.encoder",
            "dense4",
            "the tensor “encoder_dense_1.kernel” has the shape [784, 3], where [784, 4] is expected",
        ),
    ];
    for (name, text, sentence) in refused {
        assert_eq!(refusal(&file(&BARE, &[OWN, (name, text)])), sentence);
    }
}

#[test]
fn every_setting_is_written_under_a_name_of_our_own() {
    let mut checkpoint = small();
    checkpoint.settings.model = ModelSpec {
        activation: Activation::Tanh,
        output: Activation::Sigmoid,
        loss: Loss::from_name("bce").unwrap(),
        ..checkpoint.settings.model
    };
    checkpoint.settings.model.latent =
        Latent::Deterministic { units: 2, activation: Some(Activation::Linear) };
    let bytes = checkpoint.to_bytes().unwrap();
    assert_eq!(Checkpoint::parse(&bytes).unwrap(), checkpoint);
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let notes = header.metadata().clone().unwrap();
    assert_eq!(notes["latent_playground"], "2");
    assert_eq!(notes["latent_playground.encoder"], "dense3");
    assert_eq!(notes["latent_playground.code-activation"], "linear");
    assert_eq!(notes["latent_playground.numerics"], "1");
    assert!(notes.keys().all(|name| name.starts_with("latent_playground")));
}

/// Earlier releases refuse notes that they do not know.
#[test]
fn a_file_of_a_dense_model_on_mnist_says_nothing_of_what_came_later() {
    let bytes = small().to_bytes().unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let notes = header.metadata().clone().unwrap();
    for field in Field::ADDED_LATER {
        assert!(!notes.contains_key(&format!("latent_playground.{}", field.key())));
    }
}

#[test]
fn a_file_names_its_data_set_unless_that_is_mnist() {
    let name = |checkpoint: &Checkpoint| {
        let bytes = checkpoint.to_bytes().unwrap();
        assert_eq!(Checkpoint::parse(&bytes).as_ref(), Ok(checkpoint));
        let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
        header.metadata().clone().unwrap().get("latent_playground.data").cloned()
    };
    let mut checkpoint = small();
    assert_eq!((checkpoint.settings.data, name(&checkpoint)), (DatasetId::Mnist, None));
    checkpoint.settings.data = DatasetId::FashionMnist;
    assert_eq!(name(&checkpoint).as_deref(), Some("fashion-mnist"));
}
