//! Snapshots for whoever looks, and how a trainer is described.

use super::*;

#[test]
fn where_nobody_looks_the_only_snapshot_is_the_last() {
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
    assert_eq!(snapshots(false), 1);
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
