//! A trainer's session: it holds the data and one run, does a slice of work at a time, and listens in between.

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use latent_core::{
    data::Images,
    settings::{Settings, TEST_IMAGES, TRAINING_IMAGES},
    training::{
        Progress, Trainer, TrainerError,
        checkpoint::Checkpoint,
        history::History,
        run::{Dataset, LONG_SLICE, Run, RunError, SHORT_SLICE, Slice},
    },
};
use latent_protocol::{Download, Phase, TrainerCommand, TrainerEvent};
use web_time::{Duration, Instant};

/// How often the newest weights are posted while training.
const SNAPSHOT_EVERY: Duration = Duration::from_millis(250);
/// How often a checkpoint is posted while training: what a fault may cost at most.
const KEEP_EVERY: Duration = Duration::from_secs(10);
/// A change of the settings that comes sooner than this after a checkpoint isn't worth another.
const KEEP_AGAIN_AFTER: Duration = Duration::from_secs(1);

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
    /// One more step, after the validation of the epoch before if that is still due.
    OneStep,
    /// The validation that this step has made due, if it has.
    ItsValidation,
    TheEnd,
}

/// The numbered run under way.
struct Current<T> {
    number: u32,
    run: Run<T>,
    history: History,
    /// Steps done at the last checkpoint.
    kept: u64,
    /// No checkpoint can be made of it, and the page was told so.
    is_unkeepable: bool,
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
    /// Why no more data comes, until it is asked for again.
    failure: Option<String>,
    ask_again: Box<dyn Fn()>,
    data: Dataset,
    download: Download,
    is_watched: bool,
    snapshot_at: Instant,
    kept_at: Instant,
    /// How many workers the page was told of.
    workers: usize,
}

impl<T: Trainer, Emit: Fn(TrainerEvent)> Session<T, Emit> {
    /// A session without a run. `ask_again` has a feed that failed go on; `compiles`: whether the engine's first step
    /// compiles kernels.
    pub fn new(emit: Emit, ask_again: impl Fn() + 'static, compiles: bool) -> Self {
        Self {
            emit,
            current: None,
            number: 0,
            phase: Phase::Idle,
            goal: Goal::Nothing,
            starved: false,
            cold: compiles,
            failure: None,
            ask_again: Box::new(ask_again),
            data: Dataset {
                training: Images::with_capacity(TRAINING_IMAGES),
                test: Images::with_capacity(TEST_IMAGES),
                test_images: TEST_IMAGES,
            },
            download: Download { of_images: TRAINING_IMAGES + TEST_IMAGES, ..Download::default() },
            is_watched: true,
            snapshot_at: Instant::now(),
            kept_at: Instant::now(),
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
            TrainerCommand::Start { run, settings, progress, history } => {
                self.start(run, settings, progress, *history).await;
            }
            TrainerCommand::Train => self.pursue(Goal::TheEnd),
            TrainerCommand::Step => self.pursue(Goal::OneStep),
            TrainerCommand::Pause if self.phase.is_active() => self.stop(Phase::Paused).await,
            TrainerCommand::Pause => {}
            TrainerCommand::Adjust { learning_rate, epochs } => {
                // Should the losses explode from here on, nothing is lost that was trained before.
                if self.goal != Goal::Nothing && self.kept_at.elapsed() >= KEEP_AGAIN_AFTER {
                    self.keep().await;
                }
                let Some(current) = &mut self.current else { return };
                match current.run.adjust(learning_rate, epochs) {
                    Ok(()) if self.phase == Phase::Finished => self.enter(Phase::Paused),
                    Ok(()) => {}
                    Err(error) => self.fail(error.to_string()),
                }
            }
            TrainerCommand::Save => self.save().await,
            TrainerCommand::Keep => self.keep().await,
            TrainerCommand::Watched(is_watched) => self.is_watched = is_watched,
        }
    }

    async fn start(&mut self, number: u32, settings: Settings, progress: Option<Progress>, history: History) {
        (self.number, self.goal, self.current) = (number, Goal::Nothing, None);
        let made = match settings.check() {
            Ok(()) => {
                let initial = || Progress::initial(&settings.model, settings.seed);
                let progress = progress.unwrap_or_else(initial);
                Run::new(settings, &progress).await
            }
            Err(error) => Err(TrainerError::Settings(error)),
        };
        match made {
            Ok(run) => {
                let kept = run.steps();
                self.current = Some(Current { number, run, history, kept, is_unkeepable: false });
                self.enter(Phase::Idle);
                if self.failure.take().is_some() {
                    (self.ask_again)();
                }
            }
            Err(error) => self.stumble(error.into()),
        }
    }

    fn pursue(&mut self, goal: Goal) {
        if self.current.is_some() && !matches!(self.phase, Phase::Failed | Phase::Finished) {
            if self.goal == Goal::Nothing {
                self.kept_at = Instant::now();
            }
            self.goal = goal;
        }
    }

    fn store(&mut self, data: Data) {
        match data {
            Data::Announced(bytes) => self.download.of_bytes = bytes,
            Data::Training(arrived) => {
                if let Err(error) = self.data.training.append(&arrived.pixels) {
                    return self.failure = Some(error.to_string());
                }
                self.download.bytes += arrived.bytes_gzip;
            }
            Data::Test(arrived) => {
                if let Err(error) = self.data.test.append(&arrived.pixels) {
                    return self.failure = Some(error.to_string());
                }
                self.download.bytes += arrived.bytes_gzip;
            }
            // The run goes on as long as it needs no more.
            Data::Failed(message) => return self.failure = Some(message),
        }
        self.download.images = self.data.training.len() + self.data.test.len();
        (self.emit)(TrainerEvent::Downloaded(self.download));
    }

