//! Starts and supervises the workers: passes what happens to the controller, and executes what that decides.

mod comparison; // the pinned run
mod downloads; // files that the person saves
mod effects; // what the controller has the page do
mod exploration; // what the person explores beyond the point
mod lesson; // what a lesson has the page show
mod past; // earlier moments of the run
mod path; // the path through codes, and what moves the point
mod plane; // what is to be seen on the latent plane
mod requests; // what the person can do
mod sources; // what happens without the person
mod workers; // handles of the workers

use self::{lesson::Scene, past::Waiting, workers::Workers};
use super::{memory, release, state::State};
use latent_controller::{Controller, Environment, Event, RunView};
use latent_core::{link::Link, plane::Grid};
use leptos::prelude::*;
use std::collections::VecDeque;

/// The key under which the results of the engine benchmark are remembered.
const BENCHMARKS: &str = "benchmarks";

/// What the page's buttons do. Copy; every view takes it from the context.
#[derive(Clone, Copy)]
pub struct Supervisor {
    state: State,
    controller: StoredValue<Controller, LocalStorage>,
    /// Events that happened while another was handled.
    waiting: StoredValue<VecDeque<Event>>,
    is_handling: StoredValue<bool>,
    workers: StoredValue<Workers, LocalStorage>,
    /// The grid that the explorer decodes.
    mapped: StoredValue<Option<Grid>>,
    /// The run whose network is shown, if it is not the pretrained one.
    shown_run: StoredValue<Option<u32>>,
    /// Another run's codes come next: what is in sight belongs to others.
    fits_anew: StoredValue<bool>,
    /// The person has chosen numbers of the code that the plane does not show.
    holds_others: StoredValue<bool>,
    /// What the page showed before the first of the lessons.
    scene: StoredValue<Option<Scene>, LocalStorage>,
    /// Whether the first of the lessons has taken the place of a run.
    had_run: StoredValue<bool>,
    /// The run of a lesson that was closed last. 0: there is none, or it gave way to a run of one's own.
    lesson_run: StoredValue<u32>,
    /// Who waits for the codes of a moment.
    recalled: StoredValue<Option<Waiting>, LocalStorage>,
}

impl Supervisor {
    /// Starts the explorer, looks at the GPU, and looks for a run that an earlier visit has saved.
    pub fn new(state: State, link: &Link, notices: Vec<String>) -> Self {
        let navigator = window().navigator();
        let environment = Environment {
            user_agent: navigator.user_agent().unwrap_or_default(),
            cores: navigator.hardware_concurrency() as usize,
            query: window().location().search().unwrap_or_default(),
            release: release::id(),
            benchmarks: memory::recall(BENCHMARKS).unwrap_or_default(),
            is_hidden: document().hidden(),
            own_sets: state.own_images.with_untracked(|sets| sets.iter().map(|images| images.set).collect()),
        };
        let (controller, effects) = Controller::new(link, notices, environment);
        let supervisor = Self {
            state,
            controller: StoredValue::new_local(controller),
            waiting: StoredValue::new(VecDeque::new()),
            is_handling: StoredValue::new(false),
            workers: StoredValue::new_local(Workers::default()),
            mapped: StoredValue::new(None),
            shown_run: StoredValue::new(None),
            fits_anew: StoredValue::new(false),
            holds_others: StoredValue::new(state.is_point_held.get_untracked()),
            scene: StoredValue::new_local(None),
            had_run: StoredValue::new(false),
            lesson_run: StoredValue::new(0),
            recalled: StoredValue::new_local(None),
        };
        supervisor.watch();
        supervisor.show_run();
        effects.into_iter().for_each(|effect| supervisor.execute(effect));
        supervisor.show_linked_plane();
        supervisor.follow_exploration();
        supervisor.follow_path();
        supervisor.follow_comparison();
        supervisor.follow_moments();
        supervisor
    }

    /// Has the controller take an event, and executes what it decides.
    fn handle(&self, event: Event) {
        self.waiting.update_value(|waiting| waiting.push_back(event));
        if self.is_handling.get_value() {
            // An effect caused it: it is taken after the others.
            return;
        }
        self.is_handling.set_value(true);
        while let Some(event) = self.waiting.try_update_value(VecDeque::pop_front).flatten() {
            let effects = self.controller.try_update_value(|controller| controller.handle(event, now_ms()));
            self.show_run();
            effects.into_iter().flatten().for_each(|effect| self.execute(effect));
        }
        self.is_handling.set_value(false);
    }

    /// Shows the run as the controller has it. Signals that do not change wake nobody.
    fn show_run(&self) {
        let state = self.state;
        self.controller.with_value(|controller| {
            let RunView {
                settings,
                run_settings,
                engine_choice,
                engine,
                phase,
                steps,
                checkpoint_steps,
                saved_steps,
                resumable,
                loss,
                validation_loss,
                steps_per_second,
                download,
                engine_bytes,
                release_waits,
                is_pretrained,
                moments,
                looked_at,
                linked,
                offered,
                replay,
                replays_to,
                is_from_seed,
                earlier_runs,
                undo_to,
                before_lesson,
                pinned,
                run,
                notices,
            } = controller.view();
            show(state.settings, settings);
            show(state.run_settings, run_settings);
            show(state.engine_choice, engine_choice);
            show(state.engine, engine);
            show(state.phase, phase);
            show(state.steps, steps);
            show(state.checkpoint_steps, checkpoint_steps);
            show(state.saved_steps, saved_steps);
            show(state.resumable, resumable);
            show(state.loss, loss);
            show(state.validation_loss, validation_loss);
            show(state.steps_per_second, steps_per_second);
            show(state.download, download);
            show(state.engine_bytes, engine_bytes);
            show(state.release_waits, release_waits);
            show(state.is_pretrained, is_pretrained);
            show(state.moments, moments);
            show(state.looked_at, looked_at);
            show(state.linked, linked);
            show(state.offered, offered);
            show(state.replay, replay);
            show(state.replays_to, replays_to);
            show(state.is_from_seed, is_from_seed);
            show(state.earlier_runs, earlier_runs);
            show(state.undo_to, undo_to);
            show(state.before_lesson, before_lesson);
            show(state.comparison.pinned, pinned);
            show(state.run, run);
            show(state.notices, notices);
        });
    }
}

fn show<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) {
    if signal.with_untracked(|shown| shown != value) {
        signal.set(value.clone());
    }
}

/// Milliseconds since 1970, by a clock that never runs backwards.
fn now_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.time_origin() + clock.now())
}
