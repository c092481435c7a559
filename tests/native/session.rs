//! A trainer's session as the page meets it, with the real CPU engine and no browser.

use crate::first_step_check::{FAULT, Fault, Faulty};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use latent_core::{
    data::{
        DatasetId, Images,
        mnist::{PIXELS, TEST_IMAGES},
    },
    model::ModelSpec,
    noise::Noise,
    settings::{Field, Settings},
    training::{
        Losses, Progress, Tensors, Trainer, TrainerError, Unsupported, Wrapper, checkpoint::Checkpoint,
    },
    weights::Weights,
};
use latent_cpu::CpuTrainer;
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};
use latent_worker::{
    first_step_check::Checked,
    session::{Arrived, Data, EngineSetup, Input, Output, Session},
};
use pollster::block_on;
use std::{cell::RefCell, ops::Range, rc::Rc};

fn settings() -> Settings {
    let model = ModelSpec::dense(&[8], 2, 0.3);
    Settings { model, batch: 64, epochs: 2, training_images: 200, shuffle: false, ..Settings::default() }
}

fn pixels(images: usize) -> Vec<u8> {
    (0..images * PIXELS).map(|at| (at * 7 % 253) as u8).collect()
}

fn training(images: usize) -> Input {
    Input::Data(Data::Training(Arrived { pixels: pixels(images), bytes_gzip: 10 }))
}

fn test_images() -> Input {
    Input::Data(Data::Test(Arrived { pixels: pixels(TEST_IMAGES), bytes_gzip: 10 }))
}

fn start(run: u32) -> Input {
    Input::Command(TrainerCommand::Start {
        run,
        settings: settings(),
        progress: None,
        history: Box::default(),
    })
}

/// What a session tells when it gets `inputs`, and `more` (once) at each of its events until that gives nothing.
fn told(
    inputs: Vec<Input>,
    more: impl Fn(&TrainerEvent) -> Option<TrainerCommand> + 'static,
) -> Vec<TrainerEvent> {
    told_by::<CpuTrainer>(inputs, more)
}

/// The same of a session with this engine.
fn told_by<T: Trainer<Context = ()>>(
    inputs: Vec<Input>,
    more: impl Fn(&TrainerEvent) -> Option<TrainerCommand> + 'static,
) -> Vec<TrainerEvent> {
    let (sender, inbox) = unbounded();
    inputs.into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    let events = Rc::new(RefCell::new(Vec::new()));
    let sender: RefCell<Option<UnboundedSender<Input>>> = RefCell::new(Some(sender));
    let emit = {
        let events = events.clone();
        move |output: Output| {
            let Output::Event(event) = output else { return };
            if let (Some(command), Some(sender)) = (more(&event), sender.borrow().as_ref()) {
                sender.unbounded_send(Input::Command(command)).unwrap();
            }
            // The snapshot is the last word of a session that stops: then the inbox is closed.
            let stops = matches!(
                event,
                TrainerEvent::Snapshot { .. }
                    | TrainerEvent::Failed { .. }
                    | TrainerEvent::Lost(_)
                    | TrainerEvent::Wrong(_)
            );
            events.borrow_mut().push(event);
            let ended = |event: &TrainerEvent| {
                matches!(
                    event,
                    TrainerEvent::Entered(_, Phase::Finished | Phase::Paused | Phase::Failed)
                        | TrainerEvent::Lost(_)
                        | TrainerEvent::Wrong(_)
                )
            };
            if stops && events.borrow().iter().any(ended)
                || matches!(events.borrow().last(), Some(event) if ended(event) && failed(event))
            {
                sender.take();
            }
        }
    };
    block_on(Session::<T, _>::new(DatasetId::Mnist, EngineSetup::default(), emit).serve(inbox, async || {}));
    events.take()
}

fn failed(event: &TrainerEvent) -> bool {
    matches!(event, TrainerEvent::Entered(_, Phase::Failed))
}

fn phases(events: &[TrainerEvent]) -> Vec<Phase> {
    let phase = |event: &TrainerEvent| match event {
        TrainerEvent::Entered(_, phase) => Some(*phase),
        _ => None,
    };
    events.iter().filter_map(phase).collect()
}

fn losses(events: &[TrainerEvent]) -> Vec<f32> {
    let losses = |event: &TrainerEvent| match event {
        TrainerEvent::Trained { losses, .. } => losses.totals.clone(),
        _ => vec![],
    };
    events.iter().flat_map(losses).collect()
}

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

#[test]
fn settings_out_of_their_limits_are_refused_with_a_sentence() {
    let settings = Settings { batch: 0, ..settings() };
    let start =
        Input::Command(TrainerCommand::Start { run: 1, settings, progress: None, history: Box::default() });
    let events = told(vec![start], |_| None);
    assert!(matches!(&events[0], TrainerEvent::Failed { run: 1, message } if message.contains("batch")));
}

