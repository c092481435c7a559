//! Workers that could not be loaded, and releases that differ.

use crate::page::{Page, SMALL};
use latent_controller::{
    Action, Effect, Event, WorkerEvent, WorkerFailure, WorkerId, engine_selection::Adapter,
};
use latent_core::engine::Engine;
use latent_protocol::Phase;

fn missing() -> WorkerFailure {
    WorkerFailure::Missing("it could not be loaded".into())
}

fn fail(page: &mut Page, worker: WorkerId, failure: WorkerFailure) {
    page.handle(Event::Worker(worker, WorkerEvent::Failed(failure)));
}

/// A page that was asked to train, and whose trainer can't be loaded.
fn without_trainer(steps: u64) -> (Page, WorkerId) {
    let mut page = Page::on(SMALL, Adapter::None);
    for _ in 0..steps {
        page.act(Action::Step);
        page.settle();
    }
    if steps > 0 {
        page.die(page.trainer(Engine::Cpu), "it fell over");
    }
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    fail(&mut page, trainer, missing());
    assert!(page.log.contains(&Effect::CheckServer(trainer)));
    (page, trainer)
}

#[test]
fn a_trainer_that_cannot_be_loaded_fails_when_the_server_has_no_other_release() {
    let (mut page, trainer) = without_trainer(0);
    page.handle(Event::ServerChecked(trainer, false));
    assert_eq!(page.view().phase, Phase::Failed);
    assert_eq!(page.notices(), "The cpu engine stopped: it could not be loaded.");
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
}

#[test]
fn the_page_reloads_once_for_another_release_while_nothing_is_trained() {
    let (mut page, trainer) = without_trainer(0);
    page.handle(Event::ServerChecked(trainer, true));
    assert!(page.log.contains(&Effect::ReloadOnce(trainer)));
    page.handle(Event::ReloadRefused(trainer));
    assert!(page.notices().contains("even after a reload"), "{}", page.notices());
}

#[test]
fn what_is_trained_is_not_given_up_for_another_release() {
    let (mut page, trainer) = without_trainer(2);
    page.handle(Event::ServerChecked(trainer, true));
    assert!(!page.log.contains(&Effect::ReloadOnce(trainer)));
    assert!(page.notices().contains("save the model if you want to keep it, then reload the page"));
    assert_eq!((page.view().steps, page.view().phase), (2, Phase::Failed));
}

#[test]
fn a_server_that_never_answers_is_not_waited_for() {
    let (mut page, _) = without_trainer(0);
    page.ticks(30);
    assert_eq!(page.view().phase, Phase::Failed);
}

#[test]
fn a_reset_while_the_server_is_asked_begins_anew() {
    let (mut page, trainer) = without_trainer(0);
    page.act(Action::Reset);
    page.handle(Event::ServerChecked(trainer, false));
    assert_eq!(page.view().phase, Phase::Idle);
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
}

#[test]
fn an_explorer_of_another_release_reloads_the_page_or_is_told_of() {
    let mut page = Page::on(SMALL, Adapter::None);
    let explorer = page.explorer().unwrap();
    fail(&mut page, explorer, WorkerFailure::OtherRelease);
    assert!(page.log.contains(&Effect::ReloadOnce(explorer)));
    page.handle(Event::ReloadRefused(explorer));
    assert!(
        page.notices().starts_with("The latent plane stopped: it is of another version than the page, even")
    );
}

#[test]
fn a_newer_release_waits_until_the_person_takes_it() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.handle(Event::ReleaseWaits);
    assert!(page.view().release_waits);
}
