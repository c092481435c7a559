//! Lessons: each sets a scene, and asks for one action at a time, until the last of its steps is done.
//!
//! Lessons are text files. A line begins with a keyword; one that begins with a space continues the line before, and one that
//! begins with `#` is a comment.
//!
//! ```text
//! lesson depth
//! title Does a deeper network learn more?
//! about Adds a layer, and compares the runs.
//! link hidden=64&lr=0.002
//! step The decoder mirrors the encoder: a layer on one side is a layer on the other.
//! task Press Add layer, and then Train a new run. Let it train for 300 steps.
//! done layers >= 2 and steps >= 300
//! after The loss is lower after as many steps.
//! learnt A second layer helps a little.
//! ```

mod condition;
mod error;
mod parse;
mod progress;
mod walk;

pub use condition::{Comparison, Condition, Extra, Measure};
pub use error::LessonError;
pub use parse::{LESSON_BYTES, STEPS, is_name, parse};
pub use progress::Progress;
pub use walk::{Seen, Walk};

use crate::link::Link;

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name in links.
    pub name: String,
    /// Its name on the page.
    pub title: String,
    /// What it is about, in a sentence.
    pub about: String,
    /// What the page shows when it begins.
    pub link: Link,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What was learnt, in a sentence or two.
    pub learnt: String,
}

/// A step of a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// A sentence or two that explain what is seen.
    pub text: String,
    /// The action that is asked for.
    pub task: String,
    /// What holds once it was done. All of them hold at once.
    pub done: Vec<Condition>,
    /// What is said of it once it was done.
    pub after: String,
    /// What the plane shows when the step begins.
    pub shows: Vec<Extra>,
}

impl Step {
    /// What the person is asked to do.
    pub fn request(&self) -> String {
        match self.done.contains(&Condition::Looked) {
            true => format!("{} Then press Next.", self.task),
            false => self.task.clone(),
        }
    }
}

impl Lesson {
    /// The link that opens it.
    pub fn own_link(&self) -> Link {
        Link { lesson: Some(self.name.clone()), ..Link::default() }
    }
}

#[cfg(test)]
mod tests;
