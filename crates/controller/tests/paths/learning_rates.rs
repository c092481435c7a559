//! Learning rates that change on the way: each is recorded with the step from which it holds, and goes where the run goes.
//! [`Page::handle`] checks after each event that the settings lead to the losses again.

use crate::{
    fake_trainer::{Goal, checkpoint},
    page::{Page, SMALL},
};
use latent_controller::{Action, Effect, Event, SavedRecord, SavedRun, engine_selection::Adapter};
use latent_core::{
    engine::Engine,
    link::Link,
    settings::{Field, LearningRates},
    training::checkpoint::Checkpoint,
};
use latent_protocol::{Phase, TrainerEvent};

const LONG: &str = "hidden=2&code=2&batch=2&images=8&epochs=1000&seed=3";

fn edit(rates: &str) -> Action {
    Action::Edit(Field::LearningRate, rates.into())
}

fn training(fragment: &str) -> Page {
    let mut page = Page::on(fragment, Adapter::None);
    page.act(Action::Train);
    page
}

fn rates(page: &Page) -> String {
    page.view().run_settings.get(Field::LearningRate)
}

/// The losses of a fresh page that trains the link of this one to its end.
fn replayed(page: &Page) -> Vec<f32> {
    let link = Link { settings: page.view().settings.clone(), ..Link::default() };
    let mut other = training(&link.to_fragment());
    other.settle();
    assert_eq!(other.view().phase, Phase::Finished);
    other.history.losses().to_vec()
}

#[test]
fn a_run_whose_rate_was_changed_at_rest_replays_from_its_link() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.settle();
    let steps = page.view().steps;
    for rates in ["0.25", "0.125"] {
        page.act(edit(rates));
    }
    page.act(Action::Train);
    page.settle();
    assert_eq!(rates(&page), format!("0.0005,0.125@{steps}"));
    assert_eq!(page.history.losses(), replayed(&page));
}

#[test]
fn a_change_while_steps_are_in_flight_is_recorded_where_the_trainer_took_it() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    let shown = page.view().steps;
    page.act(edit("0.25"));
    let adjust = page.commands(trainer);
    // Two steps are trained before the command arrives.
    for _ in 0..2 {
        page.worker(trainer).trainer.turn();
    }
    page.worker(trainer).trainer.inbox.extend(adjust);
    page.settle();
    assert_eq!(rates(&page), format!("0.0005,0.25@{}", shown + 2));
    assert_eq!(page.history.losses(), replayed(&page));
}

#[test]
fn two_changes_in_a_row_are_recorded_where_the_trainer_took_each() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    let shown = page.view().steps;
    for rates in ["0.25", "0.125"] {
        page.act(edit(rates));
        page.worker(trainer).trainer.turn();
    }
    page.settle();
    assert_eq!(rates(&page), format!("0.0005,0.25@{shown},0.125@{}", shown + 1));
    assert_eq!(page.history.losses(), replayed(&page));
}

#[test]
fn a_planned_change_takes_place_at_its_step_and_a_number_replaces_what_was_planned() {
    let mut page = training(&format!("{SMALL}&lr=0.5,0.25@2,0.125@7"));
    let trainer = page.trainer(Engine::Cpu);
    while page.view().steps < 4 {
        page.turn(trainer);
    }
    page.act(edit("1"));
    page.settle();
    assert_eq!(rates(&page), "0.5,0.25@2,1@4");
    assert_eq!(page.history.losses(), [0.5, 0.5, 0.25, 0.25, 1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn a_change_that_dies_with_the_trainer_holds_from_the_step_at_which_it_was_made() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 2);
    page.act(Action::Pause);
    page.settle();
    page.act(Action::Train);
    page.turns(trainer, 2);
    let steps = page.view().steps;
    assert!(page.view().checkpoint_steps < Some(steps));
    page.act(edit("0.25"));
    page.die(trainer, "it fell over");
    page.settle();
    assert_eq!(rates(&page), format!("0.0005,0.25@{steps}"));
    assert_eq!(page.history.losses(), replayed(&page));
}

#[test]
fn steps_that_are_trained_again_after_a_crash_have_their_losses_again() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 2);
    page.act(edit("0.25"));
    page.turns(trainer, 3);
    let before = (rates(&page), page.history.losses().to_vec());
    page.die(trainer, "it fell over");
    page.settle();
    assert_eq!((rates(&page), page.history.losses()[..before.1.len()].to_vec()), before);
}

