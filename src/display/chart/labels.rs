//! Places for the labels on the plot: the numbers of earlier runs at their curves, and rates at their lines. No label lies over
//! another one. That of a curve is nearer to it than to any other curve, or is left out. Places are CSS pixels from the plot's
//! top left corner.

/// The height of a label.
pub const LINE: f64 = 13.0;
/// The distance of a label from what it belongs to.
const GAP: f64 = 3.0;
/// Rows in which a label is tried.
const ROWS: usize = 5;

/// The rectangle that a label takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelPlace {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
}

/// The labels of a plot.
#[derive(Debug)]
pub struct Labels {
    size: [f64; 2],
    taken: Vec<LabelPlace>,
    /// The curves, as the places that they go through.
    curves: Vec<Vec<[f64; 2]>>,
}

impl LabelPlace {
    fn overlaps(&self, other: &Self) -> bool {
        let meets = |from: f64, length: f64, other: f64, other_length: f64| {
            from < other + other_length && other < from + length
        };
        meets(self.left, self.width, other.left, other.width) && meets(self.top, LINE, other.top, LINE)
    }

    /// Whether a curve goes through it, or comes as near as `by`.
    fn is_met(&self, curve: &[[f64; 2]], by: f64) -> bool {
        let across = [self.left - by, self.left + self.width + by];
        let meets = |[least, greatest]: [f64; 2]| least <= self.top + LINE + by && greatest >= self.top - by;
        curve.windows(2).filter_map(|ends| reach([ends[0], ends[1]], across)).any(meets)
    }
}

/// The least and the greatest height of a line between two places, where it lies between a left and a right edge.
fn reach([a, b]: [[f64; 2]; 2], [left, right]: [f64; 2]) -> Option<[f64; 2]> {
    let [from, to] = if a[0] <= b[0] { [a, b] } else { [b, a] };
    let (left, right) = (from[0].max(left), to[0].min(right));
    if left > right {
        return None;
    }
    let along = |x: f64| match to[0] - from[0] {
        0.0 => [from[1], to[1]],
        width => [from[1] + (to[1] - from[1]) * (x - from[0]) / width; 2],
    };
    let ([a, b], [c, d]) = (along(left), along(right));
    Some([a.min(b).min(c).min(d), a.max(b).max(c).max(d)])
}

impl Labels {
    /// None yet, on a plot of this size.
    pub fn on(size: [f64; 2]) -> Self {
        Self { size, taken: Vec::new(), curves: Vec::new() }
    }

    /// Keeps labels off a curve through these places, where that is possible. Returns its number.
    pub fn avoid(&mut self, curve: Vec<[f64; 2]>) -> usize {
        self.curves.push(curve);
        self.curves.len() - 1
    }

    /// The label of a horizontal line, at its left, its middle or its right: below it, because the curves come from above, unless
    /// there is no space. None where curves run everywhere: the key of the chart names the line, too.
    pub fn at_level(&mut self, y: f64, width: f64) -> Option<LabelPlace> {
        let right = self.size[0] - width - 2.0 * GAP;
        let places = [y + GAP, y - GAP - LINE]
            .map(|top| [2.0 * GAP, right / 2.0, right].map(|left| LabelPlace { left, top, width }));
        let free = self.free(places.into_iter().flatten());
        self.take(free.into_iter().find(|place| !self.is_crossed(place)))
    }

    /// The label of the curve with this number: behind its end where the plot goes on, otherwise right above or below it, as near
    /// to the end as there is space. No other curve is as near. None where there is no such place.
    pub fn at_curve(&mut self, own: usize, width: f64) -> Option<LabelPlace> {
        let curve = self.curves.get(own)?;
        let &[x, y] = curve.last()?;
        // Each place, and its distance from the curve.
        let mut places = vec![(LabelPlace { left: x + 2.0 * GAP, top: y - LINE / 2.0, width }, 2.0 * GAP)];
        for back in 0..ROWS {
            let left = (x - GAP - width * (back + 1) as f64).max(0.0);
            let parts = curve.windows(2).filter_map(|ends| reach([ends[0], ends[1]], [left, left + width]));
            if let Some([least, greatest]) = parts.reduce(|[a, b], [c, d]| [a.min(c), b.max(d)]) {
                let tops = [least - GAP - LINE, greatest + GAP];
                places.extend(tops.map(|top| (LabelPlace { left, top, width }, GAP)));
            }
        }
        let is_own = |&(place, distance): &(LabelPlace, f64)| {
            let mut others = self.curves.iter().enumerate().filter(|other| other.0 != own);
            self.is_free(&place)
                && !place.is_met(curve, 0.0)
                && !others.any(|other| place.is_met(other.1, distance + GAP))
        };
        let place = places.into_iter().find(is_own);
        self.take(place.map(|place| place.0))
    }

