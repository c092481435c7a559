//! Links that lead to a step of a run, and links that are opened while the page is there.

use crate::page::{Page, SMALL};
use latent_controller::{Action, Environment, Event, engine_selection::Adapter};
use latent_core::{engine::Engine, link::Link};
use latent_protocol::{Phase, Role};

fn link(fragment: &str) -> Action {
    Action::OpenLink(Box::new(Link::parse(fragment).0))
}

#[test]
fn a_link_offers_a_replay_that_ends_at_its_step_and_is_not_drawn() {
    let mut page = Page::on(&format!("{SMALL}&epochs=5&step=13"), Adapter::None);
    assert_eq!(page.view().replay.map(|replay| replay.steps), Some(13));
    page.act(Action::Replay);
    let trainer = page.trainer(Engine::Cpu);
    let is_watched = |page: &mut Page| page.worker(trainer).trainer.is_watched;
    page.turn(trainer);
    assert!(!is_watched(&mut page), "nothing is drawn on the way");
    assert_eq!((page.view().replay, page.view().replays_to), (None, Some(13)));
    page.settle();
    assert_eq!((page.view().steps, page.view().phase, page.view().replays_to), (13, Phase::Paused, None));
    assert!(is_watched(&mut page));
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().steps, 20);
}

#[test]
fn a_replay_that_is_stopped_can_be_gone_on_with() {
    let mut page = Page::on(&format!("{SMALL}&epochs=5&step=13"), Adapter::None);
    page.act(Action::Replay);
    let trainer = page.trainer(Engine::Cpu);
    while page.view().steps < 3 {
        page.turn(trainer);
    }
    page.act(Action::Pause);
    page.settle();
    let steps = page.view().steps;
    assert!((3..13).contains(&steps), "{steps}");
    assert_eq!((page.view().phase, page.view().replays_to), (Phase::Paused, None));
    assert_eq!(page.view().replay.map(|replay| replay.steps), Some(13));
    assert!(page.worker(trainer).trainer.is_watched, "the plane is drawn as far as it is");
    page.act(Action::Replay);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase, page.view().replay), (13, Phase::Paused, None));
}

#[test]
fn a_replay_has_every_core_and_training_after_it_leaves_one_to_the_page() {
    let environment = Environment { cores: 2, ..Environment::default() };
    let mut page = Page::opened_with(&format!("{SMALL}&epochs=5&step=13"), environment);
    page.handle(Event::Adapter(Adapter::None));
    let role = |page: &mut Page| {
        let trainer = page.trainer(Engine::Cpu);
        page.worker(trainer).role
    };
    let up_to = |workers| Role::Trainer { workers, is_asked: false };
    page.act(Action::Replay);
    assert_eq!(role(&mut page), up_to(2));
    page.settle();
    assert_eq!(page.view().steps, 13);
    page.act(Action::Train);
    assert_eq!(role(&mut page), up_to(1));
    page.settle();
    assert_eq!((page.view().steps, page.view().phase, page.notices()), (20, Phase::Finished, String::new()));
    // A link that is opened beside a trainer.
    page.act(link(&format!("{SMALL}&epochs=5&seed=77&step=4")));
    page.settle();
    page.act(Action::Replay);
    assert_eq!(role(&mut page), up_to(2));
    page.settle();
    assert_eq!((page.view().steps, page.view().earlier_runs.len()), (4, 1));
}

#[test]
fn the_offer_ends_with_an_answer_or_another_run() {
    for action in [Action::DeclineReplay, Action::Train, Action::Step, Action::Reset] {
        let mut page = Page::on(&format!("{SMALL}&step=2"), Adapter::None);
        page.act(action);
        assert_eq!(page.view().replay, None);
    }
}

#[test]
fn another_link_takes_the_place_of_the_run_which_can_be_opened_again() {
    let mut page = Page::on(&format!("{SMALL}&epochs=5"), Adapter::None);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 6);
    let (steps, before) = (page.view().steps, page.view().run_settings.clone());
    page.act(link(&format!("{SMALL}&epochs=5&seed=77&step=4")));
    assert_eq!((page.view().steps, page.view().run_settings.seed), (0, 77));
    assert_eq!(page.view().replay.map(|replay| replay.steps), Some(4));
    page.settle();
    page.act(Action::Undo);
    assert_eq!(page.view().run_settings, before);
    assert!(page.view().steps >= steps);
}

#[test]
fn a_link_to_the_run_under_way_leaves_it_alone() {
    let fragment = format!("{SMALL}&epochs=5");
    let mut page = Page::on(&fragment, Adapter::None);
    page.act(Action::Step);
    page.settle();
    page.act(link(&fragment));
    assert_eq!((page.view().steps, page.view().earlier_runs.len()), (1, 0));
    page.act(link(&format!("{fragment}&step=1")));
    assert_eq!((page.view().steps, page.view().replay), (1, None));
}
