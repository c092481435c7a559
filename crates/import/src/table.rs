//! Tables of comma-separated values, one image a line, as Kaggle has MNIST: the label first or last, or none.

use crate::array::{ArrayError, Content, ImageArray, square};
use csv::{ByteRecord, ReaderBuilder};

/// Names of a column of labels.
const LABELS: [&str; 4] = ["label", "class", "target", "y"];
/// Lines by which a table is judged.
const LINES_JUDGED: usize = 200;

/// Whether a file is a table: a name that says so, or several numbers on its first line.
pub(crate) fn is_table(path: &str, start: &[u8]) -> bool {
    let path = path.to_ascii_lowercase();
    let is_text = !start.is_empty() && start.iter().all(|&byte| byte >= b' ' || b"\t\r\n".contains(&byte));
    is_text && (path.ends_with(".csv") || path.ends_with(".tsv"))
}

/// Where the labels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    has_names: bool,
    label: Option<usize>,
    /// Whether pixels are shares of white, from 0 to 1.
    is_share: bool,
    columns: usize,
}

/// Reads a table.
pub(crate) fn read(file: &[u8]) -> Result<Content, ArrayError> {
    let layout = Layout::of(file)?;
    let pixels = layout.columns - usize::from(layout.label.is_some());
    let (width, height, channels) =
        square(pixels).ok_or_else(|| ArrayError::Shape(format!("{pixels} values a line")))?;
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for (line, record) in records(file).enumerate().skip(usize::from(layout.has_names)) {
        let (line, record) = (line + 1, record?);
        if record.len() != layout.columns {
            return Err(ArrayError::Columns { line, found: record.len(), expected: layout.columns });
        }
        for (at, text) in record.iter().enumerate() {
            if Some(at) == layout.label {
                labels.push(
                    number(text)
                        .filter(|label| label.fract() == 0.0)
                        .ok_or_else(|| value_error(line, text))? as u32,
                );
            } else {
                let scale = if layout.is_share { 255.0 } else { 1.0 };
                let value =
                    number(text).map(|value| value * scale).filter(|value| (0.0..=255.0).contains(value));
                values.push((value.ok_or_else(|| value_error(line, text))? + 0.5) as u8);
            }
        }
    }
    let labels = layout.label.map(|_| labels);
    match values.is_empty() {
        true => Err(ArrayError::Damaged("it has no images")),
        false => Ok(Content::Images(ImageArray { width, height, channels, values, labels })),
    }
}

fn records(file: &[u8]) -> impl Iterator<Item = Result<ByteRecord, ArrayError>> + '_ {
    let line = file.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().find(|delimiter| line.contains(delimiter)).unwrap_or(b',');
    let reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(file);
    reader.into_byte_records().map(|record| record.map_err(|_| ArrayError::Damaged("it is no table")))
}

/// A number that is not negative and finite.
fn number(text: &[u8]) -> Option<f64> {
    let value: f64 = std::str::from_utf8(text).ok()?.trim().parse().ok()?;
    (value >= 0.0 && value <= f64::from(u32::MAX)).then_some(value)
}

fn value_error(line: usize, text: &[u8]) -> ArrayError {
    ArrayError::Value { line, text: String::from_utf8_lossy(text).chars().take(20).collect() }
}

impl Layout {
    fn of(file: &[u8]) -> Result<Self, ArrayError> {
        let mut records = records(file).take(LINES_JUDGED);
        let first = records.next().ok_or(ArrayError::Damaged("it is empty"))??;
        let columns = first.len();
        let has_names = first.iter().any(|text| number(text).is_none());
        let is_label = |text: &[u8]| {
            let name = String::from_utf8_lossy(text).trim().to_ascii_lowercase();
            LABELS.contains(&name.as_str())
        };
        let named = first.iter().position(is_label).filter(|_| has_names);
        // Without names the number of columns tells: a square, or one more.
        let label = named.or_else(|| (square(columns).is_none() && columns > 1).then_some(0));
        let mut most = 0f64;
        let mut is_fraction = false;
        let judged = (!has_names).then_some(Ok(first)).into_iter().chain(records);
        for record in judged {
            for (_, text) in record?.iter().enumerate().filter(|(at, _)| Some(*at) != label) {
                most = most.max(number(text).unwrap_or_default());
                is_fraction |= text.contains(&b'.');
            }
        }
        Ok(Self { has_names, label, is_share: is_fraction && most <= 1.0, columns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images(text: &str) -> Result<(Vec<u8>, Option<Vec<u32>>), ArrayError> {
        match read(text.as_bytes())? {
            Content::Images(images) => Ok((images.values, images.labels)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn labels_are_first_named_or_absent() {
        let kaggle = "label,pixel0,pixel1,pixel2,pixel3\n5,0,1,2,255\n3,9,8,7,6\n";
        assert_eq!(images(kaggle), Ok((vec![0, 1, 2, 255, 9, 8, 7, 6], Some(vec![5, 3]))));
        assert_eq!(images("a,b,c,d,Class\n0,1,2,255,5"), Ok((vec![0, 1, 2, 255], Some(vec![5]))));
        assert_eq!(images("5;0;1;2;255\r\n"), Ok((vec![0, 1, 2, 255], Some(vec![5]))));
        assert_eq!(images("0,1,2,255\n"), Ok((vec![0, 1, 2, 255], None)));
        assert_eq!(images("0.0,0.5,1.0,0.25"), Ok((vec![0, 128, 255, 64], None)));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let value = |line, text: &str| Err(ArrayError::Value { line, text: text.into() });
        assert_eq!(images("label,a,b,c,d\n5,0,1,2,256"), value(2, "256"));
        assert_eq!(images("5,0,1,2,3\n5,0,x,2,3"), value(2, "x"));
        assert_eq!(images("5,0,1,2,3\n5,0,-1,2,3"), value(2, "-1"));
        assert_eq!(images("5,0,1,2,3\n5,0,1"), Err(ArrayError::Columns { line: 2, found: 3, expected: 5 }));
        assert!(images("1,2,3,4,5,6,7\n").is_err());
        assert!(images("label,a,b,c,d\n").is_err());
        assert!(images("").is_err());
    }
}