    /// The label of a vertical line at its top: to the right of it or to the left, in the first row with space.
    pub fn at_line(&mut self, x: f64, width: f64) -> Option<LabelPlace> {
        self.first_free((0..ROWS).flat_map(|row| {
            let top = GAP + row as f64 * LINE;
            [x + GAP, x - GAP - width].map(|left| LabelPlace { left, top, width })
        }))
    }

    /// The first of some places that is free, which is taken. One that no curve crosses comes before all others.
    fn first_free(&mut self, places: impl Iterator<Item = LabelPlace>) -> Option<LabelPlace> {
        let free = self.free(places);
        self.take(free.iter().find(|place| !self.is_crossed(place)).or(free.first()).copied())
    }

    /// Those of some places that are on the plot and that no other label has.
    fn free(&self, places: impl Iterator<Item = LabelPlace>) -> Vec<LabelPlace> {
        places.filter(|place| self.is_free(place)).collect()
    }

    fn is_free(&self, place: &LabelPlace) -> bool {
        let [width, height] = self.size;
        let is_inside = place.left >= 0.0
            && place.left + place.width <= width
            && place.top >= 0.0
            && place.top + LINE <= height;
        is_inside && !self.taken.iter().any(|other| other.overlaps(place))
    }

    fn is_crossed(&self, place: &LabelPlace) -> bool {
        self.curves.iter().any(|curve| place.is_met(curve, 0.0))
    }

    fn take(&mut self, place: Option<LabelPlace>) -> Option<LabelPlace> {
        self.taken.extend(place);
        place
    }
}

