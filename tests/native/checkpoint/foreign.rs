//! Files that others have written: bare weights, other programs, other formats.

use super::*;

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
fn bare_weights_that_do_not_describe_their_model_are_read_as_the_one_that_is_named() {
    let fixture = ModelFixture::read("conv-vae");
    let bytes = fixture.weights_file();
    assert_eq!(Checkpoint::parse(&bytes), Err(CheckpointError::Undescribed));
    let read = Checkpoint::parse_as(&bytes, Some(&fixture.model)).unwrap();
    assert_eq!((&read.settings.model, &read.progress), (&fixture.model, &fixture.start()));
    let other = Checkpoint::parse_as(&bytes, Some(&every_kind().settings.model));
    assert!(matches!(other, Err(CheckpointError::Shape { .. } | CheckpointError::Missing(_))), "{other:?}");
}
