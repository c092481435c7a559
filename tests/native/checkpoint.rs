//! Models as files: what is written reads back, and whatever else a file may hold is refused in a sentence.

use latent_core::{
    data::DatasetId,
    link::Link,
    model::{Activation, ImageShape, Latent, Loss, ModelSpec},
    settings::{Field, Settings},
    training::{
        LossParts, Progress, StepLosses,
        checkpoint::{Checkpoint, CheckpointError, MOST_BYTES},
        history::{History, Validation},
    },
    weights::Weights,
};
use latent_tests::{Keras, model_fixture::ModelFixture, path};
use proptest::prelude::*;
use safetensors::tensor::{Dtype, TensorView, serialize};
use std::fs;

/// A run of some steps of a small network, with every kind of number in it.
fn checkpoint(hidden: Vec<usize>, code: usize, seed: u64, known: usize, unknown: u64) -> Checkpoint {
    let model = ModelSpec::dense(&hidden, code, 0.1);
    let steps = unknown + known as u64;
    let mut progress = Progress { steps, ..Progress::initial(&model, seed) };
    progress.weights.tensors[0].values[..4].copy_from_slice(&[-0.0, f32::MIN_POSITIVE / 2.0, f32::MAX, 0.1]);
    if steps > 0 {
        progress.first_moment = Weights::initial(&model, seed ^ 1);
        progress.second_moment = Weights::initial(&model, seed ^ 2);
        let values = progress.second_moment.layers_mut().flat_map(|layer| &mut layer.kernel.values);
        values.for_each(|value| *value *= *value);
    }
    let losses: Vec<f32> = (0..known).map(|step| 0.1 / (1.0 + step as f32)).collect();
    let validation = (unknown..=steps).step_by(7).map(|steps| Validation::total(steps, 1.0 / 3.0)).collect();
    let history = History::restored(unknown, losses, validation);
    let settings =
        Settings { model, seed, learning_rates: (0.1 + 0.2).into(), shuffle: false, ..Settings::default() };
    Checkpoint { settings, progress, history }
}

fn small() -> Checkpoint {
    checkpoint(vec![3], 2, 7, 20, 10)
}

/// A run of a variational model: `totals` losses after `unknown` steps, of which the last `parts` have parts, as have the last
/// `validated` of three validations.
fn variational(unknown: u64, totals: usize, parts: usize, validated: usize, seed: u64) -> Checkpoint {
    let mut checkpoint = checkpoint(vec![3], 2, seed, 0, unknown + totals as u64);
    checkpoint.settings.model.latent = Latent::Variational { units: 2, beta: 0.5 };
    let model = &checkpoint.settings.model;
    checkpoint.progress = Progress { steps: checkpoint.progress.steps, ..Progress::initial(model, seed) };
    let part = |at: usize| LossParts { reconstruction: 3.0 / (1.0 + at as f32), divergence: 0.1 * at as f32 };
    let losses = StepLosses {
        totals: (0..totals).map(|at| 1.0 + at as f32).collect(),
        parts: (totals - parts..totals).map(part).collect(),
    };
    let taken = |at: usize| {
        let parts = (at >= 3 - validated).then(|| part(at));
        Validation { parts, ..Validation::total(unknown, 2.0) }
    };
    checkpoint.history = History::restored(unknown, losses, (0..3).map(taken).collect());
    checkpoint
}

fn refusal(bytes: &[u8]) -> String {
    Checkpoint::parse(bytes).unwrap_err().to_string()
}

/// A file with these tensors and notes, as other programs write them.
fn file(tensors: &[(&str, Dtype, &[usize])], notes: &[(&str, &str)]) -> Vec<u8> {
    let zeros = vec![0; 1 << 20];
    let views = tensors.iter().map(|&(name, dtype, shape)| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        (name, TensorView::new(dtype, shape.to_vec(), &zeros[..bytes]).unwrap())
    });
    let notes = notes.iter().map(|&(key, text)| (key.to_owned(), text.to_owned())).collect();
    serialize(views, Some(notes)).unwrap()
}

const BARE: [(&str, Dtype, &[usize]); 8] = [
    ("encoder_dense_1.kernel", Dtype::F32, &[784, 3]),
    ("encoder_dense_1.bias", Dtype::F32, &[3]),
    ("encoder_dense_2.kernel", Dtype::F32, &[3, 2]),
    ("encoder_dense_2.bias", Dtype::F32, &[2]),
    ("decoder_dense_1.kernel", Dtype::F32, &[2, 3]),
    ("decoder_dense_1.bias", Dtype::F32, &[3]),
    ("decoder_dense_2.kernel", Dtype::F32, &[3, 784]),
    ("decoder_dense_2.bias", Dtype::F32, &[784]),
];

