//! A path through codes: straight segments from anchor to anchor, travelled at an equal pace.

use super::{Cloud, Projection};

/// Anchors of a path at most.
pub const MOST_ANCHORS: usize = 8;
/// Images of a strip for two segments, and in a row of it.
pub const IN_ROW: usize = 10;
/// Frames of an animation for each image of the strip.
pub const FRAMES_AN_IMAGE: usize = 4;
/// Ticks for which an animation that cannot go on stays at each end.
const REST: usize = 6;

/// What an anchor is called: `A` is the first. A numeral would be read as one of the digits on the plane.
pub fn anchor_letter(at: usize) -> char {
    char::from(b'A' + (at % 26) as u8)
}

/// A path. With fewer than two anchors it leads nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// Whole codes, all of as many numbers, in the order in which the path visits them.
    pub anchors: Vec<Vec<f32>>,
    /// Whether it leads from the last anchor back to the first.
    pub is_closed: bool,
}

impl Path {
    /// A path with the anchors in `numbers`, `[anchors, units]`. None where these are no whole codes, or too many.
    pub fn from_numbers(numbers: &[f32], units: usize, is_closed: bool) -> Option<Self> {
        let is_whole =
            units > 0 && numbers.len().is_multiple_of(units) && numbers.len() / units <= MOST_ANCHORS;
        let anchors = || numbers.chunks_exact(units).map(<[f32]>::to_vec).collect();
        is_whole.then(|| Self { anchors: anchors(), is_closed })
    }

    /// A closed path through the images that are most typical of the first classes, or without classes through some images.
    pub fn tour(cloud: &Cloud, classes: usize) -> Self {
        let images: Vec<usize> = match classes {
            0 | 1 => (0..cloud.len()).step_by(cloud.len() / MOST_ANCHORS + 1).collect(),
            _ => (0..classes.min(10) as u8).filter_map(|class| cloud.most_typical(class)).collect(),
        };
        let code = |image: usize| Some(cloud.points().nth(image)?.1.to_vec());
        Self { anchors: images.into_iter().filter_map(code).collect(), is_closed: true }
    }

    /// Whether it leads somewhere.
    pub fn has_segments(&self) -> bool {
        self.anchors.len() > 1
    }

    /// Whether another anchor has space.
    pub fn has_space(&self) -> bool {
        self.anchors.len() < MOST_ANCHORS
    }

    /// Straight segments.
    fn segments(&self) -> usize {
        self.anchors.len().saturating_sub(1) + usize::from(self.is_closed && self.has_segments())
    }

    /// Images of its strip: whole rows.
    pub fn images(&self) -> usize {
        IN_ROW * self.segments().div_ceil(2)
    }

    /// Frames of its animation. Every fourth one is an image of the strip, the first included.
    pub fn frames(&self) -> usize {
        let images = self.images();
        match self.is_closed {
            true => FRAMES_AN_IMAGE * images,
            // The last image is the last frame.
            false => (FRAMES_AN_IMAGE * images).saturating_sub(FRAMES_AN_IMAGE - 1),
        }
    }

    /// The frame at a tick of the animation, which goes on for ever: a path with ends rests at both.
    pub fn frame_at(&self, tick: usize) -> usize {
        let frames = self.frames().max(1);
        match self.is_closed {
            true => tick % frames,
            false => (tick % (frames + 2 * REST)).saturating_sub(REST).min(frames - 1),
        }
    }

    /// Ticks for which an animation shows a frame.
    pub fn ticks_of(&self, frame: usize) -> usize {
        let is_end = !self.is_closed && (frame == 0 || frame + 1 == self.frames());
        if is_end { 1 + REST } else { 1 }
    }

    /// So many codes at equal distances along the path, `[count, units]`. Those of a path with ends begin and end there.
    pub fn codes(&self, count: usize) -> Vec<f32> {
        let Some(first) = self.anchors.first().filter(|_| self.has_segments()) else { return Vec::new() };
        let stops: Vec<&Vec<f32>> =
            self.anchors.iter().chain(Some(first).filter(|_| self.is_closed)).collect();
        let distances = self.distances();
        let length = distances.last().copied().unwrap_or_default();
        let steps = if self.is_closed { count } else { count.saturating_sub(1) }.max(1) as f64;
        let mut codes = Vec::with_capacity(count * first.len());
        let mut at = 0;
        for step in 0..count {
            let along = length * (step as f64 / steps);
            while at + 2 < stops.len() && distances[at + 1] < along {
                at += 1;
            }
            let segment = distances[at + 1] - distances[at];
            let share = if segment > 0.0 { ((along - distances[at]) / segment).clamp(0.0, 1.0) } else { 0.0 };
            let number =
                |(&a, &b): (&f32, &f32)| ((1.0 - share) * f64::from(a) + share * f64::from(b)) as f32;
            codes.extend(stops[at].iter().zip(stops[at + 1]).map(number));
        }
        codes
    }

