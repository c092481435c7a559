//! The images plotted on the plane.

use crate::data::{DatasetId, Split};
use serde::{Deserialize, Serialize};

/// Which images are plotted on the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plotted {
    /// The first 2,000 test images: few enough to be encoded again and again while training.
    #[default]
    Sample,
    /// All test images.
    Test,
    /// All training images.
    Training,
}

impl Plotted {
    /// Every choice, the fewest images first.
    pub const ALL: [Self; 3] = [Self::Sample, Self::Test, Self::Training];

    /// The choice's name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Test => "test",
            Self::Training => "training",
        }
    }

    /// The set that they are the first of.
    pub fn set(self) -> Split {
        match self {
            Self::Sample | Self::Test => Split::Test,
            Self::Training => Split::Training,
        }
    }

    /// How many they are of a data set.
    pub fn count(self, dataset: DatasetId) -> usize {
        let all = dataset.images(self.set());
        match self {
            Self::Sample => all.min(2_000),
            Self::Test | Self::Training => all,
        }
    }
}

/// Images that are looked at for the most typical one of a class.
const MOST_LOOKED_AT: usize = 1_000;
/// Neighbours that tell how typical an image is, at most.
const MOST_NEIGHBOURS: usize = 25;

/// The plotted images: their labels and their codes, each as far as they have arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// Numbers in a code.
    pub units: usize,
    /// The label of each image.
    pub labels: Vec<u8>,
    /// The images' codes: `[images, units]`.
    pub codes: Vec<f32>,
}

impl Cloud {
    /// No images yet, whose codes will have so many numbers.
    pub fn empty(units: usize) -> Self {
        Self { units, labels: Vec::new(), codes: Vec::new() }
    }

