//! Decimation of losses for the chart: any number of them in a bounded number of bins that keep every extreme.

/// Bins at most: more than a chart has pixels.
const MOST_BINS: usize = 2048;

/// Training losses that share a column of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The first step in the column (1 is the run's first).
    pub step: u64,
    /// The last step in it.
    pub last: u64,
    /// The least loss among them.
    pub least: f32,
    /// The greatest.
    pub greatest: f32,
    /// Their mean.
    pub mean: f32,
}

/// Losses in bins of equal width, to which more can be added at any time. When all bins are in use, each two are
/// merged into one of twice the width. So a loss costs the same whether it is the thousandth or the millionth.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bins {
    /// Every bin but the last holds 2 to this power losses.
    doublings: u32,
    bins: Vec<Bin>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Bin {
    count: u64,
    least: f32,
    greatest: f32,
    sum: f64,
}

impl Bin {
    fn of(loss: f32) -> Self {
        Self { count: 1, least: loss, greatest: loss, sum: f64::from(loss) }
    }

    fn with(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            least: self.least.min(other.least),
            greatest: self.greatest.max(other.greatest),
            sum: self.sum + other.sum,
        }
    }
}

impl Bins {
    /// Adds the next losses.
    pub(super) fn add(&mut self, losses: &[f32]) {
        for &loss in losses {
            let loss = Bin::of(loss);
            match self.bins.last_mut() {
                Some(bin) if bin.count < 1 << self.doublings => *bin = bin.with(loss),
                _ => {
                    self.bins.push(loss);
                    self.halve();
                }
            }
        }
    }

    /// Keeps the number of bins within bounds.
    fn halve(&mut self) {
        if self.bins.len() > MOST_BINS {
            self.bins = self.bins.chunks(2).map(merged).collect();
            self.doublings += 1;
        }
    }

    /// The losses in at most `most` columns, of which the first begins with the step after `steps_before`.
    pub(super) fn columns(&self, most: usize, steps_before: u64) -> Vec<Column> {
        let width = self.bins.len().div_ceil(most.max(1)).max(1);
        let mut before = steps_before;
        let column = |bins: &[Bin]| {
            let Bin { count, least, greatest, sum } = merged(bins);
            let step = before + 1;
            before += count;
            Column { step, last: before, least, greatest, mean: (sum / count as f64) as f32 }
        };
        self.bins.chunks(width).map(column).collect()
    }
}

/// Neighbouring bins, of which there is at least one, as one.
fn merged(bins: &[Bin]) -> Bin {
    bins[1..].iter().fold(bins[0], |all, &bin| all.with(bin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(steps: usize) -> Bins {
        let mut bins = Bins::default();
        bins.add(&(0..steps).map(|step| step as f32).collect::<Vec<_>>());
        bins
    }

    #[test]
    fn a_million_losses_are_drawn_from_no_more_bins_than_a_few_thousand() {
        for steps in [1, 1_000, 2_048, 2_049, 100_000, 1_000_000] {
            let bins = filled(steps);
            assert!(bins.bins.len() <= MOST_BINS, "{steps}");
            // More than half of them are in use, so that a wide chart stays sharp.
            assert!(steps < MOST_BINS || bins.bins.len() > MOST_BINS / 2, "{steps}");
            assert_eq!(bins.bins.iter().map(|bin| bin.count).sum::<u64>(), steps as u64);
        }
    }

    #[test]
    fn no_extreme_and_no_step_gets_lost() {
        let mut bins = filled(10_000);
        bins.add(&[1e6, -1e6]);
        let columns = bins.columns(300, 500);
        assert!(columns.len() <= 300);
        assert_eq!((columns[0].step, columns[columns.len() - 1].last), (501, 10_502));
        assert!(columns.windows(2).all(|pair| pair[0].last + 1 == pair[1].step));
        let last = columns[columns.len() - 1];
        assert_eq!((last.least, last.greatest), (-1e6, 1e6));
        let first = columns[0];
        assert_eq!(first.mean, (first.least + first.greatest) / 2.0);
    }

    #[test]
    fn bins_are_the_same_however_the_losses_arrive() {
        let losses: Vec<_> = (0..5_000).map(|step| 1.0 / (step as f32 + 1.0)).collect();
        let mut pieces = Bins::default();
        losses.chunks(7).for_each(|piece| pieces.add(piece));
        let mut whole = Bins::default();
        whole.add(&losses);
        assert_eq!(pieces, whole);
    }
}
