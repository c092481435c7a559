//! A trainer's session: it holds the data and one run, does a slice of work at a time, and listens in between.

use crate::{
    data::Images,
    protocol::{Download, Phase, TrainerCommand, TrainerEvent},
    settings::{Settings, TEST_IMAGES, TRAINING_IMAGES},
    training::{
        Progress, Trainer, TrainerError,
        run::{Dataset, Run, Slice},
    },
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use web_time::{Duration, Instant};

/// How often the newest weights are posted while training.
const SNAPSHOT_EVERY: Duration = Duration::from_millis(250);

/// What reaches a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// From the page.
    Command(TrainerCommand),
    /// From the feed.
    Data(Data),
}

/// What a feed brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Bytes that will come over the network in all.
    Announced(usize),
    /// The next training images.
    Training(Arrived),
    /// The next test images.
    Test(Arrived),
    /// The data can't be had, and why, in a sentence.
    Failed(String),
}

/// Images that arrived, verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    /// Their pixels, `[images, 784]`.
    pub pixels: Vec<u8>,
    /// Bytes that came over the network for them.
    pub bytes_gzip: usize,
}

/// How far the session is to go by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    Nothing,
    /// One more step (and the validation, if the step ends an epoch).
    OneStep,
    TheEnd,
}

/// The numbered run under way.
struct Current<T> {
    number: u32,
    run: Run<T>,
}

/// A trainer's session. `Emit` posts an event to the page.
pub struct Session<T, Emit> {
    emit: Emit,
    current: Option<Current<T>>,
    number: u32,
    phase: Phase,
    goal: Goal,
    /// Nothing can be done before something arrives.
    starved: bool,
    /// The engine's first step compiles kernels, and hasn't been done.
    cold: bool,
    failure: Option<String>,
    data: Dataset,
    download: Download,
    snapshot_at: Instant,
    /// How many workers the page was told of.
    workers: usize,
}

impl<T: Trainer, Emit: Fn(TrainerEvent)> Session<T, Emit> {
    /// A session without a run. `compiles`: whether the engine's first step compiles kernels.
    pub fn new(emit: Emit, compiles: bool) -> Self {
        Self {
            emit,
            current: None,
            number: 0,
            phase: Phase::Idle,
            goal: Goal::Nothing,
            starved: false,
            cold: compiles,
            failure: None,
            data: Dataset {
                training: Images::with_capacity(TRAINING_IMAGES),
                test: Images::with_capacity(TEST_IMAGES),
                test_images: TEST_IMAGES,
            },
            download: Download { of_images: TRAINING_IMAGES + TEST_IMAGES, ..Download::default() },
            snapshot_at: Instant::now(),
            workers: 1,
        }
    }

