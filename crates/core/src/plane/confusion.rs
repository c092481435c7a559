//! Which classes a network confuses: what the neighbours of each image's code are.

use super::CodeTree;

/// How many neighbours vote.
pub const NEIGHBOURS: usize = 10;
/// The vote for an image without neighbours, and the label of none.
pub const NO_CLASS: u8 = u8::MAX;

/// The class that most of the [`NEIGHBOURS`] images nearest to each image have. `codes` is `[images, units]`: all numbers of a
/// code count. An image has no vote itself. Of classes with as many votes, the one with the nearer image wins.
pub fn votes(codes: &[f32], units: usize, labels: &[u8]) -> Vec<u8> {
    let units = units.max(1);
    let images = labels.len().min(codes.len() / units);
    let tree = CodeTree::new(&codes[..images * units], units);
    let vote = |(image, code): (usize, &[f32])| {
        let nearest = tree.nearest(code, NEIGHBOURS, Some(image as u32));
        majority(nearest.into_iter().map(|neighbour| labels[neighbour as usize]))
    };
    codes.chunks_exact(units).take(images).enumerate().map(vote).collect()
}

/// The most frequent label, of equal ones the first.
fn majority(labels: impl Iterator<Item = u8>) -> u8 {
    let mut counts: Vec<(u8, usize)> = Vec::with_capacity(NEIGHBOURS);
    for label in labels {
        match counts.iter_mut().find(|(other, _)| *other == label) {
            Some((_, count)) => *count += 1,
            None => counts.push((label, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.into_iter().find(|(_, count)| Some(*count) == most).map_or(NO_CLASS, |(label, _)| label)
}

/// How many images of each class lie among each class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// `[classes, classes]`: of the row's class, among the column's.
    counts: Vec<u32>,
}

/// Two classes and how often one was taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The two classes, the lower one first.
    pub classes: [u8; 2],
    /// Images of either that lie among those of the other.
    pub confused: u32,
    /// Images of both.
    pub images: u32,
}

impl Confusion {
    /// The table for images with these labels and votes. Others than the first so many classes are left out.
    pub fn new(classes: usize, labels: &[u8], votes: &[u8]) -> Self {
        let mut counts = vec![0; classes * classes];
        for (&label, &vote) in labels.iter().zip(votes) {
            let [label, vote] = [label, vote].map(usize::from);
            if label < classes && vote < classes {
                counts[label * classes + vote] += 1;
            }
        }
        Self { classes, counts }
    }

    /// Images of a class that lie among a class.
    pub fn count(&self, label: u8, vote: u8) -> u32 {
        let [label, vote] = [label, vote].map(usize::from);
        let is_there = label < self.classes && vote < self.classes;
        if is_there { self.counts[label * self.classes + vote] } else { 0 }
    }

    /// Images of a class that have a vote.
    pub fn images(&self, label: u8) -> u32 {
        (0..self.classes).map(|vote| self.count(label, vote as u8)).sum()
    }

    /// Images among their own class, and all images.
    pub fn right(&self) -> [u32; 2] {
        let right = (0..self.classes).map(|class| self.count(class as u8, class as u8)).sum();
        [right, self.counts.iter().sum()]
    }

    /// The pair of classes that is confused most often, if any is.
    pub fn most_confused(&self) -> Option<Outcome> {
        let pairs = (0..self.classes).flat_map(|b| (0..b).map(move |a| [a as u8, b as u8]));
        let outcome = |[a, b]: [u8; 2]| Outcome {
            classes: [a, b],
            confused: self.count(a, b) + self.count(b, a),
            images: self.images(a) + self.images(b),
        };
        // The first of equals.
        let most =
            pairs.map(outcome).reduce(|most, next| if next.confused > most.confused { next } else { most });
        most.filter(|outcome| outcome.confused > 0)
    }

    /// The `most` classes of which most images lie among others, or that others lie among, in the order of the labels.
    pub fn hardest(&self, most: usize) -> Vec<u8> {
        let mistakes = |class: u8| -> u32 {
            let others = (0..self.classes as u8).filter(|&other| other != class);
            others.map(|other| self.count(class, other) + self.count(other, class)).sum()
        };
        let mut classes: Vec<u8> = (0..self.classes as u8).collect();
        while classes.len() > most {
            // Of equals the last one goes first.
            let fewest = |best, at| if mistakes(classes[at]) <= mistakes(classes[best]) { at } else { best };
            let easiest = (0..classes.len()).reduce(fewest).unwrap_or_default();
            classes.remove(easiest);
        }
        classes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_image_is_taken_for_the_class_around_it() {
        // Eleven images of class 1 around an image of class 0, and eleven of class 0 far away.
        let mut codes: Vec<f32> = (0..12).map(|at| at as f32 * 0.01).collect();
        codes.extend((0..11).map(|at| 50.0 + at as f32));
        let labels: Vec<u8> = (0..23).map(|at| u8::from(at < 12 && at != 6)).collect();
        let votes = votes(&codes, 1, &labels);
        assert_eq!((votes[6], votes[5], votes[20]), (1, 1, 0));
        let confusion = Confusion::new(2, &labels, &votes);
        assert_eq!([confusion.count(0, 1), confusion.count(1, 0), confusion.images(0)], [1, 0, 12]);
        assert_eq!(confusion.right(), [22, 23]);
        let outcome = Outcome { classes: [0, 1], confused: 1, images: 23 };
        assert_eq!(confusion.most_confused(), Some(outcome));
    }

    #[test]
    fn equal_votes_go_to_the_nearer_image_and_a_lonely_image_has_none() {
        assert_eq!(majority([3, 5, 5, 3].into_iter()), 3);
        assert_eq!(votes(&[1.0, 2.0], 2, &[4]), [NO_CLASS]);
        assert_eq!(votes(&[], 2, &[]), [0; 0]);
        assert_eq!(Confusion::new(0, &[0], &[0]).most_confused(), None);
    }

    #[test]
    fn of_many_classes_the_most_confused_are_shown() {
        let confusion = Confusion::new(100, &[7, 7, 90, 3], &[90, 90, 90, 4]);
        assert_eq!(confusion.hardest(2), [7, 90]);
        assert_eq!(confusion.hardest(100).len(), 100);
    }

    proptest! {
        #[test]
        fn each_image_with_a_vote_counts_once(
            classes in 0usize..5, pairs in prop::collection::vec((0u8..6, 0u8..6), 0..50),
        ) {
            let (labels, votes): (Vec<u8>, Vec<u8>) = pairs.into_iter().unzip();
            let confusion = Confusion::new(classes, &labels, &votes);
            let known = labels.iter().zip(&votes).filter(|it| usize::from(*it.0.max(it.1)) < classes).count();
            prop_assert_eq!(confusion.right()[1] as usize, known);
            let rows: u32 = (0..classes as u8).map(|class| confusion.images(class)).sum();
            prop_assert_eq!(rows as usize, known);
        }
    }
}
