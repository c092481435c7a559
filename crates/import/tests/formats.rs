//! Files that other programs wrote (`files/make.py`), and the same files damaged.
#![allow(clippy::unwrap_used, reason = "a test")]

use latent_core::data::{ImageShape, OwnSet};
use latent_import::{
    Fit, ImageSet, ImportError, Imported, InputFile, Part, Recipe, import, open_set, survey,
};
use std::{
    fs,
    io::{Cursor, Write},
    path::PathBuf,
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap()
}

fn recipe(side: usize, channels: usize) -> Recipe {
    Recipe {
        shape: ImageShape { height: side, width: side, channels },
        fit: Fit::Stretch,
        ..Recipe::default()
    }
}

fn imported_bytes(files: Vec<(&str, Vec<u8>)>, recipe: &Recipe) -> Result<Imported, ImportError> {
    let several = files.len() > 1;
    let files = files
        .into_iter()
        .map(|(path, bytes)| InputFile { path: path.into(), reader: Ok(Box::new(Cursor::new(bytes))) });
    import(files, several, recipe)
}

fn imported(names: &[&str], recipe: &Recipe) -> Imported {
    imported_bytes(names.iter().map(|&name| (name, bytes(name))).collect(), recipe).unwrap()
}

fn images(part: &Part, shape: ImageShape) -> Vec<(u8, Vec<u8>)> {
    let mut images: Vec<_> =
        part.labels.iter().copied().zip(part.pixels.chunks(shape.values()).map(<[u8]>::to_vec)).collect();
    images.sort();
    images
}

fn all_images(set: &ImageSet) -> Vec<(u8, Vec<u8>)> {
    let mut all = [images(&set.training, set.shape), images(&set.test, set.shape)].concat();
    all.sort();
    all
}

#[test]
fn a_folder_of_classes_is_the_same_set_from_zip_and_tar() {
    let recipe = recipe(12, 3);
    let zip = imported(&["pets.zip"], &recipe);
    let tar = imported(&["pets.tar.gz"], &recipe);
    assert_eq!(zip.set.sha256(), tar.set.sha256());
    assert_eq!(zip.set.classes, ["cat", "dog"]);
    assert_eq!((zip.set.training.len(), zip.set.test.len()), (13, 8));
    let skipped: Vec<_> = zip.skipped.iter().map(|skipped| skipped.path.as_str()).collect();
    assert_eq!((skipped, zip.skipped_files), (vec!["pets/read me.txt"], 1));
    // The same on every machine, in every browser, and next year.
    assert_eq!(zip.set.sha256(), "55894dd3111101ae7e3f7f7349330793cfe0dd2450e7c7ec8e1bcb4e2926b09b");
}

#[test]
fn formats_without_loss_give_equal_pixels_and_others_nearly() {
    let set = imported(&["pets.zip"], &recipe(12, 3)).set;
    let test = images(&set.test, set.shape);
    for class in [0, 1] {
        let of_class: Vec<_> = test.iter().filter(|(label, _)| *label == class).collect();
        assert_eq!(of_class.len(), 4);
        assert!(
            of_class.iter().all(|image| *image == of_class[0]),
            "PNG, palette, BMP and WebP of class {class}"
        );
    }
    let is_near = |a: &[u8], b: &[u8]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) < 40);
    let cats: Vec<_> =
        images(&set.training, set.shape).into_iter().filter(|(label, _)| *label == 0).collect();
    let others: Vec<_> = cats.iter().filter(|cat| !test.contains(cat)).collect();
    assert_eq!(others.len(), 5, "GIF, three JPEGs and a turned one");
    for other in &others {
        let near = others.iter().filter(|it| is_near(&it.1, &other.1)).count();
        assert_eq!(near, 5, "{:?}", others.iter().map(|it| it.1[75..84].to_vec()).collect::<Vec<_>>());
    }
}

#[test]
fn transparency_and_sixteen_bits_are_honoured() {
    let grey = recipe(2, 1);
    let set = imported(&["sixteen-bits.png", "grey-alpha.png"], &grey).set;
    assert_eq!(all_images(&set), [(0, vec![0, 255, 128, 1]), (0, vec![0, 255, 255, 100])]);
    let set = imported(&["transparent.png", "transparent.png"], &recipe(2, 3)).set;
    let expected = vec![200, 100, 50, 255, 255, 255, 227, 177, 152, 0, 0, 0];
    assert_eq!(all_images(&set), [(0, expected.clone()), (0, expected)]);
}

