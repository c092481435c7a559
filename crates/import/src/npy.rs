//! NumPy's arrays, `.npy`: whole numbers from 0 to 255, or floats from 0 to 1 or to 255.

use crate::array::{ArrayError, Content, ImageArray, pixel_bytes, square};
use npyz::{DType, NpyFile, Order, TypeChar};

const CUT: ArrayError = ArrayError::Damaged("it is cut short");
const HEADER: ArrayError = ArrayError::Damaged("its header cannot be read");

/// Whether a file is one.
pub(crate) fn is_npy(start: &[u8]) -> bool {
    start.starts_with(b"\x93NUMPY")
}

/// Reads images `[n, height, width]`, `[n, height, width, channels]` or `[n, pixels]`, or labels `[n]` or `[n, 1]`.
pub(crate) fn read(file: &[u8]) -> Result<Content, ArrayError> {
    let array = NpyFile::new(file).map_err(|_| HEADER)?;
    let DType::Plain(kind) = array.dtype() else {
        return Err(ArrayError::Unsupported("records, not numbers".into()));
    };
    if array.order() == Order::Fortran && array.shape().len() > 1 {
        return Err(ArrayError::Unsupported(
            "an array in Fortran's order: save numpy.ascontiguousarray(array)".into(),
        ));
    }
    let shape = array.shape().to_vec();
    let length = pixel_bytes(&shape)?;
    let size = usize::try_from(kind.size_field()).unwrap_or(usize::MAX);
    if length.saturating_mul(size) > file.len() {
        return Err(CUT);
    }
    let sides = |channels: usize| (shape[2] as u32, shape[1] as u32, channels);
    let (width, height, channels) = match shape[..] {
        [_] | [_, 1] => return Ok(Content::Labels(labels(file)?)),
        [_, pixels] => square(pixels as usize).ok_or_else(|| ArrayError::Shape(text(&shape)))?,
        [_, _, _] => sides(1),
        [_, _, _, channels @ (1 | 3)] => sides(channels as usize),
        _ => return Err(ArrayError::Shape(text(&shape))),
    };
    if length == 0 {
        return Err(ArrayError::Shape(text(&shape)));
    }
    let values = pixels(file)?;
    Ok(Content::Images(ImageArray { width, height, channels, values, labels: None }))
}

fn text(shape: &[u64]) -> String {
    shape.iter().map(u64::to_string).collect::<Vec<_>>().join(" × ")
}

/// The numbers of an array in its order, whatever their type.
fn numbers(file: &[u8]) -> Result<impl Iterator<Item = Result<f64, ArrayError>> + '_, ArrayError> {
    type Numbers<'a> = Box<dyn Iterator<Item = std::io::Result<f64>> + 'a>;
    let unsupported = || {
        ArrayError::Unsupported("numbers of a type that is not read: save them as uint8 or float32".into())
    };
    let array = NpyFile::new(file).map_err(|_| HEADER)?;
    let DType::Plain(kind) = array.dtype() else { return Err(unsupported()) };
    macro_rules! of {
        ($number:ty) => {
            array
                .data::<$number>()
                .map(|data| -> Numbers<'_> { Box::new(data.map(|value| value.map(|value| value as f64))) })
        };
    }
    let numbers = match (kind.type_char(), kind.size_field()) {
        (TypeChar::Uint, 1) => of!(u8),
        (TypeChar::Uint, 2) => of!(u16),
        (TypeChar::Uint, 4) => of!(u32),
        (TypeChar::Uint, 8) => of!(u64),
        (TypeChar::Int, 1) => of!(i8),
        (TypeChar::Int, 2) => of!(i16),
        (TypeChar::Int, 4) => of!(i32),
        (TypeChar::Int, 8) => of!(i64),
        (TypeChar::Float, 4) => of!(f32),
        (TypeChar::Float, 8) => of!(f64),
        (TypeChar::Bool, 1) => array.data::<bool>().map(|data| -> Numbers<'_> {
            Box::new(data.map(|value| value.map(|value| f64::from(u8::from(value)))))
        }),
        _ => return Err(unsupported()),
    };
    Ok(numbers.map_err(|_| unsupported())?.map(|value| value.map_err(|_| CUT)))
}

