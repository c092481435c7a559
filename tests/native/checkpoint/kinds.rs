//! Files of every kind of model.

use super::*;

#[test]
fn a_model_of_other_images_reads_back() {
    let mut checkpoint = small();
    checkpoint.settings.model.input = ImageShape { height: 5, width: 4, channels: 3 };
    checkpoint.progress = Progress::initial(&checkpoint.settings.model, 7);
    checkpoint.history = History::default();
    assert_eq!(Checkpoint::parse(&checkpoint.to_bytes().unwrap()), Ok(checkpoint));
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