#[test]
fn arrays_of_numpy_and_tables_of_pandas_hold_the_same_images() {
    let recipe = recipe(4, 1);
    let expected: Vec<Vec<u8>> = (0..6u8).map(|image| (16 * image..16 * (image + 1)).collect()).collect();
    let labels = [1, 0, 1, 2, 0, 2];
    let mut labelled: Vec<_> = labels.into_iter().zip(expected.clone()).collect();
    labelled.sort();
    let unlabelled: Vec<_> = expected.into_iter().map(|image| (0, image)).collect();
    for (names, expected) in [
        (vec!["images.npy"], &unlabelled),
        (vec!["floats.npy"], &unlabelled),
        (vec!["without-labels.csv"], &unlabelled),
        (vec!["kaggle.csv"], &labelled),
        (vec!["set.npz"], &labelled),
        (
            vec![
                "train-images-idx3-ubyte.gz",
                "train-labels-idx1-ubyte",
                "t10k-images-idx3-ubyte.gz",
                "t10k-labels-idx1-ubyte",
            ],
            &labelled,
        ),
    ] {
        let Imported { set, skipped, .. } = imported(&names, &recipe);
        assert_eq!(skipped, [], "{names:?}");
        assert_eq!(&all_images(&set), expected, "{names:?}");
        let has_splits = names.len() > 1 || names == ["set.npz"];
        assert_eq!(set.test.len(), if has_splits { 2 } else { 1 }, "{names:?}");
        assert_eq!(set.classes.len(), if expected == &labelled { 3 } else { 0 });
    }
    let refused = imported_bytes(vec![("fortran.npy", bytes("fortran.npy"))], &recipe).unwrap_err();
    assert!(refused.to_string().contains("numpy.ascontiguousarray"), "{refused}");
}

#[test]
fn cifar_10s_archive_has_its_classes_and_splits() {
    let set = imported(&["cifar-10-binary.tar.gz"], &recipe(32, 3)).set;
    assert_eq!(set.classes, ["airplane", "automobile", "bird", "cat"]);
    assert_eq!((set.training.len(), set.test.len()), (2, 2));
    let test = images(&set.test, set.shape);
    assert_eq!(
        test.iter().map(|(label, pixels)| (*label, &pixels[..3])).collect::<Vec<_>>(),
        [(2, &[80, 100, 200][..]), (3, &[120, 100, 200][..])]
    );
}

#[test]
fn a_survey_tells_what_an_import_finds() {
    let files =
        || [InputFile { path: "pets.zip".into(), reader: Ok(Box::new(Cursor::new(bytes("pets.zip")))) }];
    let survey = survey(files(), false, 4).unwrap();
    assert_eq!((survey.images, survey.test_images, survey.skipped_files), (21, 8, 1));
    assert_eq!(survey.classes, [("cat".into(), 13), ("dog".into(), 8)]);
    assert_eq!(survey.sizes, [([12, 12], 21)]);
}

#[test]
fn a_set_opens_from_its_file_and_a_damaged_file_does_not() {
    let set = imported(&["pets.zip"], &recipe(6, 3)).set;
    let file = set.to_file().unwrap();
    let opened = |bytes: &[u8]| open_set(Cursor::new(bytes.to_vec()));
    assert_eq!(opened(&file.bytes).unwrap(), Some(set));
    for other in [bytes("pets.zip"), bytes("set.npz"), b"text".to_vec(), Vec::new()] {
        assert_eq!(opened(&other).unwrap(), None);
    }
    assert_eq!(file.files.last().unwrap().0, "manifest.txt");
    for (name, range) in &file.files {
        let mut damaged = file.bytes.clone();
        damaged[range.start + range.len() / 2] ^= 1;
        assert!(!matches!(opened(&damaged), Ok(Some(_))), "{name}");
    }
    assert!(!matches!(opened(&file.bytes[..file.bytes.len() / 2]), Ok(Some(_))));
}

#[test]
fn folders_whose_names_are_no_utf_8_stay_two_classes() {
    // A letter each: ä and ö of the old code page, which is also what a tar of an old system has.
    let picture = bytes("transparent.png");
    let mut tar = tar::Builder::new(Vec::new());
    for folder in [b"B\x84r", b"B\x94r"] {
        let mut header = tar::Header::new_gnu();
        let name = [&folder[..], b"/1.png"].concat();
        header.as_mut_bytes()[..name.len()].copy_from_slice(&name);
        header.set_size(picture.len() as u64);
        header.set_cksum();
        tar.append(&header, &picture[..]).unwrap();
    }
    let found = imported_bytes(vec![("bears.tar", tar.into_inner().unwrap())], &recipe(4, 1)).unwrap();
    assert_eq!(found.set.classes, ["B\u{84}r", "B\u{94}r"]);
}