/// The centre of a label of this width, moved so that the label lies between two edges. All in one unit. A label that is wider
/// than the space begins at the first edge.
pub fn centre_within(centre: f64, width: f64, [from, to]: [f64; 2]) -> f64 {
    let half = width / 2.0;
    centre.min(to - half).max(from + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        Labels::on([300.0, 150.0])
    }

    fn assert_apart(labels: &Labels) {
        for (at, place) in labels.taken.iter().enumerate() {
            assert!(!labels.taken[..at].iter().any(|other| other.overlaps(place)), "{:?}", labels.taken);
        }
    }

    #[test]
    fn a_label_at_an_edge_is_moved_until_it_is_whole() {
        assert_eq!(centre_within(50.0, 20.0, [0.0, 100.0]), 50.0);
        assert_eq!(centre_within(98.0, 20.0, [0.0, 100.0]), 90.0);
        assert_eq!(centre_within(1.0, 20.0, [0.0, 100.0]), 10.0);
        assert_eq!(centre_within(50.0, 120.0, [0.0, 100.0]), 60.0);
    }

    #[test]
    fn a_curve_has_its_label_behind_its_end_or_right_above_or_below_it() {
        let mut labels = labels();
        let (whole, short) = ([[0.0, 80.0], [300.0, 80.0]], [[0.0, 20.0], [40.0, 40.0]]);
        let [whole, short] = [whole, short].map(|curve| labels.avoid(curve.to_vec()));
        let place = |left, top| Some(LabelPlace { left, top, width: 30.0 });
        assert_eq!(labels.at_curve(whole, 30.0), place(267.0, 64.0));
        assert_eq!(labels.at_curve(short, 30.0), place(46.0, 33.5));
        // Right above the curve there is another one: it stands below.
        labels.taken.clear();
        let near = labels.avoid(vec![[250.0, 76.0], [300.0, 76.0]]);
        assert_eq!(labels.at_curve(whole, 30.0), place(267.0, 83.0));
        assert_eq!(labels.at_curve(near, 30.0), place(267.0, 60.0));
        // Between two that are near there is no place at the end, and one further back.
        labels.taken.clear();
        labels.avoid(vec![[250.0, 84.0], [300.0, 84.0]]);
        assert_eq!(labels.at_curve(whole, 30.0), place(207.0, 64.0));
        assert_eq!(labels.at_curve(9, 30.0), None);
    }

    /// The distance of a curve from a label, from many places on both.
    fn distance(place: &LabelPlace, curve: &[[f64; 2]]) -> f64 {
        let from = |[x, y]: [f64; 2]| {
            let outside = |at: f64, from: f64, length: f64| (from - at).max(at - from - length).max(0.0);
            outside(x, place.left, place.width).hypot(outside(y, place.top, LINE))
        };
        let on = |ends: &[[f64; 2]]| {
            let at = |part: i32| {
                [0, 1].map(|axis| ends[0][axis] + (ends[1][axis] - ends[0][axis]) * f64::from(part) / 64.0)
            };
            (0..=64).map(at).map(from).fold(f64::MAX, f64::min)
        };
        curve.windows(2).map(on).fold(f64::MAX, f64::min)
    }

    #[test]
    fn every_label_is_nearer_to_its_own_curve_than_to_another() {
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / (1 << 24) as f64
        };
        let (mut placed, mut left_out) = (0, 0);
        for _ in 0..400 {
            let mut labels = labels();
            // Losses that fall to one another's neighbourhood, some of them short.
            let most = if random() < 0.3 { 60.0 } else { 300.0 };
            let curves: Vec<_> = (0..2 + (random() * 5.0) as usize)
                .map(|_| {
                    let (length, floor, fall) =
                        (most * (0.3 + 0.7 * random()), 60.0 + 80.0 * random(), 20.0 * random() + 4.0);
                    let points = (0..=40).map(|at| {
                        let x = length * f64::from(at) / 40.0;
                        [x, (floor * (1.0 - (-x / fall).exp()) + 6.0 * random()).min(150.0)]
                    });
                    points.collect::<Vec<_>>()
                })
                .collect();
            curves.iter().for_each(|curve| {
                labels.avoid(curve.clone());
            });
            for own in 0..curves.len() {
                let Some(place) = labels.at_curve(own, 34.0) else {
                    left_out += 1;
                    continue;
                };
                placed += 1;
                let distances: Vec<_> = curves.iter().map(|curve| distance(&place, curve)).collect();
                let is_nearest = |(other, &far): (usize, &f64)| other == own || far > distances[own];
                assert!(distances.iter().enumerate().all(is_nearest), "{own} of {distances:?} at {place:?}");
                assert!(distances[own] <= 2.0 * GAP + 0.5, "it stands at its curve: {distances:?}");
            }
            assert_apart(&labels);
        }
        assert!(placed > 800 && left_out > 50, "{placed} placed, {left_out} left out");
    }

    #[test]
    fn a_label_stays_on_the_plot() {
        let mut labels = labels();
        let [top, bottom] = [[[200.0, 2.0], [300.0, 2.0]], [[200.0, 149.0], [300.0, 149.0]]]
            .map(|curve| labels.avoid(curve.to_vec()));
        let places = [top, bottom].map(|curve| labels.at_curve(curve, 30.0).map(|place| place.top));
        assert_eq!(places, [5.0, 133.0].map(Some));
        assert_eq!(labels.at_line(280.0, 50.0).map(|place| place.left), Some(227.0));
        assert_eq!(Labels::on([300.0, 150.0]).at_level(145.0, 90.0).map(|place| place.top), Some(129.0));
        assert_eq!(labels.at_line(1_000.0, 50.0), None);
        let mut small = Labels::on([20.0, 8.0]);
        let curve = small.avoid(vec![[0.0, 4.0], [10.0, 4.0]]);
        assert_eq!(small.at_curve(curve, 30.0), None);
    }

    #[test]
    fn a_label_goes_where_no_curve_runs_if_there_is_such_a_place() {
        let mut labels = labels();
        // Through the first place of the label of a level, and past the second.
        labels.avoid(vec![[0.0, 60.0], [60.0, 120.0], [100.0, 140.0], [300.0, 140.0]]);
        let level = labels.at_level(100.0, 60.0).unwrap();
        assert_eq!((level.left, level.top), (117.0, 103.0));
        labels.avoid(vec![[0.0, 0.0], [0.0, 150.0], [300.0, 150.0], [300.0, 0.0], [0.0, 0.0]]);
        // A curve that goes through every place leaves none.
        let zigzag = (0..=300).map(|x| [f64::from(x), if x % 2 == 0 { 0.0 } else { 150.0 }]);
        labels.avoid(zigzag.collect());
        let curve = labels.avoid(vec![[0.0, 40.0], [40.0, 40.0]]);
        assert_eq!(labels.at_level(40.0, 60.0), None);
        assert_eq!(labels.at_curve(curve, 60.0), None);
        assert_apart(&labels);
    }

    #[test]
    fn rates_that_change_soon_after_each_other_go_to_other_rows_or_are_left_out() {
        let mut labels = labels();
        let level = labels.at_level(20.0, 130.0).unwrap();
        let places: Vec<_> = (0..20).filter_map(|at| labels.at_line(100.0 + f64::from(at), 50.0)).collect();
        assert!((4..20).contains(&places.len()), "{places:?}");
        assert!(places.iter().all(|place| !place.overlaps(&level)));
        assert_apart(&labels);
    }
}
