//! Runs that gave way to others are opened again, training and all.

use crate::page::{Page, SMALL};
use latent_controller::{Action, Effect, engine_selection::Adapter};
use latent_core::{engine::Engine, settings::Field};
use latent_protocol::{ExplorerCommand, Phase};

/// A page with a run of 20 steps that has trained so many of them.
fn trained(steps: u64) -> Page {
    let mut page = Page::on(&format!("{SMALL}&epochs=5"), Adapter::None);
    for _ in 0..steps {
        page.act(Action::Step);
        page.settle();
    }
    assert_eq!(page.view().steps, steps);
    page
}

#[test]
fn a_run_that_was_reset_comes_back_where_it_was() {
    let mut page = trained(7);
    assert_eq!(page.view().earlier_runs, []);
    page.act(Action::Reset);
    assert_eq!((page.view().steps, page.view().earlier_runs.len()), (0, 1));
    page.act(Action::Undo);
    page.settle();
    assert_eq!((page.view().steps, page.view().earlier_runs.len()), (7, 0));
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (20, Phase::Finished));
}

#[test]
fn a_run_that_was_opened_again_and_left_as_it_was_is_listed_again() {
    let mut page = trained(7);
    page.act(Action::Reset);
    page.act(Action::Undo);
    page.settle();
    page.take_log();
    // The same holds of a model from a file, such as that of a lesson.
    page.act(Action::Reset);
    let log = page.take_log();
    assert!(log.iter().any(|effect| matches!(effect, Effect::ArchiveRun(..))));
}

#[test]
fn a_run_that_was_reset_while_it_trained_comes_back_paused() {
    let mut page = Page::on(&format!("{SMALL}&epochs=5"), Adapter::None);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 6);
    let steps = page.view().steps;
    assert!(steps > 0 && page.view().phase == Phase::Training);
    page.act(Action::Reset);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (0, Phase::Idle));
    page.act(Action::Undo);
    page.settle();
    assert!(page.view().steps >= steps && page.view().steps < 20);
    assert_eq!(page.view().phase, Phase::Idle);
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (20, Phase::Finished));
}

#[test]
fn a_run_that_has_just_ended_comes_back_though_its_checkpoint_is_under_way() {
    let mut page = Page::on(&format!("{SMALL}&epochs=5"), Adapter::None);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    while page.view().phase != Phase::Finished {
        if !page.deliver(trainer) {
            page.worker(trainer).trainer.turn();
        }
    }
    assert_ne!(page.view().checkpoint_steps, Some(20));
    page.act(Action::Edit(Field::Data, "fashion-mnist".into()));
    page.act(Action::Reset);
    page.settle();
    page.act(Action::Undo);
    page.settle();
    assert_eq!(page.view().steps, 20);
}

#[test]
fn a_run_of_another_data_set_reports_its_checkpoint_before_its_worker_ends() {
    let mut page = Page::on(&format!("{SMALL}&epochs=5"), Adapter::None);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 6);
    page.act(Action::Edit(Field::Data, "fashion-mnist".into()));
    page.act(Action::Reset);
    // No checkpoint has come yet, and the worker that has it lives on.
    assert_eq!(page.view().earlier_runs, []);
    assert!(page.controller.workers().contains(&trainer));
    page.settle();
    assert_eq!(page.view().earlier_runs.len(), 1);
    assert!(!page.controller.workers().contains(&trainer));
    page.act(Action::Undo);
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (20, Phase::Finished));
    assert_eq!(page.view().run_settings.data.text(), "mnist");
}

/// A page with three runs of one, two and three steps, whose seeds are 1, 2 and 3. The third is under way.
fn three_runs() -> Page {
    let mut page = Page::on(&format!("{SMALL}&epochs=5"), Adapter::None);
    for seed in 1..=3 {
        page.act(Action::Edit(Field::Seed, seed.to_string()));
        if seed > 1 {
            page.act(Action::Reset);
        }
        for _ in 0..seed {
            page.act(Action::Step);
            page.settle();
        }
    }
    page
}

/// The number of the run under way, its steps, and the run that *Undo* opens.
fn place(page: &mut Page) -> (u32, u64, Option<u32>) {
    page.settle();
    let view = page.view();
    assert_eq!(view.run_settings.seed, view.steps);
    (view.run, view.steps, view.undo_to)
}

#[test]
fn undo_walks_back_through_the_runs_and_says_which_one_comes() {
    let mut page = three_runs();
    assert_eq!(place(&mut page), (3, 3, Some(2)));
    page.act(Action::Undo);
    assert_eq!(place(&mut page), (2, 2, Some(1)));
    page.act(Action::Undo);
    assert_eq!(place(&mut page), (1, 1, None));
    page.act(Action::Undo);
    assert_eq!(place(&mut page), (1, 1, None), "there is nothing before the first");
    assert_eq!(page.view().earlier_runs, [2, 3], "those that were left can be opened");
    page.act(Action::OpenRun(2));
    assert_eq!(place(&mut page), (2, 2, Some(1)));
}