/// [`BARE`] with something else in one place.
fn bare_but(at: usize, tensor: (&str, Dtype, &[usize])) -> Vec<u8> {
    let mut tensors = BARE;
    tensors[at] = tensor;
    file(&tensors, &[])
}

proptest! {
    #[test]
    fn what_is_written_reads_back_to_the_bit(
        hidden in prop::collection::vec(1usize..6, 1..5),
        code in 1usize..5, seed: u64, known in 0usize..40, unknown in 0u64..1000,
    ) {
        let checkpoint = checkpoint(hidden, code, seed, known, unknown);
        let bytes = checkpoint.to_bytes().unwrap();
        let read = Checkpoint::parse(&bytes).unwrap();
        prop_assert_eq!(&read, &checkpoint);
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn the_parts_of_variational_losses_read_back_to_the_bit(
        (totals, parts) in (0usize..40).prop_flat_map(|totals| (Just(totals), 0..=totals)),
        unknown in 1u64..1000, validated in 0usize..=3, seed: u64,
    ) {
        let checkpoint = variational(unknown, totals, parts, validated, seed);
        let bytes = checkpoint.to_bytes().unwrap();
        let read = Checkpoint::parse(&bytes).unwrap();
        prop_assert_eq!(&read, &checkpoint);
        prop_assert_eq!(read.history.to_csv(7), checkpoint.history.to_csv(7));
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Checkpoint::parse(&bytes).is_err());
    }

    #[test]
    fn any_header_is_read_without_a_panic(text in "[\\[\\]{}:,\"a-z0-9_.FI-]{0,120}") {
        let header = format!("{{{text}");
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0; 8]].concat();
        prop_assert!(Checkpoint::parse(&bytes).is_err());
    }

    #[test]
    fn a_file_that_was_cut_is_refused(cut: prop::sample::Index) {
        let bytes = small().to_bytes().unwrap();
        prop_assert!(Checkpoint::parse(&bytes[..cut.index(bytes.len())]).is_err());
    }

    #[test]
    fn a_file_with_a_flipped_bit_is_refused_or_sound(at: prop::sample::Index, in_header: bool, bit in 0u8..8) {
        let mut bytes = small().to_bytes().unwrap();
        // Half of the flips go where they can do most.
        let among = if in_header { 1_500 } else { bytes.len() };
        bytes[at.index(among)] ^= 1 << bit;
        if let Ok(read) = Checkpoint::parse(&bytes) {
            prop_assert!(read.to_bytes().is_ok());
        }
    }
}

#[test]
fn the_same_run_makes_the_same_file_and_safetensors_reads_it() {
    let bytes = small().to_bytes().unwrap();
    assert_eq!(small().to_bytes().unwrap(), bytes);
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let tensor = tensors.tensor("optimizer.velocity.decoder_dense_2.kernel").unwrap();
    assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, &[3, 784][..]));
    assert_eq!(tensors.tensor("history.loss").unwrap().shape(), [20]);
    assert_eq!(tensors.tensor("history.val_loss_steps").unwrap().dtype(), Dtype::I64);
    // The numbers begin at a multiple of eight, so that readers can use them where they are.
    assert_eq!(u64::from_le_bytes(bytes[..8].try_into().unwrap()) % 8, 0);
}

#[test]
fn bare_weights_are_a_run_before_its_first_step() {
    let bytes = fs::read(path("tests/fixtures/keras/weights.safetensors")).unwrap();
    let read = Checkpoint::parse(&bytes).unwrap();
    assert_eq!(read.settings, Settings::default());
    assert_eq!(read.progress, Progress::with_weights(&ModelSpec::default(), Keras::weights()));
    assert_eq!(read.history, History::default());
}

/// A file that another program made of one of ours (tests/fixtures/foreign).
fn foreign(name: &str) -> Vec<u8> {
    fs::read(path(&format!("tests/fixtures/foreign/{name}.safetensors"))).unwrap()
}

#[test]
fn a_file_that_numpy_saved_again_has_its_losses_and_the_default_settings() {
    let read = Checkpoint::parse(&foreign("resaved-by-numpy")).unwrap();
    assert_eq!(read.settings, Settings { model: ModelSpec::dense(&[1], 2, 0.3), ..Settings::default() });
    assert_eq!(
        (read.progress.steps, read.history.losses().len(), read.history.validation().len()),
        (1, 1, 1)
    );
    assert!(read.progress.first_moment.values().any(|value| value != 0.0));
}