#[test]
fn a_rate_that_is_changed_after_the_loss_exploded_holds_from_the_checkpoint_on() {
    let mut page = training(LONG);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.settle();
    let steps = page.view().checkpoint_steps.unwrap();
    page.act(edit("10"));
    page.act(Action::Train);
    page.turns(trainer, 2);
    page.worker(trainer).trainer.goal = Goal::Nothing;
    page.report(trainer, TrainerEvent::Failed { run: 1, message: "the loss has grown".into() });
    assert_eq!(page.view().steps, steps);
    page.act(edit("0.0001"));
    page.act(Action::Train);
    page.turns(trainer, 3);
    assert_eq!(rates(&page), format!("0.0005,0.0001@{steps}"));
    assert_eq!(page.history.losses().last(), Some(&0.0001));
}

fn offered(page: &mut Page) -> Checkpoint {
    let file = page.take_log().into_iter().rev().find_map(|effect| match effect {
        Effect::OfferModel(file) => Some(file),
        _ => None,
    });
    Checkpoint::parse(&file.unwrap()).unwrap()
}

#[test]
fn a_saved_model_has_the_rates_whether_a_trainer_writes_it_or_the_page() {
    let mut page = training(LONG);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.settle();
    let expected = format!("0.0005,0.25@{}", page.view().steps);
    page.act(edit("0.25"));
    page.act(Action::SaveModel);
    page.settle();
    assert_eq!(offered(&mut page).settings.get(Field::LearningRate), expected);
    page.die(trainer, "it fell over");
    page.act(Action::SaveModel);
    assert_eq!(offered(&mut page).settings.get(Field::LearningRate), expected);
}

#[test]
fn an_opened_model_and_a_saved_run_bring_their_rates() {
    let settings = Link::parse(&format!("{SMALL}&lr=0.5,0.25@2,0.125@6")).0.settings;
    let file = checkpoint(&settings, 4).to_bytes().unwrap();
    let mut opened = Page::on("", Adapter::None);
    opened.act(Action::OpenModel("a.safetensors".into(), file.clone()));
    opened.act(Action::Train);
    let mut resumed = Page::on("", Adapter::None);
    let record = SavedRecord { epoch: 1, engine: "cpu".into() };
    resumed.handle(Event::CheckpointLoaded(Some(SavedRun { record, file: file.into() })));
    resumed.act(Action::Resume);
    for mut page in [opened, resumed] {
        page.settle();
        assert_eq!(rates(&page), "0.5,0.25@2,0.125@6");
        assert_eq!(page.history.losses(), [0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125]);
    }
}

#[test]
fn a_rate_that_is_entered_once_the_run_has_ended_is_for_the_next_run_or_for_more_epochs() {
    let mut page = training(SMALL);
    page.settle();
    let steps = page.view().steps;
    let form = |page: &Page| page.view().settings.get(Field::LearningRate);
    page.act(edit("0.25"));
    assert_eq!((form(&page), rates(&page)), ("0.25".into(), "0.0005".into()));
    // Given up, it is for no run at all.
    page.act(Action::RevertEdits);
    page.act(Action::Reset);
    assert_eq!(rates(&page), "0.0005");
    page.act(Action::Train);
    page.settle();
    page.act(edit("0.25"));
    page.act(Action::Extend(1));
    page.settle();
    assert_eq!((form(&page), rates(&page)), (format!("0.0005,0.25@{steps}"), format!("0.0005,0.25@{steps}")));
    assert_eq!(page.history.losses().last(), Some(&0.25));
    page.act(edit("0.125"));
    page.act(Action::Reset);
    assert_eq!(rates(&page), "0.125");
}

