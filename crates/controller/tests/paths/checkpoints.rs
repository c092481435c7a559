//! Checkpoints that the browser saves, and runs that go on after a reload.

use crate::{
    fake_trainer::checkpoint,
    page::{Page, SMALL},
};
use latent_controller::{Action, Effect, Event, NotSaved, SavedRecord, SavedRun, engine_selection::Adapter};
use latent_core::{engine::EngineChoice, link::Link, settings::Field};
use latent_protocol::Phase;

fn saved(steps: u64) -> SavedRun {
    let settings = Link::parse(&format!("{SMALL}&epochs=5")).0.settings;
    let file = checkpoint(&settings, steps).to_bytes().unwrap().into();
    SavedRun { record: SavedRecord { epoch: 3, engine: "cpu".into() }, file }
}

fn offered(steps: u64) -> Page {
    let mut page = Page::on("seed=1", Adapter::None);
    page.handle(Event::CheckpointLoaded(Some(saved(steps))));
    assert_eq!(page.view().resumable.map(|offer| offer.epoch), Some(3));
    page
}

#[test]
fn a_saved_run_is_looked_for_at_once() {
    assert!(Page::opened("").log.contains(&Effect::LoadCheckpoint));
}

#[test]
fn a_saved_run_goes_on_with_its_own_settings_and_engine() {
    let mut page = offered(9);
    page.act(Action::Resume);
    assert_eq!((page.view().steps, page.view().phase), (9, Phase::Loading));
    assert_eq!((page.view().settings.seed, page.view().engine_choice), (3, EngineChoice::Cpu));
    assert_eq!(page.view().resumable, None);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (20, Phase::Finished));
}

#[test]
fn a_finished_run_is_shown_as_it_was_and_can_be_extended() {
    let mut page = offered(20);
    page.act(Action::Resume);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (20, Phase::Idle));
    page.act(Action::Extend(10));
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (60, Phase::Finished));
}

#[test]
fn an_offer_ends_with_an_answer_or_a_request_and_not_with_a_setting() {
    let mut page = offered(9);
    page.act(Action::Edit(Field::Seed, "8".into()));
    assert!(page.view().resumable.is_some());
    page.act(Action::DeclineResume);
    assert_eq!(page.view().resumable, None);
    let mut page = offered(9);
    page.act(Action::Step);
    assert_eq!(page.view().resumable, None);
}

#[test]
fn nothing_is_offered_once_something_is_trained_or_opened() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Train);
    page.handle(Event::CheckpointLoaded(Some(saved(9))));
    assert_eq!(page.view().resumable, None);
}

#[test]
fn a_saved_run_that_cannot_be_read_is_told_of() {
    let mut page = Page::on(SMALL, Adapter::None);
    let record = SavedRecord { epoch: 1, engine: "cpu".into() };
    page.handle(Event::CheckpointLoaded(Some(SavedRun { record, file: b"nonsense".to_vec().into() })));
    page.act(Action::Resume);
    assert!(page.notices().starts_with("The saved run could not be restored: "), "{}", page.notices());
    assert_eq!(page.view().phase, Phase::Idle);
}

/// The steps of the checkpoints that the browser was given since the last call.
fn given(page: &mut Page) -> Vec<u64> {
    let steps = page.take_log().into_iter().filter_map(|effect| match effect {
        Effect::SaveCheckpoint(steps, ..) => Some(steps),
        _ => None,
    });
    steps.collect()
}

fn step(page: &mut Page) {
    page.act(Action::Step);
    page.settle();
}

#[test]
fn of_checkpoints_that_come_while_one_is_written_the_newest_is_written_next() {
    let mut page = Page::on(SMALL, Adapter::None);
    step(&mut page);
    assert_eq!(given(&mut page), [1]);
    step(&mut page);
    step(&mut page);
    assert!(given(&mut page).is_empty());
    page.handle(Event::CheckpointSaved(1, Ok(())));
    assert_eq!(page.view().saved_steps, Some(1));
    assert_eq!(given(&mut page), [3]);
    page.handle(Event::CheckpointSaved(3, Ok(())));
    assert_eq!((page.view().saved_steps, given(&mut page)), (Some(3), vec![]));
}

#[test]
fn a_checkpoint_that_was_written_for_the_run_before_does_not_count_for_this_one() {
    let mut page = Page::on(SMALL, Adapter::None);
    step(&mut page);
    page.act(Action::Reset);
    page.handle(Event::CheckpointSaved(1, Ok(())));
    assert_eq!(page.view().saved_steps, None);
    given(&mut page);
    step(&mut page);
    assert_eq!(given(&mut page), [1]);
}

#[test]
fn a_run_that_was_opened_again_is_what_a_reload_brings_back() {
    let mut page = Page::on(SMALL, Adapter::None);
    for steps in [1, 2] {
        step(&mut page);
        page.handle(Event::CheckpointSaved(steps, Ok(())));
    }
    page.act(Action::Reset);
    step(&mut page);
    assert_eq!(given(&mut page), [1, 2, 1]);
    page.handle(Event::CheckpointSaved(1, Ok(())));
    page.act(Action::Undo);
    page.settle();
    assert_eq!(given(&mut page), [2]);
}

#[test]
fn a_browser_that_does_not_save_is_told_of_once() {
    let mut page = Page::on(SMALL, Adapter::None);
    step(&mut page);
    page.handle(Event::CheckpointSaved(1, Err(NotSaved::Refused("its storage is full".into()))));
    assert!(page.notices().contains("does not keep this training over a reload (its storage is full)"));
    page.act(Action::Dismiss(0));
    step(&mut page);
    page.handle(Event::CheckpointSaved(2, Err(NotSaved::OtherTab)));
    assert_eq!(page.notices(), "");
    step(&mut page);
    assert_eq!(page.view().steps, 3);
}

#[test]
fn a_browser_that_never_answers_is_given_the_next_checkpoint_all_the_same() {
    let mut page = Page::on(SMALL, Adapter::None);
    step(&mut page);
    given(&mut page);
    page.ticks(60);
    step(&mut page);
    assert_eq!(given(&mut page), [2]);
}