    /// The number of the anchor, from 1, that lies nearest to each of so many codes along the path, and 0 for all other codes.
    pub fn anchors_of(&self, count: usize) -> Vec<usize> {
        let distances = self.distances();
        let length = distances.last().copied().unwrap_or_default();
        let steps = if self.is_closed { count } else { count.saturating_sub(1) };
        let mut anchors = vec![0; count];
        for (anchor, distance) in (1..=self.anchors.len()).zip(distances) {
            let share = if length > 0.0 { distance / length } else { 0.0 };
            if let Some(there) = anchors.get_mut((share * steps as f64).round() as usize)
                && *there == 0
            {
                *there = anchor;
            }
        }
        anchors
    }

    /// The anchor at a place on the plane, no further away than `reach`: the nearest one, of equally near ones that on top.
    pub fn anchor_at(&self, plane: Projection, place: [f32; 2], reach: f32) -> Option<usize> {
        let (mut nearest, mut least) = (None, reach);
        for (at, anchor) in self.anchors.iter().enumerate() {
            let [x, y] = plane.place(anchor);
            let distance = (x - place[0]).hypot(y - place[1]);
            if distance <= least {
                (nearest, least) = (Some(at), distance);
            }
        }
        nearest
    }

    /// How far along the path each stop is. The first anchor is the last stop of a closed path, too.
    fn distances(&self) -> Vec<f64> {
        let stops = self.anchors.iter().chain(self.anchors.first().filter(|_| self.is_closed));
        let (mut length, mut before) = (0.0, None::<&Vec<f32>>);
        let distance = |stop| {
            let square = |(&a, &b): (&f32, &f32)| (f64::from(b) - f64::from(a)).powi(2);
            let from_before = |before: &Vec<f32>| before.iter().zip(stop).map(square).sum::<f64>().sqrt();
            length += before.replace(stop).map_or(0.0, from_before);
            length
        };
        stops.map(distance).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::{Axes, Range};
    use proptest::prelude::*;

    fn path(anchors: &[[f32; 2]], is_closed: bool) -> Path {
        Path { anchors: anchors.iter().map(|anchor| anchor.to_vec()).collect(), is_closed }
    }

    #[test]
    fn the_pace_is_equal_over_segments_of_different_lengths() {
        let bent = path(&[[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]], false);
        assert_eq!(bent.codes(5), [0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 3.0, 1.0]);
        let square = path(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], true);
        assert_eq!(square.codes(4), [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]);
        assert_eq!(path(&[[0.0, 0.0], [1.0, 0.0]], true).codes(4), [0.0, 0.0, 0.5, 0.0, 1.0, 0.0, 0.5, 0.0]);
    }

    #[test]
    fn a_path_without_two_anchors_has_no_codes_and_equal_anchors_have_one_code() {
        for path in [Path::default(), path(&[[1.0, 2.0]], true)] {
            assert_eq!((path.codes(9), path.frames(), path.images(), path.frame_at(7)), (vec![], 0, 0, 0));
        }
        assert_eq!(path(&[[1.0, 2.0]; 3], false).codes(2), [1.0, 2.0, 1.0, 2.0]);
        assert_eq!(path(&[[1.0, 2.0]; 2], false).codes(1), [1.0, 2.0]);
    }

    #[test]
    fn the_strip_has_whole_rows_and_its_images_are_frames() {
        let anchors = [[0.0; 2]; MOST_ANCHORS];
        let counts = |anchors: usize, is_closed| {
            let path = path(&[[0.0; 2]; MOST_ANCHORS][..anchors], is_closed);
            (path.images(), path.frames())
        };
        assert_eq!([counts(2, false), counts(3, false), counts(4, false)], [(10, 37), (10, 37), (20, 77)]);
        assert_eq!([counts(2, true), counts(anchors.len(), true)], [(10, 40), (40, 160)]);
    }

    #[test]
    fn an_animation_rests_at_the_ends_and_goes_round_without_them() {
        let line = path(&[[0.0, 0.0], [1.0, 0.0]], false);
        let frames: Vec<_> = (0..50).map(|tick| line.frame_at(tick)).collect();
        let shown = |frame: usize| frames[..49].iter().filter(|&&shown| shown == frame).count();
        for frame in 0..line.frames() {
            assert_eq!(shown(frame), line.ticks_of(frame), "{frame}");
        }
        assert_eq!((frames[6], frames[7], frames[49]), (0, 1, 0));
        let round = path(&[[0.0, 0.0], [1.0, 0.0]], true);
        assert_eq!([0, 39, 40].map(|tick| round.frame_at(tick)), [0, 39, 0]);
        assert_eq!(round.ticks_of(0), 1);
    }

