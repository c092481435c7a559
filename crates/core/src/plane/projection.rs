//! The projection of codes onto the square that shows the plane.

use super::{Cloud, Range};
use serde::{Deserialize, Serialize};

/// Which numbers of a code the plane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axes {
    /// The number that grows to the right.
    pub right: usize,
    /// The number that grows upwards; none when a code is one number only, and the plane a line.
    pub up: Option<usize>,
}

impl Axes {
    /// The first numbers of a code that has so many.
    pub fn of(units: usize) -> Self {
        Self { right: 0, up: (units > 1).then_some(1) }
    }

    /// Whether a code of so many numbers has these, and each once.
    pub fn fit(self, units: usize) -> bool {
        let Self { right, up } = self;
        right < units && up.is_none() == (units == 1) && up.is_none_or(|up| up < units && up != right)
    }

    /// A code on the plane; a line's points lie at height 0.
    pub fn point(self, code: &[f32]) -> [f32; 2] {
        let number = |at: usize| code.get(at).copied().unwrap_or_default();
        [number(self.right), self.up.map_or(0.0, number)]
    }

    /// The code at a point of the plane; the numbers that it doesn't show are those of `code`.
    pub fn moved(self, code: &[f32], [x, y]: [f32; 2]) -> Vec<f32> {
        let mut code = code.to_vec();
        let places = [(Some(self.right), x), (self.up, y)];
        for (at, value) in places.into_iter().filter_map(|(at, value)| Some((at?, value))) {
            if let Some(number) = code.get_mut(at) {
                *number = value;
            }
        }
        code
    }
}

/// The plane as it is seen: (0, 0) is the square's top left corner, (1, 1) its bottom right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// Which numbers it shows.
    pub axes: Axes,
    /// Which of their values.
    pub range: Range,
}

impl Projection {
    /// Where a code lies.
    pub fn place(&self, code: &[f32]) -> [f32; 2] {
        self.range.place_of(self.axes.point(code))
    }

    /// How far a distance in units of the code reaches, in shares of the square's side.
    pub fn reach(&self, distance: f32) -> f32 {
        distance / (2.0 * self.range.radius)
    }

    /// Where an image lies. On a line, where all would lie on top of each other, each class has one of ten lanes, 0 topmost.
    pub fn place_of_code(&self, label: u8, code: &[f32]) -> [f32; 2] {
        let [x, y] = self.place(code);
        [x, if self.axes.up.is_some() { y } else { (f32::from(label % 10) + 0.5) / 10.0 }]
    }

    /// The image nearest to a place, no further away than `reach`. With `kind`, only images of that class count.
    pub fn point_at(&self, cloud: &Cloud, place: [f32; 2], reach: f32, kind: Option<u8>) -> Option<usize> {
        let of_kind = |label: u8| kind.is_none_or(|kind| kind == label);
        let mut nearest = None;
        let mut least = reach * reach;
        for (at, (label, code)) in cloud.points().enumerate() {
            let [x, y] = self.place_of_code(label, code);
            let distance = (x - place[0]).powi(2) + (y - place[1]).powi(2);
            if distance <= least && of_kind(label) {
                (nearest, least) = (Some(at), distance);
            }
        }
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range { centre: [0.0; 2], radius: 2.0 };

    #[test]
    fn the_plane_shows_two_chosen_numbers_and_leaves_the_others() {
        let axes = Axes { right: 3, up: Some(0) };
        let code = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(axes.point(&code), [4.0, 1.0]);
        assert_eq!(axes.moved(&code, [-4.0, -1.0]), [-1.0, 2.0, 3.0, -4.0]);
        assert!(axes.fit(4) && !axes.fit(3) && !axes.fit(1));
        assert!(!Axes { right: 1, up: Some(1) }.fit(4));
        assert_eq!(Axes::of(32), Axes { right: 0, up: Some(1) });
    }

    #[test]
    fn a_code_of_one_number_lies_on_a_line_and_its_images_in_lanes() {
        let projection = Projection { axes: Axes::of(1), range: RANGE };
        assert!(projection.axes.fit(1) && !projection.axes.fit(2));
        assert_eq!(projection.place(&[1.0]), [0.75, 0.5]);
        assert_eq!(projection.reach(1.0), 0.25);
        assert_eq!(projection.place_of_code(0, &[1.0]), [0.75, 0.05]);
        assert_eq!(projection.place_of_code(9, &[-2.0]), [0.0, 0.95]);
        assert_eq!(projection.axes.moved(&[1.0], [0.5, 9.0]), [0.5]);
    }

    #[test]
    fn the_image_under_a_place_is_found_within_reach_and_of_the_kind() {
        let projection = Projection { axes: Axes::of(2), range: RANGE };
        let cloud = Cloud { units: 2, labels: vec![1, 2], codes: vec![0.0, 0.0, 0.1, 0.0] };
        let at = |reach, kind| projection.point_at(&cloud, [0.52, 0.5], reach, kind);
        assert_eq!([at(0.1, None), at(0.1, Some(1)), at(0.001, None)], [Some(1), Some(0), None]);
    }
}
