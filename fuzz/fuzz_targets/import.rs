//! A person's own images: whatever a file holds, an import makes a sound set of it or says why not.
#![no_main]

use latent_core::data::ImageShape;
use latent_import::{InputFile, Recipe, import, survey};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

// The first byte chooses a name, by which tables and CIFAR-10's batches are told.
const NAMES: [&str; 6] = ["a.png", "set.npz", "table.csv", "test_batch.bin", "train-images-idx3-ubyte", "pets.zip"];

fuzz_target!(|input: &[u8]| {
    let Some((&first, file)) = input.split_first() else { return };
    let name = NAMES[usize::from(first) % NAMES.len()];
    let files = || [InputFile { path: name.into(), reader: Ok(Box::new(Cursor::new(file.to_vec()))) }];
    let recipe = Recipe { shape: ImageShape { height: 7, width: 5, channels: 3 }, ..Recipe::default() };
    let _ = survey(files(), false, 3);
    if let Ok(imported) = import(files(), false, &recipe) {
        let set = imported.set;
        for part in [&set.training, &set.test] {
            assert!(!part.is_empty());
            assert_eq!(part.pixels.len(), part.len() * recipe.shape.values());
            assert!(part.labels.iter().all(|&label| usize::from(label) < set.classes.len().max(1)));
        }
    }
});