#[test]
fn a_set_of_the_most_images_opens_from_its_file() {
    let part = |images: usize| Part { pixels: vec![7; images], labels: vec![0; images] };
    let shape = ImageShape { height: 1, width: 1, channels: 1 };
    let set = ImageSet { shape, classes: vec![], training: part(OwnSet::MOST_IMAGES), test: part(3) };
    assert_eq!(open_set(Cursor::new(set.to_file().unwrap().bytes)).unwrap(), Some(set));
}

#[test]
fn a_file_whose_images_are_others_than_it_says_is_no_set() {
    let mut set = imported(&["pets.zip"], &recipe(6, 3)).set;
    let honest = set.to_file().unwrap();
    set.test.pixels[5] ^= 1;
    let other = set.to_file().unwrap();
    // The first set's manifest, with the name of the second.
    let text = |file: &latent_import::SetFile| {
        let range = file.files.last().unwrap().1.clone();
        String::from_utf8(file.bytes[range].to_vec()).unwrap()
    };
    let name = |text: &str| text.lines().find_map(|line| line.strip_prefix("name ")).unwrap().to_owned();
    let [from, to] = [&honest, &other].map(|file| name(&text(file)));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (entry, range) in &honest.files {
        zip.start_file(entry.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        let bytes = match entry.as_str() {
            "manifest.txt" => text(&honest).replace(&from, &to).into_bytes(),
            _ => honest.bytes[range.clone()].to_vec(),
        };
        zip.write_all(&bytes).unwrap();
    }
    let forged = zip.finish().unwrap().into_inner();
    assert!(matches!(open_set(Cursor::new(forged)), Err(latent_import::OpenSetError::Identity)));
}

#[test]
fn the_seed_chooses_which_images_validate() {
    let with_seed = |seed, validation_percent| {
        imported(&["images.npy"], &Recipe { seed, validation_percent, ..recipe(4, 1) }).set
    };
    assert_eq!(with_seed(1, 30), with_seed(1, 30));
    assert!((2..9).any(|seed| with_seed(seed, 30).test != with_seed(1, 30).test));
    assert_eq!(with_seed(1, 30).test.len(), 2);
    assert_eq!(with_seed(1, 1).test.len(), 1);
    assert_eq!(with_seed(1, 99).training.len(), 1);
    assert!(matches!(
        imported_bytes(
            vec![("images.npy", bytes("images.npy"))],
            &Recipe { validation_percent: 100, ..recipe(4, 1) }
        ),
        Err(ImportError::Recipe(_))
    ));
}

const FILES: [&str; 15] = [
    "pets.zip",
    "pets.tar.gz",
    "cifar-10-binary.tar.gz",
    "floats.npy",
    "fortran.npy",
    "images.npy",
    "set.npz",
    "kaggle.csv",
    "without-labels.csv",
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte",
    "transparent.png",
    "sixteen-bits.png",
    "grey-alpha.png",
    "make.py",
];

#[test]
fn damaged_files_get_a_sentence_and_never_a_panic() {
    let recipe = recipe(8, 1);
    for name in FILES {
        let file = bytes(name);
        let cuts = (0..file.len()).step_by((file.len() / 40).max(1));
        for cut in cuts {
            match imported_bytes(vec![(name, file[..cut].to_vec())], &recipe) {
                Ok(Imported { set, .. }) => assert!(set.training.len() + set.test.len() >= 2),
                Err(error) => assert!(error.to_string().len() > 10, "{error}"),
            }
        }
        for at in (0..file.len()).step_by((file.len() / 60).max(1)) {
            let mut damaged = file.clone();
            damaged[at] ^= 0x55;
            let _ = imported_bytes(vec![(name, damaged)], &recipe);
        }
    }
}

#[test]
fn nothing_at_all_is_told_with_its_reason() {
    let error = imported_bytes(vec![("notes.txt", b"hello".to_vec())], &recipe(4, 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no image was found (notes.txt: it is no picture, table or array that is read)"
    );
    assert_eq!(imported_bytes(vec![], &recipe(4, 1)).unwrap_err().to_string(), "no image was found");
    let one = imported_bytes(vec![("a.png", bytes("transparent.png"))], &recipe(4, 1)).unwrap_err();
    assert_eq!(one, ImportError::OneImage);
}
