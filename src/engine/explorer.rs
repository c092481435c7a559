//! An explorer's session: it decodes the point under the finger, encodes the plotted digits, takes some of them there
//! and back, and measures the error over whole sets, from the newest weights it was given.
//!
//! It does a piece of work at a time, the most urgent first, and listens in between: a finger never waits for sixty
//! thousand digits.

use crate::{
    data::{Images, Split},
    kernels::cpu::CpuNetwork,
    network::Weights,
    plane::{Grid, Plotted},
    protocol::{ExplorerCommand, ExplorerEvent, Pair},
    settings::Architecture,
    training::TrainerError,
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use std::{mem::take, ops::Range};

/// Images that are encoded or measured in one piece: some ten milliseconds of work.
const BLOCK: usize = 1_000;

/// What reaches an explorer.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// From the page.
    Command(ExplorerCommand),
    /// The labels of a set, 0 to 9, were asked for and are there.
    Labels(Split, Vec<u8>),
    /// The next images of a set, `[images, 784]`, were asked for and are there.
    Images(Split, Vec<u8>),
    /// Images of a set can't be had, and why, in a sentence.
    Failed(Split, String),
}

/// An explorer's session. `Emit` posts an event to the page; `Ask` has images of a set brought: they arrive as
/// [`Input`] in their order, and the set's labels before its first image.
pub struct Explorer<Emit, Ask> {
    emit: Emit,
    ask: Ask,
    shown: Option<Shown>,
    training: Digits,
    test: Digits,
    plotted: Plotted,
    code: Vec<f32>,
    followed: Vec<u32>,
    grid: Option<Grid>,
    due: Due,
    /// The codes of the plotted digits, as far as they are encoded.
    encoding: Option<Vec<f32>>,
    measuring: Option<Measuring>,
}

/// The network that is explored.
struct Shown {
    architecture: Architecture,
    weights: Weights,
    steps: u64,
    network: CpuNetwork,
}

/// What of a set is there.
#[derive(Default)]
struct Digits {
    images: Images,
    labels: Vec<u8>,
    /// Images that were asked for.
    asked: usize,
}

/// What has to be told anew because what it follows from has changed.
#[derive(Default)]
struct Due {
    image: bool,
    pairs: bool,
    map: bool,
    codes: bool,
}

/// The error over whole sets, on its way. The network stays as it was when this began.
struct Measuring {
    network: CpuNetwork,
    steps: u64,
    set: Split,
    images: usize,
    squares: f64,
}

impl<Emit: Fn(ExplorerEvent), Ask: Fn(Split, Range<usize>)> Explorer<Emit, Ask> {
    /// An explorer of nothing yet.
    pub fn new(emit: Emit, ask: Ask) -> Self {
        Self {
            emit,
            ask,
            shown: None,
            training: Digits::default(),
            test: Digits::default(),
            plotted: Plotted::default(),
            code: Vec::new(),
            followed: Vec::new(),
            grid: None,
            due: Due::default(),
            encoding: None,
            measuring: None,
        }
    }