#[test]
fn an_optimizer_without_steps_or_losses_is_refused() {
    let moments = ["momentum", "velocity"]
        .map(|moment| BARE.map(|(name, dtype, shape)| (format!("optimizer.{moment}.{name}"), dtype, shape)));
    let moments = moments.concat();
    let ones = vec![1; 1 << 20];
    let tensors = BARE.into_iter().map(|(name, dtype, shape)| (name.to_owned(), dtype, shape)).chain(moments);
    let views = tensors.map(|(name, dtype, shape)| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        (name, TensorView::new(dtype, shape.to_vec(), &ones[..bytes]).unwrap())
    });
    assert_eq!(refusal(&serialize(views, None).unwrap()), "the file's metadata says nothing of “steps”");
}

#[test]
fn transposed_kernels_are_recognised() {
    let sentence = "its kernels are transposed, [outputs, inputs], as PyTorch keeps them: \
                    store them as [inputs, outputs], as Keras does";
    assert_eq!(refusal(&foreign("transposed-kernels")), sentence);
}

#[test]
fn bare_weights_say_which_network_they_are() {
    let read = Checkpoint::parse(&file(&BARE, &[("format", "pt")])).unwrap();
    assert_eq!(read.settings.model, ModelSpec::dense(&[3], 2, 0.3));
}

#[test]
fn other_files_are_told_by_what_they_are() {
    let files: [(&[u8], &str); 9] = [
        (
            &foreign("lfs-pointer"),
            "this is not a safetensors file but a pointer of Git LFS: the model itself was not downloaded \
             (git lfs pull does so)",
        ),
        (b"", "the file is empty"),
        (
            b"PK\x03\x04 and so on",
            "this is not a safetensors file but a zip archive, as Keras' .keras files are",
        ),
        (
            b"\x89HDF\r\n\x1a\n and so on",
            "this is not a safetensors file but an HDF5 file, as Keras' .h5 files are",
        ),
        (b"\n<!DOCTYPE html><html>", "this is not a safetensors file but a web page"),
        (b"{\"weights\": {}}", "this is not a safetensors file but JSON"),
        (b"\x93NUMPY", "this is not a safetensors file"),
        (b"\x09\0\0\0\0\0\0\0{}", "the safetensors file is damaged: it ends within its header"),
        (b"\x02\0\0\0\0\0\0\0{}", "the tensor “encoder_dense_1.kernel” is missing"),
    ];
    for (bytes, sentence) in files {
        assert_eq!(refusal(bytes), sentence);
    }
    let large = vec![0; MOST_BYTES + 1];
    assert_eq!(refusal(&large), "the model takes 256000001 bytes, and more than 256000000 are not supported");
}

#[test]
fn whether_a_run_can_be_written_is_known_before_it_is_trained() {
    assert_eq!(Checkpoint::fits(&ModelSpec::default(), 4_700), Ok(()));
    assert!(Checkpoint::fits(&ModelSpec::default(), 250_000_000).is_err());
    let large = ModelSpec::dense(&[4096, 2048], 2, 0.3);
    assert!(matches!(Checkpoint::fits(&large, 0), Err(CheckpointError::TooLarge(278_652_000..279_500_000))));
}

#[test]
fn sizes_that_overflow_when_added_up_are_refused() {
    // Eight tensors that are, together, seven bytes short of all that a machine can address, and those seven.
    let each = usize::MAX / 8;
    let mut entries: Vec<_> = (0..8)
        .map(|at| {
            let (start, end) = (at * each, (at + 1) * each);
            format!("\"t{at}\":{{\"dtype\":\"U8\",\"shape\":[{each}],\"data_offsets\":[{start},{end}]}}")
        })
        .collect();
    let (start, left) = (8 * each, usize::MAX - 8 * each);
    entries.push(format!(
        "\"t8\":{{\"dtype\":\"U8\",\"shape\":[{left}],\"data_offsets\":[{start},{}]}}",
        usize::MAX
    ));
    let header = format!("{{{}}}", entries.join(","));
    let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    assert!(refusal(&bytes).starts_with("the safetensors file is damaged: "), "{}", refusal(&bytes));
}