    #[test]
    fn images_near_anchors_have_their_numbers() {
        let bent = path(&[[0.0, 0.0], [3.0, 0.0], [3.0, 1.0]], false);
        assert_eq!(bent.anchors_of(5), [1, 0, 0, 2, 3]);
        assert_eq!(path(&[[0.0, 0.0], [1.0, 0.0]], true).anchors_of(4), [1, 0, 2, 0]);
        assert_eq!(path(&[[1.0, 1.0]; 2], false).anchors_of(3), [1, 0, 0]);
    }

    #[test]
    fn the_anchor_under_a_place_is_found_and_the_later_one_lies_on_top() {
        let plane = Projection { axes: Axes::of(2), range: Range { centre: [0.0; 2], radius: 2.0 } };
        let three = path(&[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]], false);
        assert_eq!(three.anchor_at(plane, [0.74, 0.5], 0.05), Some(2));
        assert_eq!(three.anchor_at(plane, [0.52, 0.5], 0.05), Some(0));
        assert_eq!(three.anchor_at(plane, [0.6, 0.5], 0.05), None);
    }

    #[test]
    fn anchors_are_read_from_numbers_that_are_whole_codes() {
        let read = |numbers: &[f32], units| Path::from_numbers(numbers, units, false);
        assert_eq!(read(&[0.0, 1.0, 2.0, 3.0], 2), Some(path(&[[0.0, 1.0], [2.0, 3.0]], false)));
        assert_eq!([read(&[0.0, 1.0, 2.0], 2), read(&[0.0; 18], 2), read(&[0.0], 0)], [None, None, None]);
    }

    #[test]
    fn a_tour_visits_the_most_typical_image_of_each_class() {
        let codes = vec![0.0, 0.0, 0.4, 0.0, 2.0, 0.0, 5.0, 5.0];
        let cloud = Cloud { units: 2, labels: vec![1, 1, 1, 0], codes };
        assert_eq!(Path::tour(&cloud, 10), path(&[[5.0, 5.0], [0.4, 0.0]], true));
        assert_eq!(Path::tour(&cloud, 0).anchors.len(), 4);
        assert_eq!(Path::tour(&Cloud::empty(2), 10), path(&[], true));
    }

    proptest! {
        #[test]
        fn steps_along_straight_segments_are_never_longer_than_the_pace(
            anchors in prop::collection::vec(prop::collection::vec(-9f32..9.0, 3), 2..=MOST_ANCHORS),
            is_closed: bool, count in 2usize..90,
        ) {
            let path = Path { anchors, is_closed };
            let codes = path.codes(count);
            prop_assert_eq!(codes.len(), 3 * count);
            let length = *path.distances().last().unwrap();
            let pace = length / if is_closed { count } else { count - 1 } as f64;
            let between = |a: &[f32], b: &[f32]| {
                a.iter().zip(b).map(|(&a, &b)| (f64::from(b) - f64::from(a)).powi(2)).sum::<f64>().sqrt()
            };
            for (at, next) in codes.chunks_exact(3).zip(codes[3..].chunks_exact(3)) {
                // Around a corner the straight way is shorter.
                prop_assert!(between(at, next) <= pace + 1e-4);
            }
            prop_assert_eq!(&codes[..3], path.anchors[0].as_slice());
            if !is_closed {
                prop_assert_eq!(&codes[3 * (count - 1)..], path.anchors.last().unwrap().as_slice());
            }
        }

        #[test]
        fn each_frame_of_two_anchors_is_as_far_from_the_one_before(
            from in prop::collection::vec(-9f32..9.0, 2), to in prop::collection::vec(-9f32..9.0, 2), count in 2usize..90,
        ) {
            let path = Path { anchors: vec![from.clone(), to.clone()], is_closed: false };
            for (step, code) in path.codes(count).chunks_exact(2).enumerate() {
                let share = step as f32 / (count - 1) as f32;
                for axis in 0..2 {
                    prop_assert!((code[axis] - (from[axis] + share * (to[axis] - from[axis]))).abs() < 1e-4);
                }
            }
        }

        #[test]
        fn every_tick_has_a_frame(anchors in 0usize..=MOST_ANCHORS, is_closed: bool, tick: usize) {
            let path = Path { anchors: vec![vec![0.0]; anchors], is_closed };
            prop_assert!(path.frame_at(tick) < path.frames().max(1));
        }
    }
}
