//! What a lesson has the page show.

use super::Supervisor;
use latent_controller::Action;
use latent_core::{
    lesson::{Extra, Lesson},
    link::Link,
};
use leptos::prelude::*;

impl Supervisor {
    /// Sets the scene of a lesson. The run that it replaces is kept until the person has come back from lessons.
    pub fn begin_lesson(&self, lesson: &Lesson) {
        let state = self.state;
        let had_run = state.steps.get_untracked() > 0;
        // One lesson may follow another: the first of them has taken the run's place.
        let is_first = state.lesson.with_untracked(Option::is_none)
            && self.lesson_run.get_value() != state.run.get_untracked();
        if is_first {
            self.leave_lesson(false);
            self.act(Action::BeginLesson);
            self.had_run.set_value(state.before_lesson.get_untracked().is_some());
        }
        state.is_point_held.set(false);
        let link = Link { engine: state.engine_choice.get_untracked(), ..lesson.link.clone() };
        self.open_link(&link);
        if state.steps.get_untracked() > 0 {
            // The run under way has the lesson's settings.
            self.reset();
        }
        self.look_at_all();
        self.clear_drawing();
        if link.model.is_some() {
            // It lies beside the page, and the person has asked for the lesson.
            self.accept_linked();
        }
        if is_first && had_run {
            self.answer("Your run is kept. When you close the lesson, you can go back to it.");
        }
        state.lesson.set(Some(lesson.name.clone()));
    }

    /// Shows what a step of a lesson needs: all classes in their colours at the newest moment, and what its file names.
    pub fn begin_lesson_step(&self, shows: &[Extra]) {
        let (state, has) = (self.state, |extra| shows.contains(&extra));
        if state.looked_at.get_untracked().is_some() {
            self.look_back(None);
        }
        state.isolated.set(None);
        state.exploration.shows_errors.set(has(Extra::Errors));
        state.exploration.shows_contours.set(has(Extra::Contours));
        if has(Extra::Prior) {
            state.shows_prior.set(true);
        }
        if has(Extra::Manifold) {
            self.show_map(true);
        }
    }

    /// Opens the run that one had before lessons, or leaves it among the earlier ones.
    pub fn leave_lesson(&self, returns: bool) {
        self.act(Action::LeaveLesson { returns });
    }

    /// The lesson is closed. What the page shows stays.
    pub fn end_lesson(&self) {
        let state = self.state;
        state.lesson.set(None);
        // Undo may have gone back to the run before.
        let is_own = self.had_run.get_value() && state.before_lesson.get_untracked().is_none();
        self.lesson_run.set_value(if is_own { 0 } else { state.run.get_untracked() });
    }
}
