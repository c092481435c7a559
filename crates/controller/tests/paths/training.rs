//! Starting, pausing, stepping, finishing and extending a run.

use crate::{
    fake_trainer::Goal,
    page::{GPU, Page, SMALL},
};
use latent_controller::{Action, Effect, Event, HistoryChange, engine_selection::Adapter};
use latent_core::{
    engine::{Engine, EngineChoice},
    settings::Field,
};
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};

fn training(fragment: &str) -> Page {
    let mut page = Page::on(fragment, Adapter::None);
    page.act(Action::Train);
    page
}

fn edit(field: Field, text: &str) -> Action {
    Action::Edit(field, text.into())
}

#[test]
fn a_run_trains_to_its_end() {
    let mut page = training(SMALL);
    assert_eq!(page.view().phase, Phase::Loading);
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 8));
    assert_eq!(page.view().checkpoint_steps, Some(8));
    assert!(!page.controller.is_training_requested());
}

#[test]
fn a_request_before_the_adapter_is_known_waits_for_it() {
    let mut page = Page::opened(SMALL);
    page.act(Action::Train);
    assert!(!page.has_trainer(Engine::Cpu));
    page.handle(Event::Adapter(Adapter::NoWebGpu));
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
}

#[test]
fn a_pause_before_the_adapter_is_known_takes_the_request_back() {
    let mut page = Page::opened(SMALL);
    page.act(Action::Train);
    page.act(Action::Pause);
    assert_eq!(page.view().phase, Phase::Idle);
    page.handle(Event::Adapter(GPU));
    assert!(!page.has_trainer(Engine::Cpu));
}

#[test]
fn a_browser_that_never_tells_of_its_adapter_trains_on_the_cpu() {
    let mut page = Page::opened(SMALL);
    page.act(Action::Train);
    page.ticks(10);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
}

#[test]
fn a_paused_run_goes_on() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.settle();
    let steps = page.view().steps;
    assert!(page.view().phase == Phase::Paused && (1..8).contains(&steps));
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 8));
}

#[test]
fn train_right_after_pause_outlives_the_pause_that_arrives_late() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.act(Action::Train);
    page.report(trainer, TrainerEvent::Entered(1, Phase::Paused));
    assert!(page.controller.is_training_requested());
    page.die(trainer, "it fell over");
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 8));
}

#[test]
fn a_pause_that_reaches_the_trainer_together_with_the_request_stops_it() {
    let mut page = training(SMALL);
    page.act(Action::Pause);
    page.settle();
    let trainer = page.trainer(Engine::Cpu);
    assert_eq!(page.goal(trainer), Goal::Nothing);
    assert_eq!((page.view().phase, page.view().steps), (Phase::Paused, 0));
}

#[test]
fn a_step_trains_one_step_and_pauses() {
    let mut page = Page::on(SMALL, Adapter::None);
    for steps in 1..=2 {
        page.act(Action::Step);
        page.settle();
        assert_eq!((page.view().phase, page.view().steps), (Phase::Paused, steps));
        assert!(!page.controller.is_training_requested());
    }
}

#[test]
fn a_step_while_training_ends_with_its_own_pause_and_not_an_earlier_one() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 2);
    page.act(Action::Pause);
    page.act(Action::Step);
    page.report(trainer, TrainerEvent::Entered(1, Phase::Paused));
    assert!(page.controller.is_training_requested());
}

#[test]
fn epochs_added_after_the_end_are_trained_and_a_crash_among_them_is_recovered_from() {
    let mut page = training(SMALL);
    page.settle();
    page.act(Action::Extend(10));
    let trainer = page.trainer(Engine::Cpu);
    // `Adjust` is answered by a pause before the new epochs begin.
    page.turns(trainer, 3);
    assert!(page.controller.is_training_requested() && page.view().steps > 8);
    page.die(trainer, "it fell over");
    assert!(page.has_trainer(Engine::Cpu));
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 48));
}

#[test]
fn after_epochs_are_added_the_gpu_is_tried() {
    let mut page = Page::on(SMALL, GPU);
    page.act(Action::Train);
    // The run is too short to try the GPU in.
    let trainer = page.trainer(Engine::Cpu);
    while page.view().phase != Phase::Finished {
        page.turn(trainer);
    }
    page.act(Action::Extend(10));
    page.turns(trainer, 3);
    assert!(page.has_trainer(Engine::WebGpu));
}

