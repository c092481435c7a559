//! IDX files: the original format of MNIST and its relatives.

use crate::array::{ArrayError, Content, ImageArray, pixel_bytes};

/// Whether a file is one: two zeros, the type of bytes, and one to four dimensions.
pub(crate) fn is_idx(start: &[u8]) -> bool {
    matches!(start, [0, 0, 8, 1 | 3 | 4, ..])
}

/// Reads images `[n, height, width]` or `[n, height, width, channels]`, or labels `[n]`.
pub(crate) fn read(file: &[u8]) -> Result<Content, ArrayError> {
    let cut = ArrayError::Damaged("it is cut short");
    let dimensions = usize::from(*file.get(3).ok_or(cut.clone())?);
    let (header, values) = file.split_at_checked(4 + 4 * dimensions).ok_or(cut)?;
    let words =
        header[4..].chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
    let shape: Vec<u64> = words.map(u64::from).collect();
    if pixel_bytes(&shape)? != values.len() {
        return Err(ArrayError::Damaged("its length is not the one that its header tells"));
    }
    let side = |at: usize| u32::try_from(shape[at]).unwrap_or_default();
    let channels = shape.get(3).map_or(1, |&channels| channels as usize);
    match dimensions {
        1 => Ok(Content::Labels(values.iter().copied().map(u32::from).collect())),
        3 | 4 if !values.is_empty() && [1, 3].contains(&channels) => Ok(Content::Images(ImageArray {
            width: side(2),
            height: side(1),
            channels,
            values: values.to_vec(),
            labels: None,
        })),
        _ => Err(ArrayError::Shape(format!("{shape:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(shape: &[u32], values: usize) -> Vec<u8> {
        let header =
            [0, 0, 8, shape.len() as u8].into_iter().chain(shape.iter().flat_map(|word| word.to_be_bytes()));
        header.chain((0..values).map(|at| at as u8)).collect()
    }

    #[test]
    fn images_and_labels_are_read() {
        let Ok(Content::Images(images)) = read(&file(&[2, 3, 2], 12)) else { panic!() };
        assert_eq!((images.len(), images.width, images.height, images.channels), (2, 2, 3, 1));
        assert_eq!(read(&file(&[3], 3)), Ok(Content::Labels(vec![0, 1, 2])));
    }

    #[test]
    fn lengths_that_disagree_are_refused() {
        for broken in
            [file(&[2, 3, 2], 11), file(&[2, 3, 2], 13), vec![0, 0, 8, 3, 0], file(&[u32::MAX, 2, 2], 4)]
        {
            assert!(is_idx(&broken));
            assert!(read(&broken).is_err());
        }
        assert!(read(&file(&[0, 28, 28], 0)).is_err());
    }
}
