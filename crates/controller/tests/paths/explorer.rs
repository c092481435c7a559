//! The worker that draws the latent plane: what it is told, and what follows when it dies or hangs.

use crate::page::{Page, SMALL};
use latent_controller::{Action, Effect, Event, WorkerEvent, WorkerFailure, engine_selection::Adapter};
use latent_core::{
    data::{DatasetId, Split},
    engine::Engine,
    plane::Plotted,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Phase, TraceRequest};

fn answer(page: &mut Page, event: ExplorerEvent) {
    let explorer = page.explorer().unwrap();
    page.handle(Event::Worker(explorer, WorkerEvent::Explorer(event)));
}

fn explored(page: &mut Page) -> Vec<ExplorerCommand> {
    let explorer = page.explorer().unwrap();
    std::mem::take(&mut page.worker(explorer).explored)
}

/// A page whose explorer has answered all that it was asked.
fn settled(fragment: &str) -> Page {
    let mut page = Page::on(fragment, Adapter::None);
    page.act(Action::Explore(ExplorerCommand::Follow(vec![1, 2])));
    answer(&mut page, ExplorerEvent::Ready);
    page
}

#[test]
fn the_pretrained_decoder_is_shown_until_the_run_trains() {
    let mut page = Page::on("", Adapter::None);
    assert!(page.view().is_pretrained);
    assert!(explored(&mut page).contains(&ExplorerCommand::ShowPretrained));
    page.act(Action::Train);
    assert!(!page.view().is_pretrained);
    assert!(explored(&mut page).iter().any(|command| matches!(command, ExplorerCommand::Show { .. })));
    page.act(Action::Reset);
    assert!(page.view().is_pretrained);
}

#[test]
fn another_network_and_other_images_are_shown_without_it() {
    for fragment in [SMALL, "digits=test"] {
        let mut page = Page::on(fragment, Adapter::None);
        assert!(!page.view().is_pretrained);
        assert!(matches!(explored(&mut page)[1], ExplorerCommand::Show { .. }));
    }
}

#[test]
fn a_pretrained_decoder_that_is_not_there_gives_way() {
    let mut page = Page::on("", Adapter::None);
    answer(&mut page, ExplorerEvent::NoPretrained("the server answers 404".into()));
    assert!(!page.view().is_pretrained);
    assert!(page.notices().starts_with("The pretrained decoder is not there: "));
}

#[test]
fn what_the_pretrained_plane_can_do_without_comes_two_seconds_later() {
    let mut page = Page::on("", Adapter::None);
    answer(&mut page, ExplorerEvent::Codes { units: 2, steps: 0, codes: vec![], errors: vec![] });
    page.ticks(1);
    assert!(!page.log.contains(&Effect::StorePage(DatasetId::Mnist)));
    page.ticks(1);
    assert!(page.log.contains(&Effect::StorePage(DatasetId::Mnist)));
    assert!(explored(&mut page).contains(&ExplorerCommand::Plot(Plotted::Sample)));
}

#[test]
fn an_explorer_that_dies_is_replaced_and_told_all_again() {
    let mut page = settled(SMALL);
    page.act(Action::Explore(ExplorerCommand::Decode(vec![0.5, -0.5])));
    page.act(Action::Explore(ExplorerCommand::Trace(Some(TraceRequest {
        image: Some(3),
        weights_of: None,
    }))));
    page.act(Action::Explore(ExplorerCommand::Measure));
    page.act(Action::Explore(ExplorerCommand::Errors(true)));
    page.act(Action::Explore(ExplorerCommand::List(vec![3])));
    page.act(Action::Explore(ExplorerCommand::Draw(Some(vec![9]))));
    page.act(Action::Explore(ExplorerCommand::Path(vec![0.0, 1.0, 2.0, 3.0])));
    let dead = page.explorer().unwrap();
    page.die(dead, "Uncaught Error: it fell over");
    assert_eq!(
        page.notices(),
        "The latent plane stopped: it stopped with an internal error. Another worker draws it now."
    );
    assert_ne!(page.explorer(), Some(dead));
    let told = explored(&mut page);
    assert!(matches!(told[0], ExplorerCommand::Show { .. }));
    for command in [
        ExplorerCommand::Decode(vec![0.5, -0.5]),
        ExplorerCommand::Plot(Plotted::Sample),
        ExplorerCommand::Follow(vec![1, 2]),
        ExplorerCommand::Trace(Some(TraceRequest { image: Some(3), weights_of: None })),
        ExplorerCommand::Measure,
        ExplorerCommand::Errors(true),
        ExplorerCommand::List(vec![3]),
        ExplorerCommand::Draw(Some(vec![9])),
        ExplorerCommand::Path(vec![0.0, 1.0, 2.0, 3.0]),
    ] {
        assert!(told.contains(&command), "{command:?}");
    }
}