#[test]
fn data_that_cannot_be_had_ends_the_run_with_the_reason() {
    let missing = Input::Data(Data::Failed("train-images-000.gz could not be loaded".into()));
    let events = told(vec![start(1), Input::Command(TrainerCommand::Train), missing], |_| None);
    assert_eq!(phases(&events).last(), Some(&Phase::Failed));
    assert!(events.iter().any(
        |event| matches!(event, TrainerEvent::Failed { run: 1, message } if message.contains("000.gz"))
    ));
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

#[test]
fn where_nobody_looks_the_only_snapshots_are_those_of_an_epoch_and_the_last() {
    let snapshots = |is_watched| {
        let commands = [TrainerCommand::Watched(is_watched), TrainerCommand::Train].map(Input::Command);
        let inputs = [start(1), training(200), test_images()].into_iter().chain(commands).collect();
        // After each slice more time passes than between two snapshots.
        let events = told(inputs, |event| {
            if matches!(event, TrainerEvent::Trained { .. }) {
                std::thread::sleep(std::time::Duration::from_millis(260));
            }
            None
        });
        assert_eq!(phases(&events).last(), Some(&Phase::Finished));
        events.iter().filter(|event| matches!(event, TrainerEvent::Snapshot { .. })).count()
    };
    assert!(snapshots(true) > 2);
    // The second epoch ends with the run.
    assert_eq!(snapshots(false), 2);
}

/// An engine whose device is lost at the first step.
struct Gone;

impl Trainer for Gone {
    type Context = ();

    fn supports(_: &ModelSpec) -> Result<(), Unsupported> {
        Ok(())
    }

    async fn new((): &(), _: &ModelSpec, _: &Progress) -> Result<Self, TrainerError> {
        Ok(Self)
    }
    fn set_noise(&mut self, _: Noise) {}
    async fn train(&mut self, _: &Images, _: &[&[u32]], _: f32) -> Result<Vec<Losses>, TrainerError> {
        Err(TrainerError::Device("it fell off the bus".into()))
    }
    async fn evaluate(&mut self, _: &Images, _: Range<usize>) -> Result<Losses, TrainerError> {
        Ok(Losses::deterministic(0.0))
    }
    async fn encode(&mut self, _: &Images, _: Range<usize>) -> Result<Vec<f32>, TrainerError> {
        Ok(vec![])
    }
    async fn log_variances(&mut self, _: &Images, _: Range<usize>) -> Result<Option<Vec<f32>>, TrainerError> {
        Ok(None)
    }
    async fn decode(&mut self, _: &[f32]) -> Result<Vec<f32>, TrainerError> {
        Ok(vec![])
    }
    async fn weights(&mut self) -> Result<Weights, TrainerError> {
        Ok(Weights::default())
    }
    async fn progress(&mut self) -> Result<Progress, TrainerError> {
        Err(Unsupported("keeping progress".into()).into())
    }
}

#[test]
fn a_lost_device_is_no_failure_of_the_run() {
    let inputs = vec![start(1), training(200), Input::Command(TrainerCommand::Train)];
    let events = told_by::<Gone>(inputs, |_| None);
    assert_eq!(events.last(), Some(&TrainerEvent::Lost("its GPU failed (it fell off the bus)".into())));
    assert_eq!(phases(&events), [Phase::Idle, Phase::Training]);
}

#[test]
fn of_a_gpu_that_computes_wrongly_nothing_is_told_or_kept() {
    for command in [TrainerCommand::Train, TrainerCommand::Step] {
        FAULT.set(Fault::Loss(3.0));
        let inputs = vec![start(1), training(200), test_images(), Input::Command(command)];
        let mut events = told_by::<Checked<Faulty>>(inputs, |_| None);
        let last = events.pop();
        assert!(matches!(&last, Some(TrainerEvent::Wrong(what)) if what.starts_with("loss 0.")), "{last:?}");
        events.retain(|event| !matches!(event, TrainerEvent::Downloaded(_) | TrainerEvent::Entered(..)));
        assert_eq!(events, []);
    }
}

#[test]
fn data_that_fails_midway_is_asked_for_again_and_the_run_goes_on_where_it_stood() {
    let (sender, inbox) = unbounded();
    let failed = Input::Data(Data::Failed("the network is gone".into()));
    for input in [start(1), training(100), Input::Command(TrainerCommand::Train), failed] {
        sender.unbounded_send(input).unwrap();
    }
    let sender = Rc::new(RefCell::new(Some(sender)));
    let send = {
        let sender = sender.clone();
        move |input| {
            sender.borrow().iter().for_each(|sender| sender.unbounded_send(Input::clone(&input)).unwrap())
        }
    };
    let events = Rc::new(RefCell::new(Vec::new()));
    // The last 100 of 200.
    let load_again = {
        let send = send.clone();
        move || {
            let Input::Data(Data::Training(Arrived { pixels, bytes_gzip })) = training(200) else { return };
            send(Input::Data(Data::Training(Arrived {
                pixels: pixels[100 * PIXELS..].to_vec(),
                bytes_gzip,
            })));
            send(test_images());
        }
    };
    let emit = {
        let events = events.clone();
        move |output: Output| {
            let event = match output {
                Output::Event(event) => event,
                Output::LoadAgain => return load_again(),
                Output::Snapshot(_) => return,
            };
            match &event {
                TrainerEvent::Checkpoint { run: 1, file, .. } => {
                    let Checkpoint { settings, progress, history } = Checkpoint::parse(file).unwrap();
                    let progress = Some(progress.into());
                    send(Input::Command(TrainerCommand::Start {
                        run: 2,
                        settings,
                        progress,
                        history: history.into(),
                    }));
                    send(Input::Command(TrainerCommand::Train));
                }
                TrainerEvent::Checkpoint { run: 2, .. } => drop(sender.take()),
                _ => {}
            }
            events.borrow_mut().push(event);
        }
    };
    block_on(
        Session::<CpuTrainer, _>::new(DatasetId::Mnist, EngineSetup::default(), emit)
            .serve(inbox, async || {}),
    );
    let events = events.take();
    let told_so = TrainerEvent::Failed { run: 1, message: "the network is gone".into() };
    assert!(events.contains(&told_so));
    let whole =
        told(vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)], |_| None);
    assert_eq!(losses(&events), losses(&whole));
}