#[test]
fn more_epochs_of_a_run_do_not_have_the_rate_of_another_network() {
    let mut page = training(SMALL);
    page.settle();
    page.act(Action::Edit(Field::Code, "1".into()));
    page.act(edit("0.25"));
    page.act(Action::Extend(1));
    page.settle();
    assert_eq!(rates(&page), "0.0005");
    page.act(Action::Reset);
    assert_eq!(rates(&page), "0.25");
}

#[test]
fn fewer_epochs_than_have_begun_are_for_the_next_run() {
    let epochs = |page: &Page| (page.view().settings.epochs, page.view().run_settings.epochs);
    let mut page = training(LONG);
    let trainer = page.trainer(Engine::Cpu);
    while page.view().steps <= 4 {
        page.turn(trainer);
    }
    page.act(Action::Edit(Field::Epochs, "1".into()));
    assert_eq!(epochs(&page), (1, 1000));
    page.turns(trainer, 3);
    assert!(page.view().phase.is_active() && page.view().steps > 5);
    page.act(edit("0.25"));
    assert_eq!(epochs(&page), (1, 1000));
    page.act(Action::Edit(Field::Epochs, "5".into()));
    page.settle();
    assert_eq!((epochs(&page), page.view().phase, page.view().steps), ((5, 5), Phase::Finished, 20));
    page.act(Action::Edit(Field::Epochs, "4".into()));
    assert_eq!((epochs(&page), page.view().phase), ((4, 5), Phase::Finished));
    page.act(Action::Reset);
    assert_eq!(epochs(&page), (4, 4));
}

#[test]
fn a_new_run_has_the_rate_that_was_entered_last_from_its_beginning_and_the_record_has_what_held() {
    let mut page = training(SMALL);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(edit("0.25"));
    page.settle();
    let before = rates(&page);
    // No step of this run is trained with it.
    page.act(edit("0.0625"));
    page.act(Action::Reset);
    let archived = page.log.iter().find_map(|effect| match effect {
        Effect::ArchiveRun(_, settings, ..) => Some(settings.get(Field::LearningRate)),
        _ => None,
    });
    assert_eq!((archived, rates(&page)), (Some(before), "0.0625".into()));
    page.act(Action::Train);
    page.settle();
    assert!(page.history.losses().iter().all(|&loss| loss == 0.0625));
    page.act(Action::Reset);
    page.act(edit("0.125"));
    assert_eq!(page.view().run_settings.learning_rates, LearningRates::from(0.125));
}

#[test]
fn a_change_beyond_the_last_that_is_recorded_is_refused_with_a_sentence() {
    let many: String =
        (1..=100).map(|steps| format!(",{}@{steps}", if steps % 2 == 0 { 0.5 } else { 0.25 })).collect();
    let settings = Link::parse(&format!("{LONG}&lr=0.5{many}")).0.settings;
    let mut page = Page::on("", Adapter::None);
    let file = checkpoint(&settings, 200).to_bytes().unwrap();
    page.act(Action::OpenModel("a.safetensors".into(), file));
    page.act(edit("0.125"));
    assert_eq!(page.notices(), "lr: a run can change its learning rate at most 100 times.");
    assert_eq!(page.view().settings.learning_rates, settings.learning_rates);
}

#[test]
fn rates_that_change_as_planned_change_again_in_a_new_run() {
    let plan = "0.5,0.25@2,0.125@6";
    let mut page = training(&format!("{SMALL}&lr={plan}"));
    page.settle();
    page.act(Action::Reset);
    assert_eq!(rates(&page), plan);
    page.act(Action::Train);
    page.settle();
    page.act(edit(plan));
    page.act(Action::Reset);
    assert_eq!(rates(&page), plan);
}