#[test]
fn a_new_run_after_undo_goes_back_to_the_run_before_it_and_keeps_all_others() {
    let mut page = three_runs();
    page.act(Action::Undo);
    page.act(Action::Undo);
    page.settle();
    page.act(Action::Reset);
    page.settle();
    let view = page.view();
    assert_eq!((view.run, view.undo_to), (4, Some(1)));
    assert_eq!(view.earlier_runs, [2, 3, 1]);
    page.act(Action::Undo);
    assert_eq!(place(&mut page), (1, 1, Some(3)), "a run without a step is dropped");
}

#[test]
fn a_run_that_was_opened_from_the_list_gives_way_to_the_one_before_by_undo() {
    let mut page = three_runs();
    page.act(Action::OpenRun(1));
    assert_eq!(place(&mut page), (1, 1, Some(3)));
    assert!(page.log.contains(&Effect::UnarchiveRun(1)), "its curve is the run's again");
    page.act(Action::Undo);
    assert_eq!(place(&mut page), (3, 3, Some(2)));
    page.act(Action::ForgetEarlierRuns);
    assert_eq!(place(&mut page), (3, 3, None));
    page.act(Action::Undo);
    assert_eq!(place(&mut page), (3, 3, None));
}

#[test]
fn a_run_keeps_its_number_and_one_without_a_step_takes_none() {
    let mut page = trained(1);
    page.act(Action::Reset);
    page.act(Action::Reset);
    assert_eq!(page.view().run, 2, "the first of the two has left it");
    page.act(Action::Step);
    page.settle();
    for _ in 0..4 {
        page.act(Action::Undo);
        page.settle();
        assert_eq!((page.view().run, page.view().earlier_runs.clone()), (1, vec![2]));
        page.act(Action::OpenRun(2));
        page.settle();
        assert_eq!((page.view().run, page.view().earlier_runs.clone()), (2, vec![1]));
    }
    page.take_log();
    page.act(Action::Reset);
    let log = page.take_log();
    assert!(log.iter().any(|effect| matches!(effect, Effect::ArchiveRun(2, ..))));
    assert_eq!(page.view().run, 3);
}

#[test]
fn five_runs_are_kept() {
    let mut page = trained(1);
    for _ in 0..8 {
        page.act(Action::Reset);
        page.act(Action::Step);
        page.settle();
    }
    assert_eq!(page.view().earlier_runs.len(), 5);
}

#[test]
fn the_run_before_lessons_comes_back_with_one_action_however_many_runs_they_had() {
    let mut page = trained(7);
    let own = page.view().run;
    page.act(Action::BeginLesson);
    for _ in 0..8 {
        page.act(Action::Reset);
        page.act(Action::Step);
        page.settle();
    }
    // Another lesson follows, and has as many.
    page.act(Action::BeginLesson);
    for _ in 0..8 {
        page.act(Action::Reset);
        page.act(Action::Step);
        page.settle();
    }
    assert_eq!((page.view().before_lesson, page.view().earlier_runs.len()), (Some(own), 6));
    page.act(Action::LeaveLesson { returns: true });
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (7, Phase::Idle));
    assert_eq!((page.view().before_lesson, page.view().earlier_runs.len()), (None, 5));
}

#[test]
fn a_run_before_a_lesson_that_is_not_wanted_is_kept_like_any_other() {
    let mut page = trained(0);
    page.act(Action::BeginLesson);
    assert_eq!(page.view().before_lesson, None, "nothing was trained");
    let mut page = trained(7);
    page.act(Action::BeginLesson);
    for _ in 0..6 {
        page.act(Action::Reset);
        page.act(Action::Step);
        page.settle();
    }
    assert_eq!(page.view().earlier_runs.len(), 6);
    page.act(Action::LeaveLesson { returns: false });
    assert_eq!((page.view().before_lesson, page.view().earlier_runs.len()), (None, 5));
    assert_eq!(page.view().steps, 1, "the run of the lesson stays");
}

#[test]
fn the_explorer_is_told_which_run_comes_back() {
    let shown = |page: &mut Page| -> Vec<_> {
        let explorer = page.explorer().expect("there is an explorer");
        let again = |command| match command {
            ExplorerCommand::Show { again, .. } => Some(again),
            _ => None,
        };
        std::mem::take(&mut page.worker(explorer).explored).into_iter().filter_map(again).collect()
    };
    let mut page = trained(3);
    let run = page.view().run;
    page.act(Action::Reset);
    shown(&mut page);
    page.act(Action::Undo);
    assert_eq!(shown(&mut page), [Some(run)]);
    page.act(Action::Reset);
    assert_eq!(shown(&mut page), [None]);
}
