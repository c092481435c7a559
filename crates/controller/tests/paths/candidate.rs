//! The GPU is timed while the CPU engine trains, and takes the run if it is faster.

use crate::{
    fake_trainer::Goal,
    page::{GPU, Page},
};
use latent_controller::{Action, Effect, Environment, Event, WorkerEvent, WorkerFailure, WorkerId};
use latent_core::{
    engine::{Engine, EngineChoice},
    settings::Field,
};
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};

/// A run that does not end by itself.
const LONG: &str = "hidden=2&code=2&batch=2&images=8&epochs=1000&seed=3";

/// A page whose CPU engine trains while a candidate gets ready.
fn compared(environment: Environment) -> (Page, WorkerId) {
    compared_at(environment, 1e12)
}

fn compared_at(environment: Environment, now_ms: f64) -> (Page, WorkerId) {
    let mut page = Page::opened_with(LONG, environment);
    page.now_ms = now_ms;
    page.handle(Event::Adapter(GPU));
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 5);
    (page, trainer)
}

/// The candidate trains while the CPU engine does, `ratio` times as fast.
fn time_candidate(page: &mut Page, trainer: WorkerId, ratio: usize) {
    let candidate = page.trainer(Engine::WebGpu);
    for _ in 0..60 {
        page.turn(trainer);
        for _ in 0..ratio {
            // Time passes with the CPU engine's turns only.
            page.worker(candidate).trainer.turn();
            while page.deliver(candidate) {}
        }
        if ratio == 0 {
            page.report(candidate, TrainerEvent::Downloaded(page.view().download));
            page.report(
                candidate,
                TrainerEvent::Trained {
                    run: u32::MAX,
                    steps_before: 0,
                    losses: vec![0.5].into(),
                    learning_rate: 0.5,
                },
            );
        }
        if !page.has_trainer(Engine::WebGpu) || !page.has_trainer(Engine::Cpu) {
            return;
        }
    }
}

#[test]
fn a_faster_gpu_takes_the_run_at_the_step_where_the_cpu_stopped() {
    let (mut page, trainer) = compared(Environment::default());
    time_candidate(&mut page, trainer, 3);
    let (in_use, steps) = (page.view().engine.clone().unwrap(), page.view().checkpoint_steps.unwrap());
    assert_eq!((in_use.engine, in_use.device.as_str()), (Engine::WebGpu, "a device"));
    assert!(in_use.reason.starts_with(&format!("took over at step {steps}: ")), "{}", in_use.reason);
    assert!(!page.has_trainer(Engine::Cpu));
    let gpu = page.trainer(Engine::WebGpu);
    page.turns(gpu, 3);
    assert!(page.view().steps > steps && page.controller.is_training_requested());
    assert!(page.log.iter().any(|effect| matches!(effect, Effect::RememberBenchmarks(_))));
}

#[test]
fn the_engine_that_takes_the_run_over_goes_on_with_its_learning_rates() {
    let (mut page, trainer) = compared(Environment::default());
    page.act(Action::Edit(Field::LearningRate, "0.25".into()));
    time_candidate(&mut page, trainer, 3);
    assert!(!page.has_trainer(Engine::Cpu));
    // `Page::handle` checks that the settings lead to the losses again.
    page.act(Action::Edit(Field::LearningRate, "0.125".into()));
    let gpu = page.trainer(Engine::WebGpu);
    page.turns(gpu, 4);
    assert_eq!(page.view().run_settings.learning_rates.changes().len(), 2);
    assert_eq!(page.history.losses().last(), Some(&0.125));
}

