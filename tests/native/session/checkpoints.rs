//! What is kept of a run, and goes on from there.

use super::*;

#[test]
fn what_is_saved_goes_on_as_if_it_had_never_stopped() {
    let whole =
        told(vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)], |_| None);
    let save_once = |event: &TrainerEvent| {
        matches!(event, TrainerEvent::Trained { steps_before: 0, .. }).then_some(TrainerCommand::Save)
    };
    let first =
        told(vec![start(1), training(200), Input::Command(TrainerCommand::Train), test_images()], save_once);
    let saved = first.iter().find_map(|event| match event {
        TrainerEvent::Saved { run: 1, file } => Some(Checkpoint::parse(file).unwrap()),
        _ => None,
    });
    let Checkpoint { progress, history, .. } = saved.unwrap();
    let steps = progress.steps as usize;
    assert!((1..8).contains(&steps), "{steps}");
    let go_on = TrainerCommand::Start {
        run: 2,
        settings: settings(),
        progress: Some(progress.into()),
        history: history.into(),
    };
    let inputs =
        vec![Input::Command(go_on), training(200), test_images(), Input::Command(TrainerCommand::Train)];
    assert_eq!(losses(&told(inputs, |_| None)), losses(&whole)[steps..]);
}

#[test]
fn whoever_stops_leaves_a_checkpoint_that_goes_on_to_the_same_losses() {
    let run = || vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)];
    let whole = told(run(), |_| None);
    let pause_at_once = |event: &TrainerEvent| {
        matches!(event, TrainerEvent::Trained { steps_before: 0, .. }).then_some(TrainerCommand::Pause)
    };
    let paused = told(run(), pause_at_once);
    let kept = |events: &[TrainerEvent]| match events.last() {
        Some(TrainerEvent::Checkpoint { run: 1, steps, file }) => (*steps, Checkpoint::parse(file).unwrap()),
        other => panic!("{other:?}"),
    };
    let (steps, Checkpoint { settings, progress, history }) = kept(&paused);
    assert_eq!((steps, progress.steps), (history.steps(), steps));
    assert_eq!(history.losses(), losses(&paused));
    let start =
        TrainerCommand::Start { run: 2, settings, progress: Some(progress.into()), history: history.into() };
    let inputs =
        vec![Input::Command(start), training(200), test_images(), Input::Command(TrainerCommand::Train)];
    let went_on = told(inputs, |_| None);
    assert_eq!(losses(&went_on), losses(&whole)[steps as usize..]);
    // The last checkpoint has the losses from before the change of workers, too.
    let TrainerEvent::Checkpoint { run: 2, file, .. } = went_on.last().unwrap() else {
        panic!("no checkpoint")
    };
    assert_eq!(Checkpoint::parse(file).unwrap().history, kept(&whole).1.history);
}

#[test]
fn a_checkpoint_can_be_asked_for_and_is_made_once() {
    let keep = |event: &TrainerEvent| {
        let asks = matches!(event, TrainerEvent::Trained { .. } | TrainerEvent::Entered(_, Phase::Paused));
        asks.then_some(TrainerCommand::Checkpoint)
    };
    let events = told(vec![start(1), training(200), Input::Command(TrainerCommand::Step)], keep);
    let kept = |event: &&TrainerEvent| matches!(event, TrainerEvent::Checkpoint { .. });
    assert_eq!(events.iter().filter(kept).count(), 1);
}

#[test]
fn a_run_too_large_for_a_file_trains_on_and_says_once_that_it_is_not_kept() {
    let model = ModelSpec::dense(&[4096, 2048], 2, 0.3);
    let settings = Settings { model, batch: 4, ..settings() };
    let start = TrainerCommand::Start { run: 1, settings, progress: None, history: Box::default() };
    let inputs = vec![Input::Command(start), training(200), Input::Command(TrainerCommand::Step)];
    let again =
        |event: &TrainerEvent| matches!(event, TrainerEvent::Snapshot { .. }).then_some(TrainerCommand::Step);
    let events = told(inputs, again);
    assert_eq!(losses(&events).len(), 2);
    assert_eq!(phases(&events).last(), Some(&Phase::Paused));
    let reasons = events.iter().filter_map(|event| match event {
        TrainerEvent::NoCheckpoint { run: 1, why } => Some(why.as_str()),
        _ => None,
    });
    let reasons: Vec<_> = reasons.collect();
    assert!(
        matches!(reasons[..], [why] if why.ends_with("more than 256000000 are not supported")),
        "{reasons:?}"
    );
}