#[test]
fn an_explorer_that_dies_again_and_again_is_given_up_until_a_run_begins() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Explore(ExplorerCommand::Measure));
    page.take_log();
    for _ in 0..3 {
        page.die(page.explorer().unwrap(), "it fell over");
    }
    assert_eq!(page.explorer(), None);
    // Nothing is measured any more, so that it can be asked for again.
    assert_eq!(page.take_log(), [Effect::ForgetMeasures]);
    assert!(page.notices().ends_with("The latent plane stopped three times in a row: it fell over."));
    page.act(Action::Step);
    page.settle();
    assert_eq!((page.view().steps, page.explorer()), (1, None));
    page.act(Action::Reset);
    assert!(page.explorer().is_some());
}

#[test]
fn an_explorer_that_was_asked_something_and_hangs_is_replaced() {
    let questions = [ExplorerCommand::Decode(vec![0.5, 0.5]), ExplorerCommand::Follow(vec![3])];
    for question in questions {
        let mut page = settled(SMALL);
        let hung = page.explorer().unwrap();
        page.act(Action::Explore(question));
        page.ticks(9);
        assert_eq!(page.explorer(), Some(hung));
        page.ticks(1);
        assert!(page.explorer().is_some_and(|explorer| explorer != hung));
        assert!(page.notices().contains("The latent plane stopped: it stopped responding."));
    }
}

#[test]
fn an_explorer_that_hangs_while_it_measures_is_replaced() {
    let mut page = settled(SMALL);
    page.act(Action::Explore(ExplorerCommand::Measure));
    let hung = page.explorer().unwrap();
    for _ in 0..100 {
        page.ticks(1);
        answer(&mut page, ExplorerEvent::Alive);
    }
    assert_eq!(page.explorer(), Some(hung));
    page.ticks(12);
    assert_ne!(page.explorer(), Some(hung));
    assert!(explored(&mut page).contains(&ExplorerCommand::Measure));
}

#[test]
fn an_explorer_that_was_asked_nothing_may_be_silent() {
    let mut page = settled(SMALL);
    let explorer = page.explorer();
    page.ticks(1_000);
    assert_eq!(page.explorer(), explorer);
}

#[test]
fn whoever_trains_is_connected_to_whoever_draws() {
    let mut page = settled(SMALL);
    page.act(Action::Step);
    page.settle();
    let first = (page.trainer(Engine::Cpu), page.explorer().unwrap());
    assert_eq!(page.connected, Some(first));
    page.die(first.1, "it fell over");
    let second = (first.0, page.explorer().unwrap());
    assert_eq!(page.connected, Some(second));
    page.die(first.0, "it fell over");
    page.act(Action::Step);
    assert_eq!(page.connected, Some((page.trainer(Engine::Cpu), second.1)));
}

#[test]
fn another_explorer_shows_the_newest_checkpoint() {
    let mut page = settled(SMALL);
    page.act(Action::Step);
    page.settle();
    page.die(page.explorer().unwrap(), "it fell over");
    let shown = explored(&mut page).into_iter().find_map(|command| match command {
        ExplorerCommand::Show { run, steps, weights, .. } => Some((run, steps, weights.is_some())),
        _ => None,
    });
    assert_eq!(shown, Some((1, 1, true)));
}

#[test]
fn an_explorer_whose_program_loads_slowly_has_more_time() {
    let mut page = Page::on(SMALL, Adapter::None);
    let explorer = page.explorer();
    for _ in 0..5 {
        page.ticks(100);
        page.handle(Event::Worker(explorer.unwrap(), WorkerEvent::Loading(1, 2)));
    }
    assert_eq!(page.explorer(), explorer);
    page.ticks(120);
    assert_ne!(page.explorer(), explorer);
}

#[test]
fn an_explorer_that_cannot_be_spawned_is_told_of() {
    let mut page = Page::on(SMALL, Adapter::None);
    let explorer = page.explorer().unwrap();
    page.live.remove(&explorer);
    let refused = WorkerFailure::NotSpawned("it is forbidden".into());
    page.handle(Event::Worker(explorer, WorkerEvent::Failed(refused)));
    assert_eq!(page.notices(), "The latent plane could not be started: it is forbidden.");
}

#[test]
fn where_the_page_can_have_no_workers_one_sentence_says_so() {
    const SENTENCE: &str = "Open the page by itself, at https://host/";
    let mut page = Page::on(SMALL, Adapter::None);
    let not_here = || WorkerEvent::Failed(WorkerFailure::NotHere(SENTENCE.into()));
    let explorer = page.explorer().unwrap();
    page.handle(Event::Worker(explorer, not_here()));
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.handle(Event::Worker(trainer, not_here()));
    assert!(page.notices().replace(SENTENCE, "").trim().is_empty(), "{}", page.notices());
    assert_eq!(page.view().phase, Phase::Failed);
}

#[test]
fn measures_of_a_run_that_is_over_are_not_shown() {
    let mut page = settled(SMALL);
    page.act(Action::Explore(ExplorerCommand::Measure));
    page.act(Action::Reset);
    page.take_log();
    answer(&mut page, ExplorerEvent::Measured { steps: 0, set: Split::Test, loss: 0.1 });
    assert!(!page.log.iter().any(|effect| matches!(effect, Effect::Explored(_))));
}