    /// How many images have both label and code.
    pub fn len(&self) -> usize {
        self.labels.len().min(self.codes.len() / self.units)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The plotted images: label and code of each.
    pub fn points(&self) -> impl Iterator<Item = (u8, &[f32])> {
        self.labels.iter().copied().zip(self.codes.chunks_exact(self.units))
    }

    /// The mean of the finite codes; none while there is no code. The first images decide, so that it takes no longer with sixty
    /// thousand.
    pub fn mean(&self) -> Option<Vec<f32>> {
        let (mut sums, mut images) = (vec![0.0; self.units], 0.0);
        let finite =
            self.points().take(MOST_LOOKED_AT).filter(|(_, code)| code.iter().all(|it| it.is_finite()));
        for (_, code) in finite {
            images += 1.0;
            sums.iter_mut().zip(code).for_each(|(sum, number)| *sum += f64::from(*number));
        }
        (images > 0.0).then(|| sums.iter().map(|sum| (sum / images) as f32).collect())
    }

    /// The image of a class that is typical of it; none when there is none. Its nearest neighbours are of its class, so that what
    /// is decoded there is, too, and of all such images it lies most densely. The mean of a class may lie among others. The first
    /// images decide, so that it takes no longer with sixty thousand.
    pub fn most_typical(&self, kind: u8) -> Option<usize> {
        let images = self.len().min(MOST_LOOKED_AT);
        let (labels, codes) = (&self.labels[..images], &self.codes[..images * self.units]);
        let first = Self { units: self.units, labels: labels.to_vec(), codes: codes.to_vec() };
        let of_kind = labels.iter().filter(|&&label| label == kind).count();
        let count = of_kind.clamp(1, MOST_NEIGHBOURS);
        // Of each image of the class: how many of its neighbours are, and how far the last one lies away.
        let mut found: Vec<(usize, usize, f32)> = Vec::new();
        for (image, (_, code)) in first.points().enumerate().filter(|(_, (label, _))| *label == kind) {
            let near = first.nearest(code, count);
            let own = near.iter().filter(|&&other| labels[other as usize] == kind).count();
            let Some((_, last)) = near.last().and_then(|&last| first.points().nth(last as usize)) else {
                continue;
            };
            let reach = code.iter().zip(last).map(|(a, b)| (a - b).powi(2)).sum();
            found.push((image, own, reach));
        }
        let most = found.iter().map(|(_, own, _)| *own).max()?;
        let is_pure = |found: &&(usize, usize, f32)| 10 * found.1 >= 9 * most;
        let densest =
            found.iter().filter(is_pure).reduce(|best, next| if next.2 < best.2 { next } else { best });
        densest.map(|(image, ..)| *image)
    }

    /// The code of the image that is typical of a class.
    pub fn typical_code(&self, kind: u8) -> Option<Vec<f32>> {
        let at = self.most_typical(kind)? * self.units;
        Some(self.codes[at..at + self.units].to_vec())
    }

    /// The codes as a table of comma-separated values, an image a row: `index,label,z1,z2 …`, and behind the label the
    /// `class` where `classes` have other names than numbers. Images without classes have no labels.
    pub fn to_csv(&self, classes: &[impl AsRef<str>]) -> String {
        let is_named = !are_numbers(classes);
        let names: String = (1..=self.units).map(|unit| format!(",z{unit}")).collect();
        let class = |label: u8| {
            let name = classes.get(usize::from(label)).map_or("", |name| name.as_ref());
            if is_named { format!(",{}", quoted(name)) } else { String::new() }
        };
        let is_labelled = !classes.is_empty();
        let row = |(index, (label, code)): (usize, (u8, &[f32]))| {
            let code: String = code.iter().map(|value| format!(",{value}")).collect();
            let label = if is_labelled { format!(",{label}{}", class(label)) } else { String::new() };
            format!("{index}{label}{code}\n")
        };
        let label = if is_labelled { ",label" } else { "" };
        let head = format!("index{label}{}{names}\n", if is_named { ",class" } else { "" });
        [head].into_iter().chain(self.points().enumerate().map(row)).collect()
    }

    /// The `count` images whose codes are nearest to this one, the nearest first; fewer where there are fewer.
    pub fn nearest(&self, code: &[f32], count: usize) -> Vec<u32> {
        let distance = |other: &[f32]| code.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        let mut nearest: Vec<(f32, u32)> = Vec::with_capacity(count + 1);
        for (image, (_, other)) in (0u32..).zip(self.points()) {
            let distance = distance(other);
            let is_near = nearest.len() < count || nearest.last().is_some_and(|last| distance < last.0);
            if is_near && distance.is_finite() {
                let at = nearest.partition_point(|other| other.0 <= distance);
                nearest.insert(at, (distance, image));
                nearest.truncate(count);
            }
        }
        nearest.into_iter().map(|(_, image)| image).collect()
    }
}

/// Whether each class has the number of its label for a name.
pub fn are_numbers(classes: &[impl AsRef<str>]) -> bool {
    classes.iter().enumerate().all(|(label, name)| name.as_ref() == label.to_string())
}

/// A text as a cell of a table.
fn quoted(text: &str) -> String {
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud() -> Cloud {
        let codes = vec![1.0, 2.0, -4.0, -4.0, 3.0, 0.0, f32::NAN, 9.0];
        Cloud { units: 2, labels: vec![3, 7, 3, 3], codes }
    }

    #[test]
    fn a_typical_code_is_no_broken_one_and_of_no_class_without_images() {
        assert_eq!(cloud().typical_code(7), Some(vec![-4.0, -4.0]));
        assert!(cloud().typical_code(3).is_some_and(|code| code[0].is_finite()));
        assert_eq!(cloud().typical_code(9), None);
        assert_eq!(Cloud::empty(2).typical_code(3), None);
    }

    #[test]
    fn the_mean_code_is_that_of_the_finite_codes() {
        assert_eq!(cloud().mean(), Some(vec![0.0, -2.0 / 3.0]));
        assert_eq!(Cloud::empty(3).mean(), None);
    }

    #[test]
    fn the_most_typical_image_lies_among_its_own_even_where_the_mean_does_not() {
        // Two groups of sevens, with nines between them, where the mean of the sevens is.
        let (mut labels, mut codes) = (Vec::new(), Vec::new());
        for at in 0..30 {
            let off = (at % 5) as f32 / 5.0;
            labels.extend([7, 9, 9, 7]);
            codes.extend([-4.0 + off, off, off, -off, -off, off, 4.0 - off, off]);
        }
        labels.extend([7, 7]);
        codes.extend([0.0, 0.2, f32::NAN, 0.0]);
        let cloud = Cloud { units: 2, labels, codes };
        let found = cloud.most_typical(7).unwrap();
        assert!(cloud.codes[2 * found].abs() > 3.0, "{found}");
        assert_eq!(cloud.labels[cloud.most_typical(9).unwrap()], 9);
        assert_eq!(cloud.most_typical(3), None);
        let one = Cloud { units: 1, labels: vec![5], codes: vec![2.0] };
        assert_eq!(one.most_typical(5), Some(0));
    }

    #[test]
    fn the_nearest_images_are_found_and_a_broken_code_is_near_nothing() {
        assert_eq!(cloud().nearest(&[2.9, 0.3], 1), [2]);
        assert_eq!(cloud().nearest(&[0.0, 9.0], 5), [0, 2, 1]);
        assert_eq!(cloud().nearest(&[0.0, 9.0], 0), [0; 0]);
        assert!(Cloud::empty(2).nearest(&[0.0, 0.0], 5).is_empty());
    }

    #[test]
    fn a_table_has_a_row_an_image_in_full_precision() {
        let cloud = Cloud { units: 2, labels: vec![3, 7], codes: vec![1.0, -0.1, 1e-7, 2.5] };
        let digits = DatasetId::Mnist.classes();
        assert_eq!(cloud.to_csv(digits), "index,label,z1,z2\n0,3,1,-0.1\n1,7,0.0000001,2.5\n");
    }

    #[test]
    fn a_table_names_classes_that_have_other_names_than_numbers() {
        let cloud = Cloud { units: 1, labels: vec![1, 0, 2], codes: vec![1.0, 2.0, 3.0] };
        let table = "index,label,class,z1\n0,1,bag,1\n1,0,\"hat, \"\"tall\"\"\",2\n2,2,,3\n";
        assert_eq!(cloud.to_csv(&["hat, \"tall\"", "bag"]), table);
    }

    #[test]
    fn images_without_classes_have_no_labels() {
        let cloud = Cloud { units: 1, labels: vec![0, 0], codes: vec![1.0, 2.0] };
        assert_eq!(cloud.to_csv(&[] as &[&str]), "index,z1\n0,1\n1,2\n");
    }

    #[test]
    fn images_count_once_both_label_and_code_are_there() {
        let mut cloud = cloud();
        assert_eq!(cloud.len(), 4);
        cloud.codes.truncate(5);
        assert_eq!(cloud.len(), 2);
        cloud.labels.clear();
        assert!(cloud.is_empty());
    }
}
