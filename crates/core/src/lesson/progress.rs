//! Which steps of which lessons were done on this device.

use super::{Lesson, parse::is_name};

/// Lessons that are remembered at most.
const MOST: usize = 200;

/// How many steps of each lesson were done, as the browser remembers it: `tutorial 4,depth 1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress(Vec<(String, usize)>);

impl Progress {
    /// Reads what was remembered. Takes any text, and leaves out what it does not understand.
    pub fn parse(text: &str) -> Self {
        let mut progress = Self::default();
        for entry in text.split(',') {
            if let Some((name, steps)) = entry.split_once(' ')
                && let Ok(steps) = steps.parse()
            {
                progress.note(name, steps);
            }
        }
        progress
    }

    /// The text to remember.
    pub fn text(&self) -> String {
        let entries = self.0.iter().map(|(name, steps)| format!("{name} {steps}"));
        entries.collect::<Vec<_>>().join(",")
    }

    /// Steps of a lesson that were done, from its first on.
    pub fn of(&self, lesson: &Lesson) -> usize {
        let found = self.0.iter().find(|(name, _)| *name == lesson.name);
        found.map_or(0, |(_, steps)| *steps).min(lesson.steps.len())
    }

    /// Notes that so many steps of a lesson were done. Fewer than before change nothing.
    pub fn note(&mut self, lesson: &str, steps: usize) {
        if let Some((_, before)) = self.0.iter_mut().find(|(name, _)| name == lesson) {
            *before = steps.max(*before);
        } else if self.0.len() < MOST && is_name(lesson) {
            self.0.push((lesson.to_owned(), steps));
        }
    }
}