    /// Serves until the inbox is closed and all is done. `rest` lets messages in between two pieces of work.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Input>, rest: impl AsyncFn()) {
        self.want(self.plotted.set(), self.plotted.count());
        loop {
            while let Ok(input) = inbox.try_recv() {
                self.take(input);
            }
            if self.work() {
                rest().await;
            } else {
                match inbox.next().await {
                    Some(input) => self.take(input),
                    None => return,
                }
            }
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Command(command) => self.obey(command),
            Input::Labels(set, labels) => {
                self.digits_mut(set).labels = labels;
                self.tell_labels(set);
            }
            Input::Images(set, pixels) => {
                self.digits_mut(set).images.append(&pixels);
                self.due.codes |= set == self.plotted.set();
                self.due.pairs |= set == self.plotted.set();
            }
            Input::Failed(set, message) => {
                let digits = self.digits_mut(set);
                digits.asked = digits.images.len();
                (self.emit)(ExplorerEvent::Failed(message));
            }
        }
    }

    fn obey(&mut self, command: ExplorerCommand) {
        match command {
            ExplorerCommand::Show { architecture, weights, seed, steps } => {
                let weights = weights.unwrap_or_else(|| Weights::initial(&architecture, seed));
                match self.show(architecture, weights, steps) {
                    Ok(()) => self.due = Due { image: true, pairs: true, map: true, codes: true },
                    Err(error) => (self.emit)(ExplorerEvent::Failed(error.to_string())),
                }
            }
            ExplorerCommand::Decode(code) => {
                self.code = code;
                self.due.image = true;
            }
            ExplorerCommand::Plot(plotted) => {
                self.plotted = plotted;
                self.encoding = None;
                self.due.codes = true;
                self.want(plotted.set(), plotted.count());
                self.tell_labels(plotted.set());
            }
            ExplorerCommand::Follow(digits) => {
                self.followed = digits;
                self.due.pairs = true;
            }
            ExplorerCommand::Map(grid) => {
                self.due.map = grid.is_some();
                self.grid = grid;
            }
            ExplorerCommand::Measure => self.begin_to_measure(),
        }
    }

    fn show(&mut self, architecture: Architecture, weights: Weights, steps: u64) -> Result<(), TrainerError> {
        weights.check(&architecture)?;
        match &mut self.shown {
            Some(shown) if shown.architecture == architecture => {
                shown.network.load(&weights)?;
                (shown.weights, shown.steps) = (weights, steps);
            }
            shown => {
                let network = CpuNetwork::new(&architecture, &weights)?;
                *shown = Some(Shown { architecture, weights, steps, network });
                self.encoding = None;
            }
        }
        Ok(())
    }

    fn digits_mut(&mut self, set: Split) -> &mut Digits {
        match set {
            Split::Training => &mut self.training,
            Split::Test => &mut self.test,
        }
    }

    /// Has the first `images` of a set brought, as far as that isn't under way.
    fn want(&mut self, set: Split, images: usize) {
        let digits = self.digits_mut(set);
        let from = digits.asked;
        if images > from {
            digits.asked = images;
            (self.ask)(set, from..images);
        }
    }

    fn tell_labels(&mut self, set: Split) {
        let plotted = self.plotted;
        let labels = &self.digits_mut(set).labels;
        if set == plotted.set() && !labels.is_empty() {
            let labels = labels[..plotted.count().min(labels.len())].to_vec();
            (self.emit)(ExplorerEvent::Labels(labels));
        }
    }

    /// Does the most urgent piece of work; false when there is none.
    fn work(&mut self) -> bool {
        // The point first: somebody's finger is on it.
        self.decode_point()
            || self.reconstruct()
            || self.decode_map()
            || self.encode_block()
            || self.measure_block()
    }

    fn decode_point(&mut self) -> bool {
        let Some(Shown { network, architecture, .. }) = &mut self.shown else { return false };
        if !take(&mut self.due.image) || self.code.len() != architecture.code {
            return false;
        }
        let image = shades(&network.decode(&self.code));
        (self.emit)(ExplorerEvent::Decoded { code: self.code.clone(), image });
        true
    }

    /// The followed digits, there and back. Those that are not there yet are left out.
    fn reconstruct(&mut self) -> bool {
        let Some(Shown { network, .. }) = &mut self.shown else { return false };
        let digits = match self.plotted.set() {
            Split::Training => &self.training,
            Split::Test => &self.test,
        };
        if !take(&mut self.due.pairs) || self.followed.is_empty() {
            return false;
        }
        let there = self.followed.iter().filter(|&&digit| (digit as usize) < digits.images.len());
        let pair = |&digit: &u32| {
            let at = digit as usize;
            let code = network.encode(&digits.images, at..at + 1);
            let copy = shades(&network.decode(&code));
            let label = digits.labels.get(at).copied();
            Pair { digit, label, original: digits.images.get(at).to_vec(), copy }
        };
        (self.emit)(ExplorerEvent::Pairs(there.map(pair).collect()));
        true
    }

    fn decode_map(&mut self) -> bool {
        let Some(Shown { network, architecture, .. }) = &mut self.shown else { return false };
        let Some(grid) = self.grid.as_ref().filter(|grid| grid.units() == architecture.code) else {
            return false;
        };
        if !take(&mut self.due.map) {
            return false;
        }
        let images = shades(&network.decode(&grid.codes()));
        (self.emit)(ExplorerEvent::Mapped { grid: grid.clone(), images });
        true
    }

    fn encode_block(&mut self) -> bool {
        let Some(Shown { network, architecture, .. }) = &mut self.shown else { return false };
        let images = match self.plotted.set() {
            Split::Training => &self.training.images,
            Split::Test => &self.test.images,
        };
        let count = images.len().min(self.plotted.count());
        if self.encoding.is_none() && count > 0 && take(&mut self.due.codes) {
            self.encoding = Some(Vec::with_capacity(count * architecture.code));
        }
        let Some(codes) = &mut self.encoding else { return false };
        let done = codes.len() / architecture.code;
        let end = count.min(done + BLOCK);
        codes.extend(network.encode(images, done..end));
        if end == count {
            (self.emit)(ExplorerEvent::Codes { units: architecture.code, codes: take(codes) });
            self.encoding = None;
        }
        true
    }

    fn begin_to_measure(&mut self) {
        let Some(Shown { architecture, weights, steps, .. }) = &self.shown else { return };
        match CpuNetwork::new(architecture, weights) {
            Ok(network) => {
                let steps = *steps;
                self.measuring =
                    Some(Measuring { network, steps, set: Split::Test, images: 0, squares: 0.0 });
                for set in [Split::Test, Split::Training] {
                    self.want(set, set.images());
                }
            }
            Err(error) => (self.emit)(ExplorerEvent::Failed(error.to_string())),
        }
    }

    /// Measures the next images, if they are there.
    fn measure_block(&mut self) -> bool {
        let Some(measuring) = &mut self.measuring else { return false };
        let images = match measuring.set {
            Split::Training => &self.training.images,
            Split::Test => &self.test.images,
        };
        let all = measuring.set.images();
        let which = measuring.images..all.min(measuring.images + BLOCK);
        if which.end > images.len() {
            return false;
        }
        measuring.squares += which.len() as f64 * measuring.network.evaluate(images, which.clone());
        measuring.images = which.end;
        if which.end == all {
            let Measuring { steps, set, squares, .. } = *measuring;
            (self.emit)(ExplorerEvent::Measured { steps, set, loss: squares / all as f64 });
            match set {
                Split::Test => {
                    (measuring.set, measuring.images, measuring.squares) = (Split::Training, 0, 0.0);
                }
                Split::Training => self.measuring = None,
            }
        }
        true
    }
}

/// What the network gives, about 0..=1, as bytes; beyond, black and white.
fn shades(image: &[f32]) -> Vec<u8> {
    image.iter().map(|shade| (shade * 255.0).round() as u8).collect()
}
