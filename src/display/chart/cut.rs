//! Curves cut at the plot's edges, so that what is out of sight neither shows nor bends what is in sight.

/// A place on the plot: steps from the left, and the share of its height from the bottom.
pub type Place = (f64, f64);

/// The pieces of a curve that lie on a plot `steps` wide and 1 high.
pub fn cut(curve: impl IntoIterator<Item = Place>, steps: f64) -> Vec<Vec<Place>> {
    let mut pieces: Vec<Vec<Place>> = Vec::new();
    let mut before = None;
    for place in curve {
        if let Some((from, to)) = before.and_then(|before| inside(before, place, steps)) {
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        before = Some(place);
    }
    pieces
}

/// Whether a place lies on the plot.
pub fn is_inside((step, up): Place, steps: f64) -> bool {
    (0.0..=steps).contains(&step) && (0.0..=1.0).contains(&up)
}

/// The part of a straight line that lies on the plot, by Liang and Barsky: from where it is within all edges to where
/// it leaves the first.
fn inside(from: Place, to: Place, steps: f64) -> Option<(Place, Place)> {
    let along = (to.0 - from.0, to.1 - from.1);
    // For each edge: how fast the line leaves through it, and how far off it begins.
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
    fn a_curve_that_comes_from_above_begins_where_it_enters() {
        let curve = [(0.0, 3.0), (2.0, 2.0), (4.0, 0.0), (6.0, 0.5)];
        assert_eq!(cut(curve, 10.0), [vec![(3.0, 1.0), (4.0, 0.0), (6.0, 0.5)]]);
    }

    #[test]
    fn a_spike_leaves_a_gap_and_the_end_of_the_plot_an_end() {
        let curve = [(0.0, 0.5), (1.0, 0.5), (2.0, 1.5), (3.0, 0.5), (5.0, 0.5)];
        assert_eq!(
            cut(curve, 4.0),
            [vec![(0.0, 0.5), (1.0, 0.5), (1.5, 1.0)], vec![(2.5, 1.0), (3.0, 0.5), (4.0, 0.5)]]
        );
        assert!(cut([(0.0, 2.0), (1.0, 3.0)], 4.0).is_empty());
        assert!(cut([(1.0, 0.5)], 4.0).is_empty());
        assert!(is_inside((4.0, 1.0), 4.0) && !is_inside((4.1, 1.0), 4.0));
    }
}