#[test]
fn epochs_added_while_the_last_one_ends_are_trained() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    while page.worker(trainer).trainer.phase != Phase::Finished {
        page.worker(trainer).trainer.turn();
    }
    // The trainer is done, and the page doesn't know it yet.
    page.act(Action::Extend(1));
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 12));
}

#[test]
fn a_finished_run_stays_finished_when_its_learning_rate_changes() {
    let mut page = training(SMALL);
    page.settle();
    page.act(edit(Field::LearningRate, "0.25"));
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
}

#[test]
fn more_epochs_than_a_run_may_have_are_refused_with_a_sentence() {
    let mut page = Page::on("epochs=995", Adapter::None);
    page.act(Action::Extend(10));
    assert!(
        page.notices().starts_with("No more epochs: epochs: “1005” is not a whole number"),
        "{}",
        page.notices()
    );
}

#[test]
fn reset_begins_anew_with_the_forms_settings_and_archives_the_run() {
    let mut page = training(SMALL);
    page.settle();
    page.act(edit(Field::Seed, "9"));
    assert_eq!((page.view().settings.seed, page.view().run_settings.seed), (9, 3));
    page.take_log();
    page.act(Action::Reset);
    assert_eq!((page.view().phase, page.view().steps, page.view().run_settings.seed), (Phase::Idle, 0, 9));
    let log = page.take_log();
    let archived = log.iter().position(|effect| matches!(effect, Effect::ArchiveRun(..)));
    let replaced =
        log.iter().position(|effect| matches!(effect, Effect::History(HistoryChange::Replaced(_))));
    assert!(archived.is_some() && archived < replaced);
    page.settle();
    assert_eq!(page.view().phase, Phase::Idle);
}

#[test]
fn reports_of_the_run_before_change_nothing() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Reset);
    page.report(
        trainer,
        TrainerEvent::Trained { run: 1, steps_before: 3, losses: vec![0.5].into(), learning_rate: 0.5 },
    );
    page.report(trainer, TrainerEvent::Entered(1, Phase::Training));
    assert_eq!((page.view().steps, page.view().phase), (0, Phase::Idle));
}

#[test]
fn learning_rate_and_epochs_take_effect_while_the_run_goes_on() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 2);
    page.act(edit(Field::LearningRate, "0.25"));
    let steps = page.view().steps;
    let learning_rates = page.view().run_settings.learning_rates.clone();
    assert_eq!(learning_rates.to_string(), format!("0.0005,0.25@{steps}"));
    assert_eq!(page.commands(trainer), [TrainerCommand::Adjust { learning_rates, epochs: 2 }]);
}

#[test]
fn other_settings_begin_anew_at_once_only_while_nothing_is_trained() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(edit(Field::Seed, "5"));
    assert_eq!(page.view().run_settings.seed, 5);
    page.act(Action::Step);
    page.settle();
    page.act(edit(Field::Seed, "6"));
    assert_eq!(page.view().run_settings.seed, 5);
    page.act(Action::RevertEdits);
    assert_eq!(page.view().settings.seed, 5);
}

#[test]
fn an_engine_is_chosen_at_once_only_while_nothing_is_trained() {
    let engine = |page: &Page| page.view().engine.as_ref().map(|in_use| in_use.engine);
    let mut page = Page::on(SMALL, GPU);
    page.act(Action::ChooseEngine(EngineChoice::WebGpu));
    assert_eq!(engine(&page), Some(Engine::WebGpu));
    page.act(Action::Step);
    page.settle();
    page.act(Action::ChooseEngine(EngineChoice::Cpu));
    assert_eq!(engine(&page), Some(Engine::WebGpu));
    page.act(Action::Reset);
    assert_eq!(engine(&page), Some(Engine::Cpu));
    assert!(!page.has_trainer(Engine::WebGpu));
}

#[test]
fn whether_anybody_looks_on_is_told_to_each_trainer() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    assert!(page.commands(trainer).contains(&TrainerCommand::Watched(true)));
    page.handle(Event::Hidden(true));
    assert_eq!(page.commands(trainer), [TrainerCommand::Checkpoint, TrainerCommand::Watched(false)]);
    page.die(trainer, "it fell over");
    let next = page.trainer(Engine::Cpu);
    assert!(page.commands(next).contains(&TrainerCommand::Watched(false)));
}
