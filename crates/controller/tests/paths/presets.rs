//! Models that are chosen from the list.

use crate::page::{Page, SMALL};
use latent_controller::{Action, engine_selection::Adapter};
use latent_core::{
    engine::Engine,
    model::presets::{self, Preset},
    settings::{Field, Settings},
};
use latent_protocol::{Phase, TrainerCommand};

fn preset(name: &str) -> &'static Preset {
    presets::ALL.iter().find(|preset| preset.name == name).expect("a preset of this name")
}

/// A page that has trained three steps of a run of eight, paused.
fn paused() -> Page {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    page.turns(trainer, 3);
    page.act(Action::Pause);
    page.settle();
    page
}

#[test]
fn a_model_takes_effect_at_once_before_the_first_step() {
    let mut page = Page::on("seed=9&epochs=3&images=600", Adapter::None);
    for preset in presets::ALL.iter().rev() {
        page.act(Action::ChooseModel(preset));
        let Settings { model, batch, learning_rates, .. } = preset.settings();
        let chosen = &page.view().run_settings;
        assert_eq!((&chosen.model, chosen.batch, &chosen.learning_rates), (&model, batch, &learning_rates));
        assert_eq!((chosen.seed, chosen.epochs, chosen.training_images), (9, 3, 600));
        assert_eq!(&page.view().settings, chosen);
    }
}

#[test]
fn a_model_waits_for_a_new_run_once_steps_are_trained() {
    let mut page = paused();
    let before = page.view().run_settings.clone();
    let chosen = preset("Variational dense");
    page.act(Action::ChooseModel(chosen));
    assert_eq!(page.view().run_settings, before);
    assert_eq!(page.view().settings.model, chosen.model());
    assert_eq!(page.view().settings.get(Field::LearningRate), "0.001");

    // The run under way goes on with its own rate, and changed epochs leave both rates alone.
    page.act(Action::Edit(Field::Epochs, "3".into()));
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
    assert_eq!(page.view().run_settings.get(Field::LearningRate), "0.0005");
    assert_eq!(page.view().settings.get(Field::LearningRate), "0.001");

    page.act(Action::Reset);
    assert_eq!(page.view().run_settings, page.view().settings);
    assert_eq!(page.view().run_settings.model, chosen.model());
    assert_eq!(page.view().run_settings.get(Field::LearningRate), "0.001");
    // Another program trains this model, and is loaded when it is asked to.
    page.act(Action::Train);
    let trainer = page.trainer(Engine::Cpu);
    let starts = |command: &TrainerCommand| match command {
        TrainerCommand::Start { settings, .. } => Some(settings.model.clone()),
        _ => None,
    };
    let started = page.commands(trainer).iter().find_map(starts);
    assert_eq!(started, Some(chosen.model()));
}

#[test]
fn a_choice_that_is_given_up_leaves_no_trace() {
    let mut page = paused();
    let before = page.view().settings.clone();
    page.act(Action::ChooseModel(preset("Variational convolutional")));
    page.act(Action::RevertEdits);
    assert_eq!(page.view().settings, before);
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().settings, page.view().run_settings);
}

#[test]
fn a_learning_rate_that_waits_for_a_new_run_is_changed_for_that_run_alone() {
    let mut page = paused();
    let chosen = preset("Variational dense");
    page.act(Action::ChooseModel(chosen));
    page.act(Action::Edit(Field::LearningRate, "0.25".into()));
    assert_eq!(page.view().run_settings.get(Field::LearningRate), "0.0005");
    assert_eq!(page.view().settings.get(Field::LearningRate), "0.25");
    // Once more, and that is what the new run begins with.
    page.act(Action::Edit(Field::LearningRate, "0.125".into()));
    page.act(Action::Reset);
    page.settle();
    assert_eq!(page.view().run_settings.get(Field::LearningRate), "0.125");
    assert_eq!(page.view().run_settings.model, chosen.model());
}

#[test]
fn a_field_changes_a_run_under_way_where_the_field_is_live_and_nowhere_else() {
    for (field, text) in [
        (Field::Hidden, "32"),
        (Field::Code, "3"),
        (Field::Slope, "0.1"),
        (Field::Activation, "tanh"),
        (Field::Output, "linear"),
        (Field::Loss, "mse-sum"),
        (Field::Batch, "128"),
        (Field::Epochs, "9"),
        (Field::LearningRate, "0.25"),
        (Field::Seed, "7"),
        (Field::Shuffle, "0"),
        (Field::TrainingImages, "300"),
    ] {
        let mut page = paused();
        let before = page.view().run_settings.clone();
        page.act(Action::Edit(field, text.into()));
        assert_eq!(page.view().run_settings != before, field.is_live(), "{field:?}");
        assert_eq!(page.view().run_settings == page.view().settings, field.is_live(), "{field:?}");
    }
}
