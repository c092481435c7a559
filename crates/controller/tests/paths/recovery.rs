//! Trainers that die, hang, diverge or compute wrongly.

use crate::{
    fake_trainer::Goal,
    page::{GPU, Page, SMALL},
};
use latent_controller::{Action, Effect, HistoryChange, engine_selection::Adapter};
use latent_core::{
    engine::{Engine, EngineChoice},
    settings::Field,
};
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};

const LONG: &str = "hidden=2&code=2&batch=2&images=8&epochs=1000&seed=3";

/// A page that has trained some steps on this engine, and trains more of which there is no checkpoint.
fn training(fragment: &str, adapter: Adapter, engine: Engine) -> (Page, u64) {
    let mut page = Page::on(fragment, adapter);
    page.act(Action::Train);
    let trainer = page.trainer(engine);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.turns(trainer, 2);
    let kept = page.view().checkpoint_steps.unwrap();
    page.act(Action::Train);
    page.turns(trainer, 3);
    assert!(page.view().steps > kept);
    (page, kept)
}

#[test]
fn a_run_whose_engine_dies_goes_on_from_the_checkpoint() {
    let (mut page, kept) = training(SMALL, Adapter::None, Engine::Cpu);
    page.take_log();
    page.die(page.trainer(Engine::Cpu), "it fell over");
    assert_eq!(
        page.notices(),
        format!("The CPU engine stopped: it fell over. Another one goes on from step {kept}.")
    );
    assert_eq!((page.view().steps, page.view().phase), (kept, Phase::Loading));
    let cut = Effect::History(HistoryChange::CutTo(kept));
    assert!(page.log.contains(&cut) && page.log.contains(&Effect::History(HistoryChange::Interrupted)));
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 8));
}

#[test]
fn a_worker_that_fails_before_its_run_begins_is_replaced_for_another_try() {
    let mut page = Page::on(LONG, Adapter::None);
    page.act(Action::Train);
    let failed = page.trainer(Engine::Cpu);
    page.report(failed, TrainerEvent::Failed { run: 0, message: "it is beside itself".into() });
    assert_eq!((page.view().phase, page.notices().contains("beside itself")), (Phase::Failed, true));
    page.act(Action::Train);
    assert_ne!(page.trainer(Engine::Cpu), failed);
    // Steps of the first try would have another learning rate than the run's.
    page.act(Action::Edit(Field::LearningRate, "0.25".into()));
    page.turns(page.trainer(Engine::Cpu), 3);
    assert!(page.view().steps > 0);
}

#[test]
fn what_a_dead_worker_still_says_is_ignored() {
    let (mut page, kept) = training(LONG, Adapter::None, Engine::Cpu);
    let dead = page.trainer(Engine::Cpu);
    page.die(dead, "it fell over");
    page.report(
        dead,
        TrainerEvent::Trained { run: 1, steps_before: 90, losses: vec![0.5].into(), learning_rate: 0.5 },
    );
    page.die(dead, "once more");
    assert_eq!(page.view().steps, kept);
    assert!(!page.notices().contains("once more"));
}

#[test]
fn an_engine_that_dies_at_rest_is_replaced_by_the_next_request() {
    let mut page = Page::on(LONG, Adapter::None);
    page.act(Action::Step);
    page.settle();
    page.die(page.trainer(Engine::Cpu), "it fell over");
    assert_eq!(page.notices(), "The CPU engine stopped: it fell over. The run is kept at step 1.");
    assert_eq!(page.view().phase, Phase::Paused);
    page.take_log();
    page.act(Action::SaveModel);
    assert!(matches!(page.take_log()[..], [Effect::OfferModel(_)]));
    page.act(Action::Step);
    page.settle();
    assert_eq!(page.view().steps, 2);
}

#[test]
fn an_engine_that_dies_again_and_again_is_given_up_and_can_be_tried_again() {
    let (mut page, kept) = training(LONG, Adapter::None, Engine::Cpu);
    for _ in 0..3 {
        assert!(page.controller.is_training_requested());
        let trainer = page.trainer(Engine::Cpu);
        page.turns(trainer, 2);
        page.die(trainer, "it fell over");
    }
    let told = format!("The run is kept at step {kept}: Train tries again.");
    assert!(page.notices().ends_with(&told) && page.view().notices.len() == 1, "{}", page.notices());
    assert_eq!((page.view().phase, page.has_trainer(Engine::Cpu)), (Phase::Paused, false));
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 2);
    assert_eq!(page.view().phase, Phase::Training);
}

#[test]
fn an_engine_that_hangs_is_replaced_after_ten_seconds() {
    let (mut page, _) = training(LONG, Adapter::None, Engine::Cpu);
    let hung = page.trainer(Engine::Cpu);
    page.ticks(9);
    assert_eq!(page.trainer(Engine::Cpu), hung);
    page.ticks(1);
    assert_ne!(page.trainer(Engine::Cpu), hung);
    assert!(page.notices().contains("The CPU engine stopped: it stopped responding. Another one goes on"));
}

