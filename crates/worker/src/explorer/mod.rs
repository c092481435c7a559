//! An explorer's session: it decodes the point under the finger, encodes the plotted digits, takes some of them there
//! and back, and measures the error over whole sets, from the newest weights it was given; or shows the pretrained
//! decoder, which came with the codes of the sample and has no encoder.
//!
//! It does a piece of work at a time, the most urgent first, and listens in between: a finger never waits for sixty
//! thousand digits.

mod digits;
mod measure;
mod shown;
mod work;

use self::{digits::Sets, measure::Measuring, shown::Networks};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;
use latent_core::{
    data::Split,
    plane::{Grid, Plotted},
    pretrained::Pretrained,
    weights::Weights,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent};
use std::ops::Range;

/// Images that are encoded or measured in one piece: a millisecond or two, which is how long a finger may wait for it.
const BLOCK: usize = 250;
/// Images of the manifold that are drawn in one piece: as long.
const DRAWN: usize = 80;

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
    /// The pretrained decoder's file was asked for and is there; or it can't be had, and why, in a sentence.
    Pretrained(Result<Vec<u8>, String>),
}

/// What an explorer asks for: it arrives as [`Input`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// These images of a set, in their order, and the set's labels before its first image.
    Images(Split, Range<usize>),
    /// The pretrained decoder's file.
    Pretrained,
}

/// An explorer's session. `Emit` posts an event to the page; `Ask` has a wish brought.
pub struct Explorer<Emit, Ask> {
    emit: Emit,
    ask: Ask,
    networks: Networks,
    sets: Sets,
    plotted: Plotted,
    code: Vec<f32>,
    followed: Vec<u32>,
    grid: Option<Grid>,
    due: Due,
    /// The labels that the page has.
    told_labels: Vec<u8>,
    /// The manifold's images, as far as they are drawn: `[n, 784]`.
    drawing: Option<Vec<u8>>,
    /// The codes of the plotted digits, as far as they are encoded.
    encoding: Option<Vec<f32>>,
    measuring: Option<Measuring>,
}

/// What has to be told anew because what it follows from has changed.
#[derive(Clone, Copy, Default)]
struct Due {
    image: bool,
    pairs: bool,
    map: bool,
    codes: bool,
}

impl<Emit: Fn(ExplorerEvent), Ask: Fn(Wish)> Explorer<Emit, Ask> {
    /// An explorer of nothing yet.
    pub fn new(emit: Emit, ask: Ask) -> Self {
        Self {
            emit,
            ask,
            networks: Networks::default(),
            sets: Sets::default(),
            plotted: Plotted::default(),
            code: Vec::new(),
            followed: Vec::new(),
            grid: None,
            due: Due::default(),
            told_labels: Vec::new(),
            drawing: None,
            encoding: None,
            measuring: None,
        }
    }

    /// Serves until the inbox is closed and all is done. `rest` lets messages in between two pieces of work.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Input>, rest: impl AsyncFn()) {
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
                self.sets.of_mut(set).labels = labels;
                self.tell_labels();
            }
            Input::Images(set, pixels) => {
                if let Err(error) = self.sets.of_mut(set).images.append(&pixels) {
                    return self.take(Input::Failed(set, error.to_string()));
                }
                self.due.codes |= set == self.plotted.set();
                self.due.pairs |= set == self.plotted.set();
            }
            Input::Failed(set, message) => {
                self.sets.of_mut(set).gave_up();
                (self.emit)(ExplorerEvent::Failed(message));
            }
            Input::Pretrained(file) => self.take_pretrained(file),
        }
    }

    fn take_pretrained(&mut self, file: Result<Vec<u8>, String>) {
        let parsed = file.and_then(|file| Pretrained::parse(&file).map_err(|error| error.to_string()));
        let labels = parsed.and_then(|pretrained| {
            self.networks.take_pretrained(&pretrained).map_err(|error| error.to_string())?;
            Ok(pretrained.labels().to_vec())
        });
        match labels {
            Ok(labels) => {
                let test = self.sets.of_mut(Split::Test);
                if test.labels.is_empty() {
                    test.labels = labels;
                }
                self.tell_labels();
                self.all_is_due();
            }
            Err(why) => {
                self.networks.gave_up_pretrained();
                (self.emit)(ExplorerEvent::NoPretrained(why));
            }
        }
    }

    fn obey(&mut self, command: ExplorerCommand) {
        match command {
            ExplorerCommand::Show { model, weights, seed, steps } => {
                let weights = weights.unwrap_or_else(|| Weights::initial(&model, seed));
                self.leave_pretrained(model.latent_units());
                match self.networks.show(model, weights, steps) {
                    Ok(is_another) => {
                        if is_another {
                            (self.encoding, self.drawing) = (None, None);
                        }
                        self.all_is_due();
                    }
                    Err(error) => (self.emit)(ExplorerEvent::Failed(error.to_string())),
                }
            }
            ExplorerCommand::ShowPretrained => {
                if self.networks.show_pretrained() {
                    (self.ask)(Wish::Pretrained);
                }
                (self.encoding, self.drawing) = (None, None);
                self.all_is_due();
            }
            ExplorerCommand::Decode(code) => {
                self.due.image |= self.code != code;
                self.code = code;
            }
            ExplorerCommand::Plot(plotted) => {
                self.plotted = plotted;
                self.encoding = None;
                self.due.codes = true;
                self.want(plotted.set(), plotted.count());
                self.tell_labels();
            }
            ExplorerCommand::Follow(digits) => {
                self.followed = digits;
                self.due.pairs = true;
            }
            ExplorerCommand::Map(grid) => {
                self.due.map = grid.is_some();
                (self.grid, self.drawing) = (grid, None);
            }
            ExplorerCommand::Measure => self.begin_to_measure(),
        }
    }

    /// What follows from the network has to be told anew.
    fn all_is_due(&mut self) {
        self.due = Due { image: true, pairs: true, map: true, codes: true };
    }

    /// Codes of the pretrained decoder are of no use to another one. While there are no images to encode, none are.
    fn leave_pretrained(&mut self, units: usize) {
        if self.networks.leave_pretrained() && self.sets.of(self.plotted.set()).images.is_empty() {
            (self.emit)(ExplorerEvent::Codes { units, codes: Vec::new() });
        }
    }

    /// Has the first `images` of a set brought, as far as that isn't under way.
    fn want(&mut self, set: Split, images: usize) {
        if let Some(missing) = self.sets.of_mut(set).missing(images) {
            (self.ask)(Wish::Images(set, missing));
        }
    }

    /// Tells the labels of the plotted digits, unless the page has them.
    fn tell_labels(&mut self) {
        let labels = &self.sets.of(self.plotted.set()).labels;
        let labels = &labels[..self.plotted.count().min(labels.len())];
        if !labels.is_empty() && labels != self.told_labels {
            self.told_labels = labels.to_vec();
            (self.emit)(ExplorerEvent::Labels(labels.to_vec()));
        }
    }
}
