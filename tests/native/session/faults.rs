//! Settings, data and devices that fail.

use super::*;

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