#[test]
fn a_learning_rate_that_changes_while_the_run_is_handed_over_holds_from_the_first_step_of_the_gpu() {
    let (mut page, trainer) = compared(Environment::default());
    let candidate = page.trainer(Engine::WebGpu);
    while !page.worker(trainer).trainer.inbox.contains(&TrainerCommand::Pause) {
        page.turn(trainer);
        for _ in 0..3 {
            page.worker(candidate).trainer.turn();
            while page.deliver(candidate) {}
        }
    }
    page.act(Action::Edit(Field::LearningRate, "0.25".into()));
    page.turn(trainer);
    assert!(!page.has_trainer(Engine::Cpu));
    let steps = page.view().steps;
    page.turns(candidate, 3);
    assert!(page.view().steps > steps);
    assert_eq!(page.view().run_settings.get(Field::LearningRate), format!("0.0005,0.25@{steps}"));
}

#[test]
fn a_slower_gpu_is_ended_with_both_speeds_and_not_tried_again() {
    let (mut page, trainer) = compared(Environment::default());
    time_candidate(&mut page, trainer, 0);
    assert!(page.reason().starts_with("the GPU is slower: "), "{}", page.reason());
    let spawned = page.spawned;
    page.turns(trainer, 30);
    assert_eq!((page.spawned, page.goal(trainer)), (spawned, Goal::TheEnd));
}

#[test]
fn a_result_is_remembered_for_the_same_workers_and_release() {
    let (mut page, trainer) =
        compared(Environment { cores: 4, release: "a".into(), ..Environment::default() });
    time_candidate(&mut page, trainer, 0);
    let remembered = page.log.iter().find_map(|effect| match effect {
        Effect::RememberBenchmarks(text) => Some(text.clone()),
        _ => None,
    });
    let tried_with = |cores, release: &str| {
        let benchmarks = remembered.clone().unwrap();
        let environment =
            Environment { cores, release: release.into(), benchmarks, ..Environment::default() };
        let (page, _) = compared_at(environment, 1e12 + 3.6e6);
        page.has_trainer(Engine::WebGpu)
    };
    assert!(!tried_with(4, "a"));
    assert!(tried_with(2, "a") && tried_with(4, "b"));
}

#[test]
fn choosing_the_cpu_while_the_gpu_is_timed_ends_the_comparison() {
    let (mut page, trainer) = compared(Environment::default());
    assert!(page.has_trainer(Engine::WebGpu));
    page.act(Action::ChooseEngine(EngineChoice::Cpu));
    assert!(!page.has_trainer(Engine::WebGpu));
    page.turns(trainer, 50);
    assert!(page.has_trainer(Engine::Cpu) && !page.has_trainer(Engine::WebGpu));
    assert_eq!(page.goal(trainer), Goal::TheEnd);
}

/// A page whose CPU engine was asked to pause for the hand-over, and has not answered.
fn handing_over() -> (Page, WorkerId) {
    let (mut page, trainer) = compared(Environment::default());
    let candidate = page.trainer(Engine::WebGpu);
    for _ in 0..100 {
        page.worker(candidate).trainer.turn();
        while page.deliver(candidate) {}
        if page.worker(trainer).trainer.inbox.contains(&TrainerCommand::Pause) {
            return (page, trainer);
        }
        page.turn(trainer);
        page.worker(candidate).trainer.turn();
    }
    panic!("the GPU is not faster");
}

#[test]
fn choosing_the_cpu_during_the_hand_over_lets_the_cpu_go_on() {
    let (mut page, trainer) = handing_over();
    page.act(Action::ChooseEngine(EngineChoice::Cpu));
    page.turns(trainer, 5);
    assert!(!page.has_trainer(Engine::WebGpu));
    assert_eq!((page.goal(trainer), page.view().phase), (Goal::TheEnd, Phase::Training));
    assert!(page.controller.is_training_requested());
}

#[test]
fn a_pause_during_the_hand_over_stays_a_pause_on_the_cpu() {
    let (mut page, trainer) = handing_over();
    page.act(Action::Pause);
    page.turns(trainer, 3);
    assert_eq!(page.view().phase, Phase::Paused);
    assert!(page.has_trainer(Engine::Cpu) && !page.has_trainer(Engine::WebGpu));
}

