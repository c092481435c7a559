//! Clips curves to the plot, so that points outside neither show nor change the line inside.

/// A point on the plot: steps from the left, and the share of the plot's height from the bottom.
pub type PlotPoint = (f64, f64);

/// The parts of a curve that lie on a plot `steps` wide and 1 high.
pub fn clip_polyline(curve: impl IntoIterator<Item = PlotPoint>, steps: f64) -> Vec<Vec<PlotPoint>> {
    let mut pieces: Vec<Vec<PlotPoint>> = Vec::new();
    let mut before = None;
    for point in curve {
        if let Some((from, to)) = before.and_then(|before| clip_segment(before, point, steps)) {
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        before = Some(point);
    }
    pieces
}

/// Whether a point lies on the plot.
pub fn is_inside((step, up): PlotPoint, steps: f64) -> bool {
    (0.0..=steps).contains(&step) && (0.0..=1.0).contains(&up)
}

/// The part of a line segment that lies on the plot, by the algorithm of Liang and Barsky.
fn clip_segment(from: PlotPoint, to: PlotPoint, steps: f64) -> Option<(PlotPoint, PlotPoint)> {
    let along = (to.0 - from.0, to.1 - from.1);
    // For each edge: the speed at which the segment moves outwards, and the distance from its start to the edge.
    let edges = [(-along.0, from.0), (along.0, steps - from.0), (-along.1, from.1), (along.1, 1.0 - from.1)];
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (speed, distance) in edges {
        if speed == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            enters = enters.max(distance / speed);
        } else {
            leaves = leaves.min(distance / speed);
        }
    }
    let at = |share: f64| (from.0 + share * along.0, from.1 + share * along.1);
    let ends = (if enters > 0.0 { at(enters) } else { from }, if leaves < 1.0 { at(leaves) } else { to });
    (enters <= leaves).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_from_above_starts_where_it_enters_the_plot() {
        let curve = [(0.0, 3.0), (2.0, 2.0), (4.0, 0.0), (6.0, 0.5)];
        assert_eq!(clip_polyline(curve, 10.0), [vec![(3.0, 1.0), (4.0, 0.0), (6.0, 0.5)]]);
    }

    #[test]
    fn a_spike_leaves_a_gap_and_the_curve_ends_at_the_right_edge() {
        let curve = [(0.0, 0.5), (1.0, 0.5), (2.0, 1.5), (3.0, 0.5), (5.0, 0.5)];
        assert_eq!(
            clip_polyline(curve, 4.0),
            [vec![(0.0, 0.5), (1.0, 0.5), (1.5, 1.0)], vec![(2.5, 1.0), (3.0, 0.5), (4.0, 0.5)]]
        );
        assert!(clip_polyline([(0.0, 2.0), (1.0, 3.0)], 4.0).is_empty());
        assert!(clip_polyline([(1.0, 0.5)], 4.0).is_empty());
        assert!(is_inside((4.0, 1.0), 4.0) && !is_inside((4.1, 1.0), 4.0));
    }
}
