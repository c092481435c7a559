//! What a lesson has the page show.

use super::Supervisor;
use crate::{
    app::{
        exploration::Exploration,
        state::{Image, State},
    },
    display::class_colours::ClassColours,
};
use latent_controller::Action;
use latent_core::{
    drawing::Stroke,
    lesson::{Extra, Lesson},
    link::{Link, View},
    plane::Range,
};
use leptos::prelude::*;

/// What the page showed before a lesson, beside the run.
pub(super) struct Scene {
    /// The number of the run.
    run: u32,
    view: View,
    /// The point's code, also where nobody holds it.
    code: Vec<f32>,
    /// The part of the plane that the person has chosen.
    shown: Option<Range>,
    isolated: Option<u8>,
    colours: ClassColours,
    errors: bool,
    contours: bool,
    strokes: Vec<Stroke>,
    drawing: Option<Image>,
}

impl Scene {
    fn of(state: State) -> Self {
        let Exploration { shows_errors, shows_contours, strokes, drawing, .. } = state.exploration;
        Self {
            run: state.run.get(),
            view: state.link().view,
            code: state.code.get(),
            shown: state.is_framed.get().then(|| state.range.get()),
            isolated: state.isolated.get(),
            colours: state.colours.get(),
            errors: shows_errors.get(),
            contours: shows_contours.get(),
            strokes: strokes.get(),
            drawing: drawing.get(),
        }
    }
}

impl Supervisor {
    /// Sets the scene of a lesson. The run that it replaces is kept until the person has come back from lessons.
    pub fn begin_lesson(&self, lesson: &Lesson) {
        let state = self.state;
        let had_run = state.steps.get_untracked() > 0;
        let is_first = self.is_first_lesson();
        if is_first {
            self.act(Action::LeaveLesson { returns: false });
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

    /// Whether a lesson that begins now takes the place of a run of one's own, and not of another lesson's.
    fn is_first_lesson(&self) -> bool {
        self.state.lesson.with_untracked(Option::is_none)
            && self.lesson_run.get_value() != self.state.run.get_untracked()
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

    /// Notes what the page shows, unless another lesson has taken the run's place. Tells whether it has noted that.
    ///
    /// This and what shows it again are of the second part of the program.
    pub fn note_scene(&self) -> bool {
        let is_first = self.is_first_lesson();
        if is_first {
            self.scene.set_value(Some(untrack(|| Scene::of(self.state))));
        }
        is_first
    }

    /// Opens the run that one had before lessons, as it was seen then. Tells whether the page knows how that was.
    pub fn return_from_lesson(&self) -> bool {
        self.act(Action::LeaveLesson { returns: true });
        let run = self.state.run.get_untracked();
        let scene = self.scene.try_update_value(Option::take).flatten().filter(|scene| scene.run == run);
        let is_known = scene.is_some();
        scene.into_iter().for_each(|scene| self.show_scene(scene));
        is_known
    }

    /// Leaves the run that one had before lessons among the earlier ones.
    pub fn leave_lesson(&self) {
        self.act(Action::LeaveLesson { returns: false });
    }

    fn show_scene(&self, scene: Scene) {
        let Scene { view, code, shown, isolated, colours, errors, contours, strokes, drawing, .. } = scene;
        let exploration = self.state.exploration;
        self.show_view(&view);
        self.state.isolated.set(isolated);
        self.state.colours.set(colours);
        exploration.shows_errors.set(errors);
        exploration.shows_contours.set(contours);
        exploration.strokes.set(strokes);
        self.draw(drawing);
        match shown {
            Some(range) => self.look(range),
            // The point may have been out of sight on the plane of the lesson.
            None => self.state.is_framed.set(false),
        }
        self.state.is_point_held.set(view.code.is_some());
        self.move_to(code);
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
