//! Which program each worker runs: that of the run's model, whatever the model was before.

use crate::page::{Page, SMALL};
use latent_controller::{Action, Effect, Event, WorkerEvent, WorkerFailure, engine_selection::Adapter};
use latent_core::{
    data::DatasetId,
    engine::{Engine, Program},
    settings::Field,
};
use latent_protocol::{ExplorerCommand, Phase};

const CONVOLUTIONAL: &str = "encoder=conv2k3s2&code=2&batch=2&images=8&epochs=2&seed=3";

fn edit(page: &mut Page, encoder: &str) {
    page.act(Action::Edit(Field::Encoder, encoder.into()));
    page.act(Action::Reset);
}

fn programs(page: &Page) -> [Option<Program>; 2] {
    let of = |id| page.live.get(&id).map(|live| live.program);
    let trainer = page.has_trainer(Engine::Cpu).then(|| page.trainer(Engine::Cpu));
    [trainer.and_then(of), page.explorer().and_then(of)]
}

/// A page whose run has been trained to its end.
fn trained(fragment: &str) -> Page {
    let mut page = Page::on(fragment, Adapter::None);
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
    page
}

#[test]
fn each_model_is_trained_and_drawn_by_the_program_that_it_needs() {
    assert_eq!(programs(&trained(SMALL)), [Some(Program::Cpu); 2]);
    let page = trained(CONVOLUTIONAL);
    assert_eq!(programs(&page), [Some(Program::LayeredCpu); 2]);
    assert!(page.log.contains(&Effect::StoreProgram(Program::LayeredCpu, DatasetId::Mnist)));
    assert!(!page.log.contains(&Effect::StoreProgram(Program::Cpu, DatasetId::Mnist)));
}

#[test]
fn a_model_that_needs_another_program_replaces_both_workers_and_the_explorer_is_told_all_again() {
    let mut page = trained(SMALL);
    page.act(Action::Explore(ExplorerCommand::Follow(vec![1, 2])));
    let explorer = page.explorer();
    edit(&mut page, "conv2k3s2");
    assert_eq!(programs(&page), [None, Some(Program::LayeredCpu)]);
    assert_ne!(page.explorer(), explorer);
    let told = page.explorer().map(|explorer| std::mem::take(&mut page.worker(explorer).explored)).unwrap();
    assert!(told.contains(&ExplorerCommand::Follow(vec![1, 2])));
    let shown = told.iter().filter(|command| matches!(command, ExplorerCommand::Show { .. }));
    assert_eq!(shown.count(), 1);
    page.act(Action::Train);
    assert_eq!(page.connected, page.explorer().map(|explorer| (page.trainer(Engine::Cpu), explorer)));
    page.settle();
    assert_eq!((page.view().phase, programs(&page)[0]), (Phase::Finished, Some(Program::LayeredCpu)));
    assert_eq!(page.notices(), "");
}

#[test]
fn the_program_of_every_model_stays_when_a_model_needs_less() {
    let mut page = trained(CONVOLUTIONAL);
    let (trainer, explorer) = (page.trainer(Engine::Cpu), page.explorer());
    edit(&mut page, "dense2");
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.trainer(Engine::Cpu), page.explorer()), (trainer, explorer));
    assert_eq!(page.view().phase, Phase::Finished);
}

#[test]
fn a_model_whose_program_is_missing_says_so_and_the_model_before_can_be_trained_again() {
    let mut page = trained(SMALL);
    edit(&mut page, "conv2k3s2");
    page.act(Action::Train);
    let missing = || WorkerEvent::Failed(WorkerFailure::Missing("the server answers 404".into()));
    for worker in [page.trainer(Engine::Cpu), page.explorer().unwrap()] {
        page.handle(Event::Worker(worker, missing()));
        page.handle(Event::ServerChecked(worker, false));
    }
    assert_eq!(
        page.notices(),
        "The cpu engine stopped: the server answers 404.\n\
         The latent plane stopped: the server answers 404."
    );
    assert_eq!((page.view().phase, programs(&page)), (Phase::Failed, [None, None]));
    edit(&mut page, "dense2");
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().phase, programs(&page)), (Phase::Finished, [Some(Program::Cpu); 2]));
}

#[test]
fn a_program_that_is_still_asked_for_at_the_server_does_not_keep_another_model_from_its_plane() {
    let mut page = trained(SMALL);
    edit(&mut page, "conv2k3s2");
    let explorer = page.explorer().unwrap();
    page.handle(Event::Worker(
        explorer,
        WorkerEvent::Failed(WorkerFailure::Missing("it is not there".into())),
    ));
    assert_eq!(page.explorer(), None);
    edit(&mut page, "dense2,dense2");
    // The program is the one that is being asked for.
    assert_eq!(page.explorer(), None);
    page.handle(Event::ServerChecked(explorer, false));
    edit(&mut page, "dense2");
    assert_eq!(programs(&page)[1], Some(Program::Cpu));
    assert!(page.notices().ends_with("The latent plane stopped: it is not there."));
}
