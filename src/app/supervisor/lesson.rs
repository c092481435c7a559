//! What a lesson has the page show.

use super::Supervisor;
use latent_core::{
    lesson::{Extra, Lesson},
    link::Link,
};
use leptos::prelude::*;

impl Supervisor {
    /// Sets the scene of a lesson. What it replaces comes back by Undo.
    pub fn begin_lesson(&self, lesson: &Lesson) {
        let state = self.state;
        let had_run = state.steps.get_untracked() > 0;
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
        if had_run {
            self.answer("Your run is kept: Undo goes back to it.");
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

    /// The lesson is closed. What the page shows stays.
    pub fn end_lesson(&self) {
        self.state.lesson.set(None);
    }
}
