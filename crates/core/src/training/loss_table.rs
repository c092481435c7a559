//! The losses of a run as a table that other programs read.

use super::history::{History, Parts, Series, Validation};
use std::fmt::Write;

/// The columns of a table that variational models alone have.
const PART_COLUMNS: &str = ",reconstruction,divergence,val_reconstruction,val_divergence\n";

impl History {
    /// The losses as a table: a row a step, with the validation loss in the row of the step it was taken after. Variational
    /// models have further columns with the parts. Numbers are as short as they can be and still read back to the same
    /// `f32`.
    pub fn to_csv(&self, steps_per_epoch: usize) -> String {
        let has_parts = self.has_parts();
        let mut csv = String::from("step,epoch,loss,val_loss");
        csv.push_str(if has_parts { PART_COLUMNS } else { "\n" });
        let cell = |loss: Option<f32>| loss.map_or(String::new(), |loss| loss.to_string());
        let mut row = |step: u64, validation: Option<Validation>| {
            let epoch = step.saturating_sub(1) / steps_per_epoch.max(1) as u64 + 1;
            let [loss, val_loss] = [self.total().at(step), validation.map(|taken| taken.loss)].map(cell);
            // Writing to a string cannot fail.
            let _ = write!(csv, "{step},{epoch},{loss},{val_loss}");
            if has_parts {
                let of = |series: fn(&Parts) -> &Series| self.parts().and_then(|it| series(it).at(step));
                let taken = validation.and_then(|taken| taken.parts);
                let [reconstruction, divergence, val_reconstruction, val_divergence] = [
                    of(|parts| &parts.reconstruction),
                    of(|parts| &parts.divergence),
                    taken.map(|parts| parts.reconstruction),
                    taken.map(|parts| parts.divergence),
                ]
                .map(cell);
                let _ = write!(csv, ",{reconstruction},{divergence},{val_reconstruction},{val_divergence}");
            }
            csv.push('\n');
        };
        let mut validation = self.validation().iter().peekable();
        while let Some(&taken) = validation.next_if(|taken| taken.steps <= self.steps_before()) {
            row(taken.steps, Some(taken));
        }
        for step in self.steps_before() + 1..=self.steps() {
            row(step, validation.next_if(|taken| taken.steps == step).copied());
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{LossParts, StepLosses};

    #[test]
    fn the_table_has_a_row_for_every_step_and_loses_no_digit() {
        let mut history = History::default();
        history.trained(&[0.1, 1.0 / 3.0]);
        history.validated(0.0625, None);
        history.trained(&[1e-7]);
        let expected = "step,epoch,loss,val_loss\n1,1,0.1,\n2,1,0.33333334,0.0625\n3,2,0.0000001,\n";
        assert_eq!(history.to_csv(2), expected);
        assert_eq!(History::default().to_csv(2), "step,epoch,loss,val_loss\n");
    }

    #[test]
    fn the_table_of_a_run_that_went_on_starts_where_its_losses_start() {
        let validation = vec![Validation::total(2, 0.5), Validation::total(4, 0.25)];
        let history = History::restored(2, vec![0.75, 0.5], validation);
        assert_eq!(history.to_csv(2), "step,epoch,loss,val_loss\n2,1,,0.5\n3,2,0.75,\n4,2,0.5,0.25\n");
    }

    #[test]
    fn the_table_of_a_variational_model_has_columns_for_the_parts() {
        let mut history = History::restored(0, vec![9.0], vec![]);
        let parts = vec![LossParts { reconstruction: 7.0, divergence: 0.5 }];
        history.trained(StepLosses { totals: vec![7.5], parts });
        history.validated(6.0, Some(LossParts { reconstruction: 5.0, divergence: 1.0 }));
        let expected = "step,epoch,loss,val_loss,reconstruction,divergence,val_reconstruction,val_divergence\n\
                        1,1,9,,,,,\n2,1,7.5,6,7,0.5,5,1\n";
        assert_eq!(history.to_csv(2), expected);
    }
}
