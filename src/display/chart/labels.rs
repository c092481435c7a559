//! Places for the labels on the plot: the numbers of earlier runs at the ends of their curves, and rates at their lines. No label lies
//! over another one, nor on a curve where there is space beside. Places are CSS pixels from the plot's top left corner.

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

    /// Whether a line between two places goes through it.
    fn is_crossed(&self, [a, b]: [[f64; 2]; 2]) -> bool {
        let [from, to] = if a[0] <= b[0] { [a, b] } else { [b, a] };
        let (left, right) = (from[0].max(self.left), to[0].min(self.left + self.width));
        if left > right {
            return false;
        }
        let along = |x: f64| match to[0] - from[0] {
            0.0 => [from[1], to[1]],
            width => [from[1] + (to[1] - from[1]) * (x - from[0]) / width; 2],
        };
        let ends = [along(left), along(right)].concat();
        let (least, greatest) =
            ends.iter().fold((f64::MAX, f64::MIN), |(least, most), &y| (least.min(y), most.max(y)));
        least <= self.top + LINE && greatest >= self.top
    }
}

impl Labels {
    /// None yet, on a plot of this size.
    pub fn on(size: [f64; 2]) -> Self {
        Self { size, taken: Vec::new(), curves: Vec::new() }
    }

    /// Keeps labels off a curve through these places, where that is possible.
    pub fn avoid(&mut self, curve: Vec<[f64; 2]>) {
        self.curves.push(curve);
    }

    /// The label of a horizontal line, at its left, its middle or its right: below it, because the curves come from above, unless there is
    /// no space. None where curves run everywhere: the key of the chart names the line, too.
    pub fn at_level(&mut self, y: f64, width: f64) -> Option<LabelPlace> {
        let right = self.size[0] - width - 2.0 * GAP;
        let places = [y + GAP, y - GAP - LINE]
            .map(|top| [2.0 * GAP, right / 2.0, right].map(|left| LabelPlace { left, top, width }));
        let free = self.free(places.into_iter().flatten());
        self.take(free.into_iter().find(|place| !self.is_crossed(place)))
    }

    /// The label at the end of a curve: behind it where the plot goes on, otherwise to the left of it, above or below, as near as there
    /// is space.
    pub fn at_end(&mut self, [x, y]: [f64; 2], width: f64) -> Option<LabelPlace> {
        let behind = [0.0, -1.0, 1.0, -2.0, 2.0].map(|row| LabelPlace {
            left: x + 2.0 * GAP,
            top: y + (row - 0.5) * LINE,
            width,
        });
        let left = (x - width - GAP).max(0.0);
        let away = |row: usize| GAP + row as f64 * LINE;
        self.first_free(behind.into_iter().chain((0..ROWS).flat_map(|row| {
            [y - away(row) - LINE, y + away(row)].map(|top| LabelPlace { left, top, width })
        })))
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
        let [width, height] = self.size;
        let is_free = |place: &LabelPlace| {
            let is_inside = place.left >= 0.0
                && place.left + place.width <= width
                && place.top >= 0.0
                && place.top + LINE <= height;
            is_inside && !self.taken.iter().any(|other| other.overlaps(place))
        };
        places.filter(is_free).collect()
    }

    fn is_crossed(&self, place: &LabelPlace) -> bool {
        let crosses = |ends: &[[f64; 2]]| place.is_crossed([ends[0], ends[1]]);
        self.curves.iter().any(|curve| curve.windows(2).any(crosses))
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
    fn curves_that_end_at_one_place_have_their_labels_above_and_below_it() {
        let mut labels = labels();
        let tops = [(); 4].map(|()| labels.at_end([300.0, 80.0], 30.0).map(|place| place.top));
        assert_eq!(tops, [64.0, 83.0, 51.0, 96.0].map(Some));
        assert_apart(&labels);
        // Where the plot goes on they stand behind them.
        let places = [(); 3].map(|()| labels.at_end([40.0, 80.0], 30.0).map(|place| (place.left, place.top)));
        assert_eq!(places, [(46.0, 73.5), (46.0, 60.5), (46.0, 86.5)].map(Some));
        assert_apart(&labels);
    }

    #[test]
    fn a_label_stays_on_the_plot() {
        let mut labels = labels();
        assert_eq!(
            labels.at_end([300.0, 2.0], 30.0),
            Some(LabelPlace { left: 267.0, top: 5.0, width: 30.0 })
        );
        assert_eq!(
            labels.at_end([10.0, 149.0], 30.0),
            Some(LabelPlace { left: 16.0, top: 129.5, width: 30.0 })
        );
        assert_eq!(labels.at_line(280.0, 50.0).map(|place| place.left), Some(227.0));
        assert_eq!(Labels::on([300.0, 150.0]).at_level(145.0, 90.0).map(|place| place.top), Some(129.0));
        assert_eq!(labels.at_line(1_000.0, 50.0), None);
        assert_eq!(Labels::on([20.0, 8.0]).at_end([10.0, 4.0], 30.0), None);
    }

    #[test]
    fn a_label_goes_where_no_curve_runs_if_there_is_such_a_place() {
        let mut labels = labels();
        // Through the first place of the label of a level, and past the second.
        labels.avoid(vec![[0.0, 60.0], [60.0, 120.0], [100.0, 140.0], [300.0, 140.0]]);
        let level = labels.at_level(100.0, 60.0).unwrap();
        assert_eq!((level.left, level.top), (117.0, 103.0));
        labels.avoid(vec![[0.0, 0.0], [0.0, 150.0], [300.0, 150.0], [300.0, 0.0], [0.0, 0.0]]);
        // A curve that goes through every place leaves none for a level, and the first for an end.
        let zigzag = (0..=300).map(|x| [f64::from(x), if x % 2 == 0 { 0.0 } else { 150.0 }]);
        labels.avoid(zigzag.collect());
        assert_eq!(labels.at_level(40.0, 60.0), None);
        assert_eq!(
            labels.at_end([40.0, 40.0], 60.0).map(|place| (place.left, place.top)),
            Some((46.0, 33.5))
        );
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