#[test]
fn images_that_end_within_one_stop_the_run_with_a_sentence() {
    let partial = Input::Data(Data::Training(Arrived { pixels: vec![0; PIXELS + 1], bytes_gzip: 10 }));
    let events = told(vec![start(1), partial, Input::Command(TrainerCommand::Train)], |_| None);
    assert_eq!(phases(&events), [Phase::Idle, Phase::Failed]);
    let sentence =
        "the images could not be read: 785 bytes are not a whole number of images of 28 × 28 pixels";
    assert!(events.contains(&TrainerEvent::Failed { run: 1, message: sentence.into() }), "{events:?}");
}

/// All that a session gives out.
fn outputs(inputs: Vec<Input>) -> Vec<Output> {
    let (sender, inbox) = unbounded();
    inputs.into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    let outputs = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let outputs = outputs.clone();
        move |output: Output| {
            let is_last = matches!(output, Output::Event(TrainerEvent::Checkpoint { .. }));
            outputs.borrow_mut().push(output);
            if is_last {
                sender.close_channel();
            }
        }
    };
    block_on(
        Session::<CpuTrainer, _>::new(DatasetId::Mnist, EngineSetup::default(), emit)
            .serve(inbox, async || {}),
    );
    outputs.take()
}

#[test]
fn the_weights_of_snapshots_go_to_the_explorer_that_is_connected_and_nowhere_else() {
    let run = |connect: Vec<Input>| {
        let step = Input::Command(TrainerCommand::Step);
        outputs([vec![start(1), training(200)], connect, vec![step]].concat())
    };
    let weights = |outputs: &[Output]| -> Vec<(u32, u64)> {
        let of_snapshot = |output: &Output| match output {
            Output::Snapshot(snapshot) => Some((snapshot.run, snapshot.steps)),
            _ => None,
        };
        outputs.iter().filter_map(of_snapshot).collect()
    };
    let reported = Output::Event(TrainerEvent::Snapshot { run: 1, steps: 1 });
    let unconnected = run(vec![]);
    assert!(unconnected.contains(&reported));
    assert_eq!(weights(&unconnected), []);
    // An explorer gets the weights of the moment as soon as it is connected.
    let connected = run(vec![Input::Command(TrainerCommand::ConnectExplorer)]);
    assert!(connected.contains(&reported));
    assert_eq!(weights(&connected), [(1, 0), (1, 1)]);
}

#[test]
fn how_a_trainer_trains_is_reported_with_the_device_before_its_run_begins() {
    let events = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let events = events.clone();
        move |output| events.borrow_mut().push(output)
    };
    let (sender, inbox) = unbounded();
    sender.unbounded_send(start(1)).unwrap();
    drop(sender);
    let engine = EngineSetup { context: (), device: "a device".into(), compiles: true };
    block_on(Session::<Described, _>::new(DatasetId::Mnist, engine, emit).serve(inbox, async || {}));
    let expected =
        [TrainerEvent::Ready("a device · in its own way".into()), TrainerEvent::Entered(1, Phase::Idle)];
    assert_eq!(events.take(), expected.map(Output::Event));
}

/// The CPU's trainer, with a description.
struct Described(CpuTrainer);

impl Wrapper for Described {
    type Inner = CpuTrainer;
    type Context = ();

    async fn new((): &(), model: &ModelSpec, progress: &Progress) -> Result<Self, TrainerError> {
        Ok(Self(CpuTrainer::new(&(), model, progress).await?))
    }
    fn set_noise(&mut self, noise: Noise) {
        self.0.set_noise(noise);
    }
    async fn train(
        &mut self,
        images: &Images,
        batches: &[&[u32]],
        rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        self.0.train(images, batches, rate).await
    }
    async fn up_to_date(&mut self, _: Tensors) -> Result<&mut CpuTrainer, TrainerError> {
        Ok(&mut self.0)
    }
    fn description(&self) -> String {
        "in its own way".into()
    }
}