    /// Serves until the inbox is closed. `rest` lets messages in between two slices.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Input>, rest: impl AsyncFn()) {
        loop {
            while let Ok(input) = inbox.try_recv() {
                self.take(input).await;
            }
            if self.goal == Goal::Nothing || self.starved {
                match inbox.next().await {
                    Some(input) => self.take(input).await,
                    None => return,
                }
            } else {
                self.work().await;
                rest().await;
            }
        }
    }

    async fn take(&mut self, input: Input) {
        self.starved = false;
        match input {
            Input::Command(command) => self.obey(command).await,
            Input::Data(data) => self.store(data),
        }
    }

    async fn obey(&mut self, command: TrainerCommand) {
        match command {
            TrainerCommand::Start { run, settings, progress } => self.start(run, settings, progress).await,
            TrainerCommand::Train => self.pursue(Goal::TheEnd),
            TrainerCommand::Step => self.pursue(Goal::OneStep),
            TrainerCommand::Pause if self.phase.is_active() => self.stop(Phase::Paused).await,
            TrainerCommand::Pause => {}
            TrainerCommand::Adjust { learning_rate, epochs } => {
                let Some(current) = &mut self.current else { return };
                match current.run.adjust(learning_rate, epochs) {
                    Ok(()) if self.phase == Phase::Finished => self.enter(Phase::Paused),
                    Ok(()) => {}
                    Err(error) => self.fail(error.to_string()),
                }
            }
            TrainerCommand::Save => self.save().await,
        }
    }

    async fn start(&mut self, number: u32, settings: Settings, progress: Option<Progress>) {
        (self.number, self.goal, self.current) = (number, Goal::Nothing, None);
        let made = match settings.check() {
            Ok(()) => {
                let initial = || Progress::initial(&settings.architecture, settings.seed);
                let progress = progress.unwrap_or_else(initial);
                Run::new(settings, &progress).await
            }
            Err(error) => Err(TrainerError::Settings(error)),
        };
        match made {
            Ok(run) => {
                self.current = Some(Current { number, run });
                self.enter(Phase::Idle);
                if let Some(message) = self.failure.clone() {
                    self.fail(message);
                }
            }
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn pursue(&mut self, goal: Goal) {
        if self.current.is_some() && !matches!(self.phase, Phase::Failed | Phase::Finished) {
            self.goal = goal;
        }
    }

    fn store(&mut self, data: Data) {
        match data {
            Data::Announced(bytes) => self.download.of_bytes = bytes,
            Data::Training(arrived) => {
                self.data.training.append(&arrived.pixels);
                self.download.bytes += arrived.bytes_gzip;
            }
            Data::Test(arrived) => {
                self.data.test.append(&arrived.pixels);
                self.download.bytes += arrived.bytes_gzip;
            }
            Data::Failed(message) => {
                self.failure = Some(message.clone());
                return self.fail(message);
            }
        }
        self.download.images = self.data.training.len() + self.data.test.len();
        (self.emit)(TrainerEvent::Downloaded(self.download));
    }

    async fn work(&mut self) {
        let most_steps = if self.goal == Goal::OneStep || self.cold { 1 } else { usize::MAX };
        let Some(Current { run, .. }) = &mut self.current else { return };
        self.starved = run.is_waiting(&self.data);
        self.enter(match self.starved {
            true => Phase::Loading,
            false if self.cold => Phase::Compiling,
            false => Phase::Training,
        });
        let Some(Current { number, run }) = &mut self.current else { return };
        let (slice, run) = (run.advance(&self.data, most_steps).await, *number);
        match slice {
            Ok(None) => {}
            Ok(Some(Slice::Trained { steps_before, losses })) => {
                self.cold = false;
                (self.emit)(TrainerEvent::Trained { run, steps_before, losses });
                self.tell_workers();
                self.after_steps().await;
            }
            Ok(Some(Slice::Validating)) => {}
            Ok(Some(Slice::Validated { epochs, loss })) => {
                (self.emit)(TrainerEvent::Validated { run, epochs, loss });
                self.after_steps().await;
            }
            Ok(Some(Slice::Finished)) => self.stop(Phase::Finished).await,
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn tell_workers(&mut self) {
        let workers = self.current.as_mut().map_or(1, |current| current.run.trainer().workers());
        if self.workers != workers {
            self.workers = workers;
            (self.emit)(TrainerEvent::Workers(workers));
        }
    }

    async fn after_steps(&mut self) {
        let due = self.current.as_ref().is_some_and(|current| current.run.validation_is_due());
        if self.goal == Goal::OneStep && !due {
            self.stop(Phase::Paused).await;
        } else if self.snapshot_at.elapsed() >= SNAPSHOT_EVERY {
            self.snapshot().await;
        }
    }

    async fn stop(&mut self, phase: Phase) {
        self.goal = Goal::Nothing;
        self.enter(phase);
        self.snapshot().await;
    }

    async fn snapshot(&mut self) {
        let Some(Current { number, run }) = &mut self.current else { return };
        match run.trainer().weights().await {
            Ok(weights) => {
                let steps = run.steps();
                (self.emit)(TrainerEvent::Snapshot { run: *number, steps, weights });
            }
            Err(error) => self.fail(error.to_string()),
        }
        self.snapshot_at = Instant::now();
    }

    async fn save(&mut self) {
        let Some(Current { number, run }) = &mut self.current else { return };
        match run.trainer().progress().await {
            Ok(progress) => (self.emit)(TrainerEvent::Saved { run: *number, progress }),
            Err(error) => self.fail(error.to_string()),
        }
    }

    fn enter(&mut self, phase: Phase) {
        if self.phase != phase || phase == Phase::Idle {
            self.phase = phase;
            (self.emit)(TrainerEvent::Entered(self.number, phase));
        }
    }

    fn fail(&mut self, message: String) {
        self.goal = Goal::Nothing;
        (self.emit)(TrainerEvent::Failed { run: self.number, message });
        self.enter(Phase::Failed);
    }
}