#[test]
fn a_gpu_that_dies_during_the_hand_over_leaves_the_run_to_the_cpu() {
    let (mut page, trainer) = handing_over();
    let candidate = page.trainer(Engine::WebGpu);
    page.die(candidate, "the driver was reset");
    page.turns(trainer, 5);
    assert_eq!((page.goal(trainer), page.view().phase), (Goal::TheEnd, Phase::Training));
    assert_eq!(page.reason(), "the GPU was tried, and failed: the driver was reset");
}

#[test]
fn a_gpu_that_hangs_while_compiling_is_ended() {
    let (mut page, trainer) = compared(Environment::default());
    let candidate = page.trainer(Engine::WebGpu);
    page.report(candidate, TrainerEvent::Entered(u32::MAX, Phase::Compiling));
    for _ in 0..120 {
        page.turn(trainer);
        page.ticks(1);
    }
    assert!(!page.has_trainer(Engine::WebGpu));
    assert_eq!(page.reason(), "the GPU was tried, and failed: it stopped responding");
    assert_eq!(page.goal(trainer), Goal::TheEnd);
}

#[test]
fn a_gpu_whose_program_never_arrives_is_ended() {
    let (mut page, trainer) = compared(Environment::default());
    for _ in 0..120 {
        page.turn(trainer);
        page.ticks(1);
    }
    assert!(!page.has_trainer(Engine::WebGpu));
}

#[test]
fn a_gpu_that_cannot_be_spawned_is_told_of() {
    let mut page = Page::on(LONG, GPU);
    page.refuses = Some(Engine::WebGpu);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 10);
    assert_eq!(page.reason(), "the GPU was tried, and failed: it could not be started (it is forbidden)");
    assert_eq!(page.goal(trainer), Goal::TheEnd);
}

#[test]
fn a_gpu_that_fails_leaves_the_run_where_it_is() {
    let failures = [
        WorkerEvent::Failed(WorkerFailure::Missing("it could not be loaded".into())),
        WorkerEvent::Failed(WorkerFailure::OtherRelease),
        WorkerEvent::Trainer(TrainerEvent::Lost("its GPU is gone".into())),
        WorkerEvent::Trainer(TrainerEvent::Wrong("loss 0.1 instead of 0.2".into())),
        WorkerEvent::Trainer(TrainerEvent::Failed { run: 0, message: "it is out of order".into() }),
    ];
    for failure in failures {
        let (mut page, trainer) = compared(Environment::default());
        page.handle(Event::Worker(page.trainer(Engine::WebGpu), failure));
        assert!(page.reason().starts_with("the GPU was tried, and failed: "), "{}", page.reason());
        assert!(!page.has_trainer(Engine::WebGpu));
        assert_eq!((page.goal(trainer), page.view().phase), (Goal::TheEnd, Phase::Training));
    }
}

#[test]
fn a_run_that_cannot_be_saved_is_not_handed_over() {
    let (mut page, trainer) = handing_over();
    page.report(trainer, TrainerEvent::NoCheckpoint { run: 1, why: "it is too large".into() });
    assert!(!page.has_trainer(Engine::WebGpu));
    page.turns(trainer, 10);
    assert_eq!((page.goal(trainer), page.has_trainer(Engine::WebGpu)), (Goal::TheEnd, false));
}

#[test]
fn a_pause_puts_the_comparison_off() {
    let (mut page, trainer) = compared(Environment::default());
    page.act(Action::Pause);
    assert!(!page.has_trainer(Engine::WebGpu));
    page.turns(trainer, 3);
    page.act(Action::Train);
    page.turns(trainer, 3);
    assert!(page.has_trainer(Engine::WebGpu));
}

#[test]
fn a_gpu_that_has_proved_faster_trains_the_next_run_too() {
    let (mut page, trainer) = compared(Environment::default());
    time_candidate(&mut page, trainer, 3);
    page.act(Action::Reset);
    assert_eq!(page.view().engine.as_ref().map(|in_use| in_use.engine), Some(Engine::WebGpu));
    assert!(page.has_trainer(Engine::WebGpu));
}