    async fn work(&mut self) {
        let most_steps = if self.goal == Goal::OneStep || self.cold { 1 } else { usize::MAX };
        let Some(Current { run, .. }) = &mut self.current else { return };
        self.starved = run.is_waiting(&self.data);
        if self.starved
            && let Some(message) = self.failure.clone()
        {
            self.keep().await;
            return self.fail(message);
        }
        self.enter(match self.starved {
            true => Phase::Loading,
            false if self.cold => Phase::Compiling,
            false => Phase::Training,
        });
        let Some(Current { number, run, history, .. }) = &mut self.current else { return };
        let time = if self.is_watched { SHORT_SLICE } else { LONG_SLICE };
        let (slice, run) = (run.advance(&self.data, most_steps, time).await, *number);
        match slice {
            Ok(None) => {}
            Ok(Some(Slice::Trained { steps_before, losses })) => {
                self.cold = false;
                history.trained(&losses);
                (self.emit)(TrainerEvent::Trained { run, steps_before, losses });
                self.tell_workers();
                if self.goal == Goal::OneStep {
                    self.goal = Goal::ItsValidation;
                }
                self.after_steps().await;
            }
            Ok(Some(Slice::Validating)) => (self.emit)(TrainerEvent::Alive),
            Ok(Some(Slice::Validated { epochs, loss })) => {
                let _ = history.validated(loss);
                (self.emit)(TrainerEvent::Validated { run, epochs, loss });
                self.after_steps().await;
            }
            Ok(Some(Slice::Finished)) => self.stop(Phase::Finished).await,
            Err(error) => self.stumble(error),
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
        if self.goal == Goal::ItsValidation && !due {
            self.stop(Phase::Paused).await;
        } else if self.is_watched && self.snapshot_at.elapsed() >= SNAPSHOT_EVERY {
            self.snapshot().await;
        }
        if self.kept_at.elapsed() >= KEEP_EVERY {
            self.keep().await;
        }
    }

    async fn stop(&mut self, phase: Phase) {
        self.goal = Goal::Nothing;
        self.enter(phase);
        self.snapshot().await;
        self.keep().await;
    }

    async fn snapshot(&mut self) {
        let Some(Current { number, run, .. }) = &mut self.current else { return };
        match run.trainer().weights().await {
            Ok(weights) => {
                let steps = run.steps();
                (self.emit)(TrainerEvent::Snapshot { run: *number, steps, weights });
            }
            Err(error) => self.stumble(error.into()),
        }
        self.snapshot_at = Instant::now();
    }

    /// Posts a checkpoint, if anything was trained since the last one.
    async fn keep(&mut self) {
        let Some(current) = &self.current else { return };
        let (run, steps) = (current.number, current.run.steps());
        self.kept_at = Instant::now();
        if current.kept == steps || current.is_unkeepable {
            return;
        }
        let Some(made) = self.checkpoint().await else { return };
        if let Some(current) = &mut self.current {
            (current.kept, current.is_unkeepable) = (steps, made.is_err());
        }
        (self.emit)(match made {
            Ok(file) => TrainerEvent::Kept { run, steps, file },
            Err(why) => TrainerEvent::NotKept { run, why },
        });
    }

    async fn save(&mut self) {
        let number = self.number;
        match self.checkpoint().await {
            Some(Ok(file)) => (self.emit)(TrainerEvent::Saved { run: number, file }),
            Some(Err(why)) => (self.emit)(TrainerEvent::NotKept { run: number, why }),
            None => {}
        }
    }

    /// The run as a file, or why it can't be one.
    async fn checkpoint(&mut self) -> Option<Result<Vec<u8>, String>> {
        let Current { run, history, .. } = self.current.as_mut()?;
        match run.trainer().progress().await {
            Ok(progress) => {
                let (settings, history) = (run.settings().clone(), history.clone());
                let checkpoint = Checkpoint { settings, progress, history };
                Some(checkpoint.to_bytes().map_err(|error| error.to_string()))
            }
            Err(error) => {
                self.stumble(error.into());
                None
            }
        }
    }

    fn enter(&mut self, phase: Phase) {
        if self.phase != phase || phase == Phase::Idle {
            self.phase = phase;
            (self.emit)(TrainerEvent::Entered(self.number, phase));
        }
    }

    /// What it trained with is gone, or not to be trusted: another worker has to go on.
    fn lose(&mut self, news: TrainerEvent) {
        (self.goal, self.current) = (Goal::Nothing, None);
        (self.emit)(news);
    }

    /// Without its device a worker is of no use to anyone; every other error is the run's.
    fn stumble(&mut self, error: RunError) {
        match error {
            RunError::Trainer(TrainerError::Device(why)) => {
                self.lose(TrainerEvent::Lost(format!("its GPU is gone ({why})")));
            }
            RunError::Trainer(TrainerError::Team(why)) => self.lose(TrainerEvent::Lost(why)),
            RunError::Trainer(TrainerError::Wrong(what)) => self.lose(TrainerEvent::Wrong(what)),
            error => self.fail(error.to_string()),
        }
    }

    fn fail(&mut self, message: String) {
        self.goal = Goal::Nothing;
        (self.emit)(TrainerEvent::Failed { run: self.number, message });
        self.enter(Phase::Failed);
    }
}
