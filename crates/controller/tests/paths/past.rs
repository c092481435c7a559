//! An earlier moment of the run is looked at: what the explorer is told, and when the page returns to the newest network.

use crate::page::{Page, SMALL};
use latent_controller::{Action, Event, WorkerEvent, engine_selection::Adapter};
use latent_core::engine::Engine;
use latent_protocol::{ExplorerCommand, ExplorerEvent};

fn report(page: &mut Page, steps: &[u64]) {
    let explorer = page.explorer().unwrap();
    let event = ExplorerEvent::Moments(steps.to_vec());
    page.handle(Event::Worker(explorer, WorkerEvent::Explorer(event)));
}

fn told(page: &mut Page) -> Vec<Option<u64>> {
    let explorer = page.explorer().unwrap();
    let commands = std::mem::take(&mut page.worker(explorer).explored);
    let of = |command| match command {
        ExplorerCommand::LookBack(steps) => Some(steps),
        _ => None,
    };
    commands.into_iter().filter_map(of).collect()
}

/// A page that has trained some steps and looks at the second.
fn looking_back() -> Page {
    let mut page = Page::on(SMALL, Adapter::None);
    for _ in 0..4 {
        page.act(Action::Step);
        page.settle();
    }
    report(&mut page, &[0, 2, 4]);
    page.act(Action::LookBack(Some(2)));
    assert_eq!(page.view().looked_at, Some(2));
    assert_eq!(told(&mut page), [Some(2)]);
    page
}

#[test]
fn a_moment_is_looked_at_while_the_run_goes_on_until_the_person_returns() {
    let mut page = looking_back();
    page.act(Action::Step);
    page.settle();
    // Thinned meanwhile, the moment is still shown.
    report(&mut page, &[0, 4, 5]);
    assert_eq!((page.view().steps, page.view().looked_at), (5, Some(2)));
    assert_eq!(page.view().moments, [0, 4, 5]);
    page.act(Action::LookBack(None));
    assert_eq!((page.view().looked_at, told(&mut page)), (None, vec![None]));
    page.act(Action::LookBack(None));
    assert_eq!(told(&mut page), []);
}

#[test]
fn a_step_without_a_moment_cannot_be_looked_at() {
    let mut page = looking_back();
    page.act(Action::LookBack(Some(3)));
    assert_eq!((page.view().looked_at, told(&mut page)), (Some(2), vec![]));
}

#[test]
fn another_run_has_no_moment_of_the_one_before() {
    let reset = |page: &mut Page| page.act(Action::Reset);
    let undo = |page: &mut Page| {
        page.act(Action::Reset);
        page.settle();
        page.act(Action::Undo);
    };
    let other_images = |page: &mut Page| {
        page.act(Action::Edit(latent_core::settings::Field::Data, "fashion-mnist".into()));
        page.act(Action::Reset);
    };
    let others: [&dyn Fn(&mut Page); 3] = [&reset, &undo, &other_images];
    for begin in others {
        let mut page = looking_back();
        begin(&mut page);
        assert_eq!((page.view().looked_at, page.view().moments.len()), (None, 0));
        page.act(Action::LookBack(Some(2)));
        assert_eq!(page.view().looked_at, None);
    }
}

#[test]
fn a_report_that_comes_after_its_run_has_ended_leads_nowhere() {
    let mut page = looking_back();
    page.act(Action::Reset);
    // On its way when the run ended.
    report(&mut page, &[0, 2, 4]);
    page.act(Action::LookBack(Some(2)));
    // The explorer was told of the other run, and drops its moments.
    report(&mut page, &[]);
    assert_eq!((page.view().looked_at, told(&mut page).last()), (None, Some(&None)));
}

#[test]
fn a_run_that_goes_back_takes_the_page_from_what_it_gave_up() {
    let mut page = looking_back();
    report(&mut page, &[0, 1]);
    assert_eq!((page.view().looked_at, told(&mut page)), (None, vec![None]));
}

#[test]
fn moments_go_with_the_explorer_that_keeps_them() {
    let mut page = looking_back();
    page.die(page.explorer().unwrap(), "it fell over");
    assert_eq!((page.view().looked_at, page.view().moments.len()), (None, 0));
    assert_eq!(told(&mut page), []);
    report(&mut page, &[4, 5]);
    page.act(Action::LookBack(Some(4)));
    assert_eq!(page.view().looked_at, Some(4));
    // A trainer that takes another's place goes on with the same run.
    page.die(page.trainer(Engine::Cpu), "it fell over");
    assert_eq!(page.view().looked_at, Some(4));
}