#[test]
fn a_tensor_that_is_not_the_networks_is_named() {
    let shape = (BARE[6].0, Dtype::F32, &[784, 3][..]);
    let half = (BARE[1].0, Dtype::F16, &[3][..]);
    let other = ("dense_7.bias\u{1b}[2J", Dtype::F32, &[3][..]);
    let flat = (BARE[0].0, Dtype::F32, &[][..]);
    let wide = (BARE[2].0, Dtype::F32, &[3, 33][..]);
    let refused = [
        (
            bare_but(6, shape),
            "the tensor “decoder_dense_2.kernel” has the shape [784, 3], where [3, 784] is expected",
        ),
        (bare_but(1, half), "the tensor “encoder_dense_1.bias” holds F16 numbers, where F32 is expected"),
        (bare_but(5, other), "the tensor “decoder_dense_1.bias” is missing"),
        (
            bare_but(0, flat),
            "no such network is supported: encoder: a number of units of 0 is not between 1 and 4096",
        ),
        (
            bare_but(2, wide),
            "no such network is supported: code: a number of units of 33 is not between 1 and 32",
        ),
        (
            bare_but(2, other),
            "no such network is supported: hidden: 0 hidden layers, where 1 to 4 are supported",
        ),
        (
            file(&[&BARE[..], &[other]].concat(), &[]),
            "the tensor “dense_7.bias\\u{1b}[2J” is not part of the model",
        ),
        (
            file(
                &[&BARE[..], &[("optimizer.momentum.encoder_dense_1.kernel", Dtype::F32, &[784, 3])]]
                    .concat(),
                &[],
            ),
            "the tensor “optimizer.momentum.encoder_dense_1.bias” is missing",
        ),
        (
            file(
                &[&BARE[..], &[("history.loss", Dtype::F32, &[2])]].concat(),
                &[("latent_playground.steps", "0")],
            ),
            "the history of losses is unsound: it holds 2 losses, and 0 steps were done",
        ),
    ];
    for (bytes, sentence) in refused {
        assert_eq!(refusal(&bytes), sentence);
    }
}

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
    assert_eq!(but("lr", "NaN"), "the file's settings: lr: NaN is not between 0.0000001 and 10");
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
        ("latent_playground.lr", "NaN", "the file's settings: lr: NaN is not between 0.0000001 and 10"),
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
fn a_model_of_other_images_reads_back() {
    let mut checkpoint = small();
    checkpoint.settings.model.input = ImageShape { height: 5, width: 4, channels: 3 };
    checkpoint.progress = Progress::initial(&checkpoint.settings.model, 7);
    checkpoint.history = History::default();
    assert_eq!(Checkpoint::parse(&checkpoint.to_bytes().unwrap()), Ok(checkpoint));
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

#[test]
fn parts_that_are_not_of_one_run_are_neither_written_nor_read() {
    type Spoil = fn(&mut Checkpoint);
    let spoil: [(Spoil, &str); 7] = [
        (
            |it| it.progress.weights.tensors[3].values[0] = f32::NAN,
            "the weights: encoder_dense_2.bias holds a value that is not finite",
        ),
        (
            |it| it.progress.first_moment.tensors[3].values[0] = f32::INFINITY,
            "the optimizer's momentum: encoder_dense_2.bias holds a value that is not finite",
        ),
        (
            |it| it.progress.second_moment.tensors[3].values[0] = -1.0,
            "the optimizer's state is unsound: its velocity, a mean of squares, is below zero",
        ),
        (
            |it| (it.progress.steps, it.history) = (0, History::default()),
            "the optimizer's state is unsound: it is that of a run, and no step was done",
        ),
        (
            |it| it.history.trained(&[0.1]),
            "the history of losses is unsound: it ends after step 31, and 30 steps were done",
        ),
        (
            |it| it.history = History::restored(29, vec![f32::NAN], vec![]),
            "the history of losses is unsound: a loss is not finite",
        ),
        (
            |it| it.history = History::restored(30, vec![], vec![Validation::total(31, 0.1)]),
            "the history of losses is unsound: a validation was taken before its predecessor, or after the last step",
        ),
    ];
    for (spoil, sentence) in spoil {
        let mut checkpoint = small();
        spoil(&mut checkpoint);
        assert_eq!(checkpoint.to_bytes().unwrap_err().to_string(), sentence);
    }
    // The same value in a file that was sound: its last number is one of the encoder's.
    let mut bytes = small().to_bytes().unwrap();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(matches!(Checkpoint::parse(&bytes), Err(CheckpointError::Moments { moment: "velocity", .. })));
}

/// A run of a model with every kind of layer, a variational code and corrupted images.
fn every_kind() -> Checkpoint {
    let (link, problems) = Link::parse(
        "encoder=conv3k3s2,dropout0.2,conv4k3s2,dense5&code=3&variational=1&beta=0.5&output=sigmoid&loss=bce-sum\
         &corruption=masking0.3",
    );
    assert_eq!(problems, []);
    let progress = Progress::initial(&link.settings.model, 3);
    Checkpoint { settings: link.settings, progress, history: History::default() }
}

#[test]
fn every_kind_of_model_reads_back() {
    let checkpoint = every_kind();
    let bytes = checkpoint.to_bytes().unwrap();
    assert_eq!(Checkpoint::parse(&bytes), Ok(checkpoint.clone()));
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for (name, shape) in [
        ("encoder_conv2d_2.kernel", &[3, 3, 3, 4][..]),
        ("encoder_z_log_var.kernel", &[5, 3]),
        ("decoder_conv2d_transpose_1.kernel", &[3, 3, 4, 4]),
        ("decoder_conv2d_transpose_3.kernel", &[3, 3, 1, 3]),
    ] {
        assert_eq!(tensors.tensor(name).unwrap().shape(), shape, "{name}");
    }
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

#[test]
fn bare_weights_that_do_not_describe_their_model_are_read_as_the_one_that_is_named() {
    let fixture = ModelFixture::read("conv-vae");
    let bytes = fixture.weights_file();
    assert_eq!(Checkpoint::parse(&bytes), Err(CheckpointError::Undescribed));
    let read = Checkpoint::parse_as(&bytes, Some(&fixture.model)).unwrap();
    assert_eq!((&read.settings.model, &read.progress), (&fixture.model, &fixture.start()));
    let other = Checkpoint::parse_as(&bytes, Some(&every_kind().settings.model));
    assert!(matches!(other, Err(CheckpointError::Shape { .. } | CheckpointError::Missing(_))), "{other:?}");
}

#[test]
fn a_deterministic_model_has_no_parts_in_its_file_and_a_variational_one_has() {
    let names = |checkpoint: &Checkpoint| {
        let bytes = checkpoint.to_bytes().unwrap();
        let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let mut names: Vec<_> = file.names().into_iter().map(str::to_owned).collect();
        names.retain(|name| name.starts_with("history."));
        names.sort_unstable();
        names
    };
    let usual = ["history.loss", "history.val_loss", "history.val_loss_steps"];
    assert_eq!(names(&small()), usual);
    assert_eq!(names(&variational(5, 4, 0, 0, 1)), usual);
    let all = [
        "history.divergence",
        "history.loss",
        "history.reconstruction",
        "history.val_divergence",
        "history.val_loss",
        "history.val_loss_steps",
        "history.val_reconstruction",
    ];
    assert_eq!(names(&variational(5, 4, 4, 3, 1)), all);
}

#[test]
fn parts_that_fit_no_losses_are_refused() {
    let mut checkpoint = variational(5, 4, 2, 3, 1);
    let bytes = checkpoint.to_bytes().unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let without = |missing: &str| {
        let tensors = file.tensors().into_iter().filter(|(name, _)| name != missing);
        refusal(&serialize(tensors, metadata.metadata().clone()).unwrap())
    };
    for name in ["history.loss", "history.reconstruction", "history.divergence", "history.val_divergence"] {
        let sentence = without(name);
        assert!(
            sentence.contains("not as many reconstructions and divergences as losses"),
            "{name}: {sentence}"
        );
    }
    // A divergence of a model that has none.
    checkpoint.settings.model.latent = Latent::Deterministic { units: 2, activation: None };
    checkpoint.progress =
        Progress { steps: checkpoint.progress.steps, ..Progress::initial(&checkpoint.settings.model, 1) };
    let sentence = checkpoint.to_bytes().unwrap_err().to_string();
    assert!(sentence.contains("the divergences of a variational model, and the model is none"), "{sentence}");
    // A part that is not finite.
    let mut checkpoint = variational(5, 0, 0, 3, 1);
    let parts = vec![LossParts { reconstruction: 1.0, divergence: f32::INFINITY }];
    checkpoint.history.trained(StepLosses { totals: vec![1.0], parts });
    checkpoint.progress.steps = 6;
    assert!(checkpoint.to_bytes().unwrap_err().to_string().contains("a loss is not finite"));
}