fn labels(file: &[u8]) -> Result<Vec<u32>, ArrayError> {
    numbers(file)?
        .map(|value| {
            let value = value?;
            let is_label = (0.0..=f64::from(u32::MAX)).contains(&value) && value.fract() == 0.0;
            is_label
                .then_some(value as u32)
                .ok_or_else(|| ArrayError::Unsupported(format!("{value}, which is no label")))
        })
        .collect()
}

/// Bytes from the numbers of images. Floats and truth values may be shares of white: if none is above 1, they are.
fn pixels(file: &[u8]) -> Result<Vec<u8>, ArrayError> {
    let (least, most) = numbers(file)?.try_fold((0f64, 0f64), |(least, most), value| {
        let value = value?;
        // NaN is in no range.
        let least = if value.is_nan() { f64::NEG_INFINITY } else { least.min(value) };
        Ok((least, most.max(value)))
    })?;
    if least < 0.0 || most > 255.0 {
        return Err(ArrayError::Unsupported("numbers outside 0 to 255".into()));
    }
    let is_share = most <= 1.0 && !is_whole(file);
    let scale = if is_share { 255.0 } else { 1.0 };
    numbers(file)?.map(|value| value.map(|value| (value * scale + 0.5) as u8)).collect()
}

/// Whether an array's type is that of whole numbers.
fn is_whole(file: &[u8]) -> bool {
    let dtype = NpyFile::new(file).map(|array| array.dtype());
    matches!(dtype, Ok(DType::Plain(kind)) if matches!(kind.type_char(), TypeChar::Uint | TypeChar::Int))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(descr: &str, shape: &str, bytes: &[u8]) -> Vec<u8> {
        let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");
        while !(10 + header.len() + 1).is_multiple_of(64) {
            header.push(' ');
        }
        header.push('\n');
        let mut file = b"\x93NUMPY\x01\0".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        file.extend(bytes);
        file
    }

    fn values(file: &[u8]) -> Result<Vec<u8>, ArrayError> {
        match read(file)? {
            Content::Images(images) => Ok(images.values),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn bytes_and_floats_become_bytes() {
        assert_eq!(values(&file("|u1", "1, 2, 2", &[0, 1, 1, 0])), Ok(vec![0, 1, 1, 0]));
        let floats =
            |values: [f32; 4]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
        assert_eq!(values(&file("<f4", "1, 4", &floats([0.0, 0.5, 1.0, 0.2]))), Ok(vec![0, 128, 255, 51]));
        assert_eq!(values(&file("<f4", "1, 4", &floats([0.0, 0.4, 254.6, 2.0]))), Ok(vec![0, 0, 255, 2]));
        assert!(values(&file("<f4", "1, 4", &floats([0.0, f32::NAN, 1.0, 2.0]))).is_err());
        assert!(values(&file("<f4", "1, 4", &floats([0.0, -0.5, 1.0, 2.0]))).is_err());
        assert_eq!(values(&file("|b1", "1, 2, 2", &[0, 1, 1, 0])), Ok(vec![0, 255, 255, 0]));
    }

    #[test]
    fn shapes_say_what_an_array_is() {
        assert_eq!(
            read(&file("<i8", "2,", &[[3, 0, 0, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0, 0, 0]].concat())),
            Ok(Content::Labels(vec![3, 9]))
        );
        let Ok(Content::Images(images)) = read(&file("|u1", "2, 1, 1, 3", &[1, 2, 3, 4, 5, 6])) else {
            panic!()
        };
        assert_eq!((images.len(), images.channels), (2, 3));
        assert!(read(&file("|u1", "2, 5", &[0; 10])).is_err());
        assert!(read(&file("|u1", "0, 28, 28", &[])).is_err());
        assert_eq!(read(&file("|u1", "9, 28, 28", &[0; 6])), Err(CUT));
        assert_eq!(read(&file("|u1", "99999999999, 28, 28", &[0; 6])), Err(ArrayError::TooLarge));
        assert!(read(b"\x93NUMPY\x01\0\x05\0abcde").is_err());
    }
}
