//! What a person has chosen or dropped: a model, or images.

/// Files for an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The path of each file, without the one folder around all of them.
    pub paths: Vec<String>,
    /// Whether more than one file or folder was given.
    pub several: bool,
    /// A name for the whole.
    pub title: String,
}

/// Endings of archives, arrays and pictures, which a title leaves out.
const ENDINGS: [&str; 14] = [
    ".gz", ".tgz", ".tar", ".zip", ".npy", ".npz", ".csv", ".bin", ".png", ".jpg", ".jpeg", ".gif", ".bmp",
    ".webp",
];

impl Given {
    /// What files of these paths are.
    pub fn new(paths: Vec<String>) -> Self {
        let first = |path: &String| path.split('/').next().unwrap_or_default().to_owned();
        let top = paths.first().map(first).unwrap_or_default();
        let is_one_folder =
            paths.iter().all(|path| path.strip_prefix(&top).is_some_and(|rest| rest.starts_with('/')));
        let several = !is_one_folder && paths.len() > 1;
        let title = match (several, is_one_folder) {
            (true, _) => format!("{} files", paths.len()),
            (false, true) => top.clone(),
            (false, false) => stem(&top).to_owned(),
        };
        let without_top = |path: String| path.get(top.len() + 1..).unwrap_or_default().to_owned();
        let paths = if is_one_folder { paths.into_iter().map(without_top).collect() } else { paths };
        Self { paths, several, title }
    }
}

/// A name without the endings that say what kind of file it is.
fn stem(name: &str) -> &str {
    let mut stem = name;
    while let Some(shorter) = ENDINGS.into_iter().find_map(|ending| without(stem, ending)) {
        stem = shorter;
    }
    stem
}

fn without<'a>(name: &'a str, ending: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(ending.len()).filter(|&at| at > 0)?;
    name.get(at..).filter(|end| end.eq_ignore_ascii_case(ending)).and(name.get(..at))
}

/// Endings of models, those of other programs included, which get a sentence of their own.
const MODELS: [&str; 7] = [".safetensors", ".keras", ".h5", ".hdf5", ".onnx", ".pt", ".pth"];

/// Whether a single file is to be opened as a model, by its name.
pub fn is_model(name: &str) -> bool {
    MODELS.into_iter().any(|ending| without(name, ending).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(paths: &[&str]) -> (Vec<String>, bool, String) {
        let Given { paths, several, title } = Given::new(paths.iter().map(|&path| path.into()).collect());
        (paths, several, title)
    }

    #[test]
    fn the_folder_around_everything_names_the_whole() {
        let paths = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            given(&["pets/cat/1.png", "pets/dog/2.png"]),
            (paths(&["cat/1.png", "dog/2.png"]), false, "pets".into())
        );
        assert!(given(&["pets/cat/1.png", "more/2.png"]).1);
        assert!(given(&["pets/1.png", "pets2/2.png"]).1);
        assert_eq!(given(&["a.png", "b.png"]), (paths(&["a.png", "b.png"]), true, "2 files".into()));
        assert_eq!(given(&["pets.tar.gz"]), (paths(&["pets.tar.gz"]), false, "pets".into()));
        assert_eq!(given(&[".zip"]).2, ".zip");
        assert_eq!(given(&[]).0, paths(&[]));
    }

    #[test]
    fn models_are_told_from_images_by_their_names() {
        for name in ["a.safetensors", "a.KERAS", "a.zip.safetensors"] {
            assert!(is_model(name), "{name}");
        }
        for name in [
            "a.zip",
            "a.PNG",
            "train-images-idx3-ubyte",
            "b.tar.gz",
            "data_batch_1.bin",
            "pets",
            "a.heic",
            "a.txt",
        ] {
            assert!(!is_model(name), "{name}");
        }
    }
}
