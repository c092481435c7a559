//! The runs as a table: what differs between them, and what came of it.

use super::FinishedRun;
use latent_core::settings::{Field, Settings};
use std::collections::BTreeSet;

/// The table, a line for each run, columns aligned.
pub(super) fn of(runs: &[FinishedRun]) -> String {
    let keys = differing(runs);
    let mut header: Vec<String> = vec!["run".into()];
    header.extend(keys.iter().map(|key| (*key).to_owned()));
    header.extend(["validated", "loss", "val_loss", "best", "at epoch", "steps/s"].map(String::from));
    let mut lines = vec![header];
    lines.extend(runs.iter().map(|run| line(run, &keys)));
    aligned(&lines)
}

/// The settings that not all runs have alike.
fn differing(runs: &[FinishedRun]) -> Vec<&str> {
    let known = || runs.iter().filter_map(|run| run.settings.as_ref());
    let keys: BTreeSet<&str> = known().flat_map(|settings| settings.keys().map(String::as_str)).collect();
    let values = |key: &str| known().map(|settings| settings.get(key)).collect::<BTreeSet<_>>();
    keys.into_iter().filter(|key| values(key).len() > 1).collect()
}

fn line(run: &FinishedRun, keys: &[&str]) -> Vec<String> {
    let number = |number: Option<f64>, decimals: usize| {
        number.map_or("–".into(), |number| format!("{number:.decimals$}"))
    };
    let setting = |key: &&str| match &run.settings {
        Some(settings) => settings.get(*key).cloned().unwrap_or_else(|| usual(key)),
        None => "–".into(),
    };
    let mut cells = vec![run.name.clone()];
    cells.extend(keys.iter().map(setting));
    cells.extend([
        run.validation.len().to_string(),
        number(run.loss, 5),
        number(run.val_loss(), 5),
        number(run.best().map(|(_, loss)| loss), 5),
        number(run.best().map(|(epoch, _)| epoch), 0),
        number(run.steps_per_s, 0),
    ]);
    cells
}

/// The tutorial's value of a setting.
fn usual(key: &str) -> String {
    Field::from_key(key).map_or_else(String::new, |field| Settings::default().get(field))
}

/// Lines whose cells are as wide as the widest of their column. The first column is aligned to the left.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width =
        |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<_> = (0..columns).map(width).collect();
    let padded = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ") + "\n"
    };
    lines.iter().map(padded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_settings_that_differ_have_a_column() {
        let run = |name: &str, lr: Option<&str>| FinishedRun {
            name: name.into(),
            settings: Some(
                [("seed", Some("3")), ("lr", lr)]
                    .into_iter()
                    .filter_map(|(key, value)| Some((key.into(), value?.into())))
                    .collect(),
            ),
            steps: Some(64),
            steps_per_s: Some(812.4),
            loss: Some(0.05),
            validation: vec![(1.0, 0.06), (2.0, 0.07)],
        };
        let cut = FinishedRun {
            settings: None,
            steps: None,
            steps_per_s: None,
            loss: None,
            validation: vec![],
            ..run("cut", None)
        };
        let expected = "\
run             lr  validated     loss  val_loss     best  at epoch  steps/s
first        0.001       2  0.05000   0.07000  0.06000         1      812
second      0.0005       2  0.05000   0.07000  0.06000         1      812
cut              –       0        –         –        –         –        –
";
        let found = of(&[run("first", Some("0.001")), run("second", None), cut]);
        let squeezed = |text: &str| {
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(squeezed(&found), squeezed(expected));
        let widths: BTreeSet<_> = found.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths.len(), 1, "{found}");
    }
}