#[test]
fn an_engine_that_hung_at_rest_is_noticed_by_the_next_request() {
    let mut page = Page::on(LONG, Adapter::None);
    page.act(Action::Step);
    page.settle();
    let hung = page.trainer(Engine::Cpu);
    page.ticks(500);
    assert_eq!(page.trainer(Engine::Cpu), hung);
    page.act(Action::Train);
    page.ticks(130);
    assert_ne!(page.trainer(Engine::Cpu), hung);
}

#[test]
fn the_error_of_an_engine_is_told_in_words() {
    let errors = [
        ("Uncaught RuntimeError: unreachable", "it stopped with an internal error"),
        ("RangeError: Out of memory", "it ran out of memory"),
    ];
    for (error, told) in errors {
        let (mut page, _) = training(LONG, Adapter::None, Engine::Cpu);
        page.die(page.trainer(Engine::Cpu), error);
        let sentence = format!("The CPU engine stopped: {told}. Another one");
        assert!(page.notices().starts_with(&sentence), "{}", page.notices());
    }
}

#[test]
fn an_engine_that_cannot_be_spawned_fails_with_a_sentence_and_can_be_tried_again() {
    let mut page = Page::on(LONG, Adapter::None);
    page.refuses = Some(Engine::Cpu);
    page.act(Action::Train);
    assert_eq!(page.view().phase, Phase::Failed);
    assert_eq!(page.notices(), "The engine could not be started: it is forbidden.");
    page.refuses = None;
    page.act(Action::Train);
    page.settle();
    assert!(page.view().steps > 0 && page.notices().is_empty());
}

#[test]
fn a_loss_that_explodes_gives_the_last_good_model_back() {
    let (mut page, kept) = training(LONG, Adapter::None, Engine::Cpu);
    let trainer = page.trainer(Engine::Cpu);
    let message = "the loss has grown beyond all bounds at step 9".to_string();
    page.report(trainer, TrainerEvent::Failed { run: 1, message: message.clone() });
    page.report(trainer, TrainerEvent::Entered(1, Phase::Failed));
    assert_eq!((page.view().phase, page.view().steps), (Phase::Failed, kept));
    assert_eq!(page.notices(), format!("{message}. The model is back at step {kept}."));
    page.commands(trainer);
    page.act(Action::Edit(Field::LearningRate, "0.0001".into()));
    page.act(Action::Train);
    let commands = page.commands(trainer);
    assert!(matches!(&commands[..], [
        TrainerCommand::Adjust { .. },
        TrainerCommand::Start { progress: Some(progress), .. },
        TrainerCommand::Train,
    ] if progress.steps == kept));
    assert_eq!((page.view().phase, page.notices().as_str()), (Phase::Loading, ""));
}

#[test]
fn three_lost_gpus_in_a_row_hand_the_run_to_the_cpu() {
    let (mut page, kept) = training(&format!("{LONG}&engine=webgpu"), GPU, Engine::WebGpu);
    for _ in 0..3 {
        let trainer = page.trainer(Engine::WebGpu);
        page.turns(trainer, 2);
        page.report(trainer, TrainerEvent::Lost("its GPU is gone".into()));
    }
    let told = format!("its GPU is gone. The CPU engine goes on from step {kept}.");
    assert!(page.notices().ends_with(&told), "{}", page.notices());
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 4);
    assert!(page.view().steps > kept && !page.has_trainer(Engine::WebGpu));
}

#[test]
fn a_gpu_that_computes_wrongly_gives_way_until_it_is_chosen_again() {
    let (mut page, kept) = training(&format!("{LONG}&engine=webgpu"), GPU, Engine::WebGpu);
    page.report(page.trainer(Engine::WebGpu), TrainerEvent::Wrong("loss 0.1 instead of 0.2".into()));
    let told = "The GPU computed a wrong result (loss 0.1 instead of 0.2): the CPU engine goes on from step";
    assert_eq!(page.notices(), format!("{told} {kept}."));
    assert_eq!(page.view().engine_choice, EngineChoice::Cpu);
    page.act(Action::Reset);
    assert!(page.has_trainer(Engine::Cpu));
    page.act(Action::ChooseEngine(EngineChoice::WebGpu));
    page.act(Action::Step);
    let trainer = page.trainer(Engine::WebGpu);
    page.report(trainer, TrainerEvent::Wrong("loss 0.1 instead of 0.2".into()));
    page.settle();
    let cpu = page.trainer(Engine::Cpu);
    assert_eq!((page.view().steps, page.view().phase, page.goal(cpu)), (1, Phase::Paused, Goal::Nothing));
}

#[test]
fn another_try_outlives_what_the_failed_one_still_reports() {
    let mut page = Page::on(LONG, Adapter::None);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.report(trainer, TrainerEvent::Failed { run: 1, message: "the data can't be had".into() });
    page.act(Action::Train);
    page.report(trainer, TrainerEvent::Entered(1, Phase::Failed));
    assert!(page.controller.is_training_requested());
    assert_eq!(page.view().phase, Phase::Loading);
}
