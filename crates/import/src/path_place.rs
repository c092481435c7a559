//! What a path says of an image: its class and its split.

use latent_core::data::Split;

/// Folders and files that systems leave behind.
const IGNORED: [&str; 3] = ["__MACOSX", "Thumbs.db", "desktop.ini"];

/// Where an image belongs by its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name of the folder that holds the images of a class.
    pub(crate) class: Option<String>,
    /// The split, where a folder names one.
    pub(crate) split: Option<Split>,
}

/// Whether a file is no part of a data set: hidden, or left by a system.
pub(crate) fn is_ignored(path: &str) -> bool {
    parts(path).any(|part| part.starts_with('.') || IGNORED.contains(&part))
}

/// The folders and the name of a path. Separators of either kind are understood.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".")
}

/// The split that a folder of this name is.
fn split_of(folder: &str) -> Option<Split> {
    match folder.to_ascii_lowercase().as_str() {
        "train" | "training" => Some(Split::Training),
        "test" | "testing" | "val" | "valid" | "validation" | "eval" => Some(Split::Test),
        _ => None,
    }
}

/// The split that the name of a file tells, as in `t10k-images-idx3-ubyte`, `test_batch.bin` and `x_train.npy`.
pub(crate) fn split_of_file(path: &str) -> Option<Split> {
    let folders = parts(path).collect::<Vec<_>>();
    let (name, folders) = folders.split_last()?;
    let words = name.split(|c: char| !c.is_alphanumeric());
    let word = |word: &str| match word {
        "t10k" => Some(Split::Test),
        // CIFAR-10's training batches
        "data" if name.starts_with("data_batch") => Some(Split::Training),
        word => split_of(word),
    };
    words
        .filter(|part| !part.is_empty())
        .find_map(word)
        .or_else(|| folders.iter().rev().find_map(|folder| split_of(folder)))
}

/// The first folder of all paths, if they share one that names no split.
pub(crate) fn wrapping_folder<'a>(paths: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut shared = None;
    for path in paths {
        let mut parts = parts(path);
        let first = parts.next()?;
        // A file of the outermost folder lies in none.
        parts.next()?;
        match shared {
            None => shared = Some(first),
            Some(shared) if shared == first => {}
            Some(_) => return None,
        }
    }
    shared.filter(|folder| split_of(folder).is_none())
}

/// What the folders of a path say. `wrapping` is the folder that all paths share.
pub(crate) fn place(path: &str, wrapping: Option<&str>) -> Place {
    let mut folders: Vec<_> = parts(path).collect();
    folders.pop();
    if wrapping.is_some() && folders.first().copied() == wrapping {
        folders.remove(0);
    }
    let split = folders.iter().find_map(|folder| split_of(folder));
    let class = folders.into_iter().find(|folder| split_of(folder).is_none());
    Place { class: class.map(str::to_owned), split }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, wrapping: Option<&str>) -> (Option<String>, Option<Split>) {
        let Place { class, split } = place(path, wrapping);
        (class, split)
    }

    #[test]
    fn folders_are_classes_and_splits_in_either_order() {
        let class = |name: &str| Some(name.to_owned());
        assert_eq!(told("cat/1.png", None), (class("cat"), None));
        assert_eq!(told("pets/cat/1.png", Some("pets")), (class("cat"), None));
        assert_eq!(told("train/cat/2019/1.png", None), (class("cat"), Some(Split::Training)));
        assert_eq!(told("cat/Test/1.png", None), (class("cat"), Some(Split::Test)));
        assert_eq!(told("pets\\val\\cat\\1.png", Some("pets")), (class("cat"), Some(Split::Test)));
        assert_eq!(told("1.png", None), (None, None));
        assert_eq!(told("train/1.png", None), (None, Some(Split::Training)));
    }

    #[test]
    fn one_folder_around_everything_is_no_class() {
        assert_eq!(wrapping_folder(["pets/cat/1.png", "pets/dog/1.png"]), Some("pets"));
        assert_eq!(wrapping_folder(["pets/cat/1.png", "1.png"]), None);
        assert_eq!(wrapping_folder(["cat/1.png", "dog/1.png"]), None);
        assert_eq!(wrapping_folder(["train/1.png", "train/2.png"]), None);
        assert_eq!(wrapping_folder([]), None);
    }

    #[test]
    fn what_systems_leave_behind_is_ignored() {
        for path in ["__MACOSX/cat/._1.png", "cat/.DS_Store", ".git/x.png", "cat/Thumbs.db"] {
            assert!(is_ignored(path), "{path}");
        }
        assert!(!is_ignored("./cat/1.png"));
    }

    #[test]
    fn names_of_files_tell_their_split() {
        for (path, split) in [
            ("t10k-images-idx3-ubyte.gz", Some(Split::Test)),
            ("train-labels.idx1-ubyte", Some(Split::Training)),
            ("cifar/test_batch.bin", Some(Split::Test)),
            ("cifar/data_batch_1.bin", Some(Split::Training)),
            ("x_train.npy", Some(Split::Training)),
            ("test/images.npy", Some(Split::Test)),
            ("contest.npy", None),
            ("images.npy", None),
        ] {
            assert_eq!(split_of_file(path), split, "{path}");
        }
    }
}
