//! A run is pinned: its network is shown by a worker of its own, beside that of the run under way.

use crate::page::{Page, SMALL};
use latent_controller::{
    Action, Effect, Event, WorkerEvent, WorkerFailure, WorkerId, engine_selection::Adapter,
};
use latent_core::{
    engine::{Engine, Program},
    plane::Plotted,
    settings::Field,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Phase};

/// A page whose first run has trained three steps and given way to one of another model.
fn replaced() -> Page {
    let mut page = Page::on(SMALL, Adapter::None);
    for _ in 0..3 {
        page.act(Action::Step);
        page.settle();
    }
    page.act(Action::Edit(Field::Encoder, "conv2k3s2".into()));
    page.act(Action::Reset);
    page.settle();
    page
}

fn pinned(page: &Page) -> WorkerId {
    page.controller.pinned_worker().unwrap()
}

fn told(page: &mut Page) -> Vec<ExplorerCommand> {
    let worker = pinned(page);
    std::mem::take(&mut page.worker(worker).explored)
}

#[test]
fn the_pinned_run_is_shown_with_its_last_weights_by_a_program_of_its_own() {
    let mut page = replaced();
    let run = page.view().earlier_runs[0];
    page.act(Action::Pin(Some(run)));
    let shown = page.view().pinned.clone().unwrap();
    assert_eq!((shown.run, shown.steps), (run, 3));
    assert_ne!(shown.settings.model, page.view().run_settings.model);
    let worker = pinned(&page);
    assert_eq!(page.worker(worker).program, Program::Cpu);
    let told = told(&mut page);
    assert!(
        matches!(&told[0], ExplorerCommand::Show { weights: Some(_), steps: 3, model, .. } if *model == shown.settings.model)
    );
    assert_eq!(told[1], ExplorerCommand::Plot(Plotted::Sample));
    // What it answers is shown apart from what the explorer of the run under way does.
    page.take_log();
    let codes = ExplorerEvent::Codes { units: 2, steps: 3, codes: vec![0.0; 2], errors: vec![] };
    page.handle(Event::Worker(worker, WorkerEvent::Explorer(codes.clone())));
    assert_eq!(page.take_log(), [Effect::ExploredPinned(codes)]);
}

#[test]
fn a_run_stays_pinned_whatever_becomes_of_the_others_until_it_is_unpinned() {
    let mut page = replaced();
    let run = page.view().earlier_runs[0];
    page.act(Action::Pin(Some(run)));
    let worker = pinned(&page);
    page.act(Action::ForgetEarlierRuns);
    page.act(Action::Step);
    page.settle();
    page.act(Action::Reset);
    assert_eq!((pinned(&page), page.view().pinned.as_ref().map(|it| it.run)), (worker, Some(run)));
    page.act(Action::ExplorePinned(ExplorerCommand::Follow(vec![7])));
    assert_eq!(told(&mut page).last(), Some(&ExplorerCommand::Follow(vec![7])));
    page.act(Action::Pin(None));
    assert_eq!((page.view().pinned.clone(), page.controller.pinned_worker()), (None, None));
    page.act(Action::ExplorePinned(ExplorerCommand::Follow(vec![8])));
}

#[test]
fn one_run_is_pinned_at_a_time_and_the_one_under_way_can_be() {
    let mut page = replaced();
    let first = page.view().earlier_runs[0];
    page.act(Action::Pin(Some(first)));
    let before = pinned(&page);
    page.act(Action::Step);
    page.settle();
    page.act(Action::Pin(Some(page.view().run)));
    assert_ne!(pinned(&page), before);
    assert_eq!(page.view().pinned.as_ref().map(|it| it.steps), Some(1));
    assert_eq!(page.notices(), "");
}

#[test]
fn a_model_that_was_opened_and_a_run_that_undo_brought_back_can_be_pinned() {
    let mut page = replaced();
    page.act(Action::Undo);
    page.settle();
    let shown = |page: &Page| page.view().pinned.as_ref().map(|pinned| (pinned.run, pinned.steps));
    page.act(Action::Pin(Some(page.view().run)));
    assert_eq!(shown(&page), Some((1, 3)));
    page.act(Action::SaveModel);
    page.settle();
    let file = page.log.iter().rev().find_map(|effect| match effect {
        Effect::OfferModel(file) => Some(file.to_vec()),
        _ => None,
    });
    page.act(Action::OpenModel("mine.safetensors".into(), file.unwrap()));
    page.act(Action::AcceptOffered);
    page.act(Action::Pin(Some(page.view().run)));
    assert_eq!(shown(&page), Some((2, 3)));
    assert_eq!(page.notices(), "");
}

#[test]
fn a_run_without_a_checkpoint_is_pinned_with_the_one_that_comes_next() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Pin(Some(1)));
    assert!(page.notices().contains("train this run first"), "{}", page.notices());
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    while page.view().phase != Phase::Finished {
        if !page.deliver(trainer) {
            page.worker(trainer).trainer.turn();
        }
    }
    assert_ne!(page.view().checkpoint_steps, Some(8), "it is under way");
    page.act(Action::Pin(Some(1)));
    assert_eq!(page.view().pinned, None);
    page.settle();
    assert_eq!(page.view().pinned.as_ref().map(|pinned| pinned.steps), Some(8));
    // What is not wanted any more is not pinned later.
    page.act(Action::Extend(1));
    page.turns(trainer, 1);
    page.act(Action::Pin(None));
    page.settle();
    assert_eq!(page.view().pinned, None);
}

#[test]
fn a_run_that_is_not_kept_cannot_be_pinned() {
    let mut page = replaced();
    page.act(Action::Pin(Some(99)));
    assert_eq!((page.view().pinned.clone(), page.controller.pinned_worker()), (None, None));
    assert!(page.notices().starts_with("This run could not be pinned"));
}

#[test]
fn a_pinned_run_whose_worker_fails_is_unpinned_with_a_sentence() {
    let refused = WorkerFailure::NotSpawned("it is forbidden".into());
    for failure in [WorkerFailure::Died("it fell over".into()), WorkerFailure::Missing("404".into()), refused]
    {
        let mut page = replaced();
        page.act(Action::Pin(Some(page.view().earlier_runs[0])));
        let worker = pinned(&page);
        if matches!(failure, WorkerFailure::NotSpawned(_)) {
            page.live.remove(&worker);
        }
        page.handle(Event::Worker(worker, WorkerEvent::Failed(failure)));
        assert_eq!((page.view().pinned.clone(), page.controller.pinned_worker()), (None, None));
        assert!(page.notices().starts_with("The pinned run is not shown any more: "));
    }
}
