//! Training, pausing, single steps, replays and new starts.

use super::*;

#[test]
fn a_run_is_trained_and_validated_to_its_end() {
    let events =
        told(vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)], |_| None);
    assert_eq!(phases(&events), [Phase::Idle, Phase::Training, Phase::Finished]);
    let losses = losses(&events);
    assert_eq!(losses.len(), 8);
    assert!(losses[7] < losses[0]);
    let validated = |event: &&TrainerEvent| matches!(event, TrainerEvent::Validated { run: 1, .. });
    assert_eq!(events.iter().filter(validated).count(), 2);
}

#[test]
fn a_run_waits_for_its_images_and_can_be_paused_meanwhile() {
    let pause_when_loading = |event: &TrainerEvent| {
        matches!(event, TrainerEvent::Entered(_, Phase::Loading)).then_some(TrainerCommand::Pause)
    };
    let events =
        told(vec![start(1), training(100), Input::Command(TrainerCommand::Train)], pause_when_loading);
    assert_eq!(phases(&events), [Phase::Idle, Phase::Training, Phase::Loading, Phase::Paused]);
    // One batch of 64 is whole, the second is not.
    assert_eq!(losses(&events).len(), 1);
}

#[test]
fn a_step_is_one_step_and_the_same_seed_gives_the_same_loss_again() {
    let step = || vec![start(1), training(200), Input::Command(TrainerCommand::Step)];
    let first = told(step(), |_| None);
    assert_eq!(phases(&first), [Phase::Idle, Phase::Training, Phase::Paused]);
    assert_eq!(losses(&first).len(), 1);
    let last_words = &first[first.len() - 2..];
    assert!(matches!(
        last_words,
        [TrainerEvent::Snapshot { run: 1, .. }, TrainerEvent::Checkpoint { run: 1, .. }]
    ));
    assert_eq!(losses(&told(step(), |_| None)), losses(&first));
}

#[test]
fn a_replay_ends_at_its_step_with_the_losses_that_training_had() {
    let images = || vec![start(1), training(200), test_images()];
    let with = |command| images().into_iter().chain([Input::Command(command)]).collect::<Vec<_>>();
    let whole = told(with(TrainerCommand::Train), |_| None);
    for steps in [1, 3, 4, 6] {
        let replayed = told(with(TrainerCommand::TrainTo(steps)), |_| None);
        assert_eq!(losses(&replayed), losses(&whole)[..steps as usize]);
        assert_eq!(phases(&replayed).last(), Some(&Phase::Paused));
        let validated = |event: &&TrainerEvent| matches!(event, TrainerEvent::Validated { .. });
        assert_eq!(replayed.iter().filter(validated).count(), steps as usize / 4, "epochs that are done");
    }
}

#[test]
fn a_step_after_an_epoch_that_is_not_validated_yet_validates_it_and_trains_a_step() {
    let progress = Progress { steps: 4, ..Progress::initial(&settings().model, 1) };
    let start = TrainerCommand::Start {
        run: 1,
        settings: settings(),
        progress: Some(progress.into()),
        history: Box::default(),
    };
    let step = Input::Command(TrainerCommand::Step);
    let events = told(vec![Input::Command(start), training(200), test_images(), step], |_| None);
    assert_eq!(losses(&events).len(), 1);
    assert!(events.iter().any(|event| matches!(event, TrainerEvent::Validated { epochs: 1, .. })));
    assert_eq!(phases(&events).last(), Some(&Phase::Paused));
}

#[test]
fn a_new_start_takes_the_place_of_the_run_before() {
    let inputs =
        vec![start(1), training(200), test_images(), start(2), Input::Command(TrainerCommand::Train)];
    let events = told(inputs, |_| None);
    let of_the_first = |event: &&TrainerEvent| matches!(event, TrainerEvent::Trained { run: 1, .. });
    assert_eq!(events.iter().filter(of_the_first).count(), 0);
    assert_eq!(losses(&events).len(), 8);
}

#[test]
fn each_report_has_the_learning_rate_of_its_steps_and_the_file_has_them_all() {
    let adjust = TrainerCommand::Adjust { learning_rates: 0.25.into(), epochs: 2 };
    let inputs = vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)];
    let after_a_step = move |event: &TrainerEvent| {
        matches!(event, TrainerEvent::Trained { steps_before: 0, .. }).then(|| adjust.clone())
    };
    let events = told(inputs, after_a_step);
    let rates = events.iter().flat_map(|event| match event {
        TrainerEvent::Trained { losses, learning_rate, .. } => vec![*learning_rate; losses.totals.len()],
        _ => vec![],
    });
    assert_eq!(rates.collect::<Vec<_>>(), [[0.0005].as_slice(), &[0.25; 7]].concat());
    let Some(TrainerEvent::Checkpoint { file, .. }) = events.last() else { panic!("no checkpoint") };
    let settings = Checkpoint::parse(file).unwrap().settings;
    assert_eq!(settings.get(Field::LearningRate), "0.0005,0.25@1");
}

#[test]
fn a_pause_that_arrives_together_with_the_request_to_train_is_obeyed() {
    for request in [TrainerCommand::Train, TrainerCommand::Step] {
        let commands = [request, TrainerCommand::Pause].map(Input::Command);
        let inputs = [vec![start(1), training(200), test_images()], commands.to_vec()].concat();
        let events = told(inputs, |_| None);
        assert_eq!(phases(&events), [Phase::Idle, Phase::Paused]);
        assert!(losses(&events).is_empty());
    }
}
