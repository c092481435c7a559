//! CIFAR-10's binary batches: a label and 3,072 bytes for each image, red before green before blue
//! (<https://www.cs.toronto.edu/~kriz/cifar.html>).

use crate::array::{Content, ImageArray};

const SIDE: usize = 32;
const PIXELS: usize = SIDE * SIDE;
const RECORD: usize = 1 + 3 * PIXELS;
const CLASSES: u8 = 10;

/// Whether a file is a batch, by its name, its length and its labels.
pub(crate) fn is_batch(path: &str, file: &[u8]) -> bool {
    let is_named = path.to_ascii_lowercase().ends_with(".bin");
    is_named
        && !file.is_empty()
        && file.len().is_multiple_of(RECORD)
        && file.iter().step_by(RECORD).all(|&label| label < CLASSES)
}

/// Reads a batch.
pub(crate) fn read(file: &[u8]) -> Content {
    let records = || file.chunks_exact(RECORD);
    let values = records().flat_map(|record| {
        (0..PIXELS).flat_map(move |pixel| (0..3).map(move |channel| record[1 + channel * PIXELS + pixel]))
    });
    Content::Images(ImageArray {
        width: SIDE as u32,
        height: SIDE as u32,
        channels: 3,
        values: values.collect(),
        labels: Some(records().map(|record| u32::from(record[0])).collect()),
    })
}

/// The names in `batches.meta.txt`, one a line.
pub(crate) fn class_names(path: &str, file: &[u8]) -> Option<Content> {
    let is_named = path.rsplit('/').next() == Some("batches.meta.txt");
    let text = std::str::from_utf8(file).ok().filter(|_| is_named && file.len() < 4_096)?;
    let names = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Some(Content::ClassNames(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_innermost() {
        let mut record = vec![3];
        record.extend((0..3 * PIXELS).map(|at| (at / PIXELS * 100 + at % 50) as u8));
        let file = record.repeat(2);
        assert!(is_batch("cifar-10-batches-bin/test_batch.bin", &file));
        assert!(!is_batch("test_batch.bin", &file[1..]));
        assert!(!is_batch("test_batch.bin", &[10; RECORD]));
        let Content::Images(images) = read(&file) else { panic!() };
        assert_eq!(images.values[..6], [0, 124, 248, 1, 125, 249]);
        assert_eq!((images.len(), images.labels), (2, Some(vec![3, 3])));
    }

    #[test]
    fn names_are_those_of_the_meta_file() {
        let names = class_names("x/batches.meta.txt", b"airplane\nautomobile\n\n");
        assert_eq!(names, Some(Content::ClassNames(vec!["airplane".into(), "automobile".into()])));
        assert_eq!(class_names("readme.txt", b"airplane"), None);
    }
}
