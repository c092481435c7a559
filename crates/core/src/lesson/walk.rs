//! The way through a lesson: which step it is at, and whether that one's task was done.

use super::{Condition, Extra, Lesson, Step};
use crate::settings::Settings;

/// What a lesson sees of the page.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The settings of the run.
    pub settings: &'a Settings,
    /// Steps of the run.
    pub steps: u64,
    /// The last step's loss.
    pub loss: Option<f32>,
    /// The training failed.
    pub has_failed: bool,
    /// The class of the image nearest to the point, while a person holds the point.
    pub near: Option<u8>,
    /// The class whose images are shown alone.
    pub only: Option<u8>,
    /// The tab that was chosen.
    pub tab: &'a str,
    /// An image was drawn.
    pub has_drawing: bool,
    /// What the plane shows beside what it always shows.
    pub extras: &'a [Extra],
}

/// A lesson that somebody takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// The lesson.
    pub lesson: Lesson,
    /// The index of the step.
    at: usize,
    /// Its task was done.
    is_done: bool,
    /// All that is missing is that the person says that they have looked.
    awaits_look: bool,
    /// Of a drag: the point was where it begins.
    was_at_start: bool,
    /// What the task asks for and does not hold, as the page was when it was looked at last.
    unmet: Vec<Condition>,
}

impl Walk {
    /// Begins at the first step.
    pub fn of(lesson: Lesson) -> Self {
        let mut walk = Self {
            lesson,
            at: 0,
            is_done: false,
            awaits_look: false,
            was_at_start: false,
            unmet: Vec::new(),
        };
        walk.go_to(0);
        walk
    }

    /// The index of the step.
    pub fn index(&self) -> usize {
        self.at
    }

    /// The step.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.at)
    }

    /// Whether its task was done.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether its task asks to look at something that is in sight now: it was done once the person has looked.
    pub fn awaits_look(&self) -> bool {
        self.awaits_look
    }

    /// What its task asks for and does not hold yet. Of a task that was done, nothing.
    pub fn unmet(&self) -> &[Condition] {
        &self.unmet
    }

    /// Notes that the person has looked. Tells whether that has just completed the task.
    pub fn look(&mut self) -> bool {
        let awaited = std::mem::take(&mut self.awaits_look);
        self.is_done |= awaited;
        awaited
    }

    /// Whether it is the last.
    pub fn is_last(&self) -> bool {
        self.at + 1 >= self.lesson.steps.len()
    }

    /// Goes to another step, whose task is to be done again. Does nothing where there is none.
    pub fn go_to(&mut self, at: usize) {
        if let Some(step) = self.lesson.steps.get(at) {
            (self.at, self.is_done) = (at, false);
            (self.awaits_look, self.was_at_start) = (false, false);
            self.unmet = step.done.clone();
        }
    }

    /// Looks at the page as it is now. Tells whether that has just completed the task.
    pub fn see(&mut self, seen: &Seen<'_>) -> bool {
        let Some(Step { done, .. }) = self.lesson.steps.get(self.at).filter(|_| !self.is_done) else {
            return false;
        };
        let was_at_start = &mut self.was_at_start;
        let unmet = done.iter().filter(|condition| {
            if let Condition::Drag { from, .. } = condition {
                *was_at_start |= seen.near == Some(*from);
                return !*was_at_start || !condition.holds(seen);
            }
            !condition.holds(seen)
        });
        self.unmet = unmet.cloned().collect();
        self.awaits_look = self.unmet.is_empty() && done.contains(&Condition::Looked);
        self.is_done = self.unmet.is_empty() && !self.awaits_look;
        self.is_done
    }
}
