//! Files that contradict themselves are refused in a sentence.

use super::*;

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
