//! An explorer's session: it decodes the point under the finger and encodes the plotted digits, from the newest
//! weights it was given. It skips what was overtaken while it was at work.

use crate::{
    data::Images,
    kernels::cpu::CpuNetwork,
    network::Weights,
    protocol::{ExplorerCommand, ExplorerEvent},
    settings::Architecture,
    training::TrainerError,
};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;

/// What reaches an explorer.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// From the page.
    Command(ExplorerCommand),
    /// The plotted digits: `[images, 784]`, and their labels.
    Digits {
        /// Pixels.
        pixels: Vec<u8>,
        /// Labels, 0 to 9.
        labels: Vec<u8>,
    },
    /// The digits can't be had, and why, in a sentence.
    Failed(String),
}

/// An explorer's session. `Emit` posts an event to the page.
pub struct Explorer<Emit> {
    emit: Emit,
    architecture: Architecture,
    network: Option<CpuNetwork>,
    digits: Images,
    code: Vec<f32>,
    /// The network or the digits changed since the digits were encoded.
    codes_are_old: bool,
    /// The network or the point changed since the point was decoded.
    image_is_old: bool,
}

impl<Emit: Fn(ExplorerEvent)> Explorer<Emit> {
    /// An explorer of nothing yet.
    pub fn new(emit: Emit) -> Self {
        Self {
            emit,
            architecture: Architecture::default(),
            network: None,
            digits: Images::default(),
            code: vec![0.0; 2],
            codes_are_old: false,
            image_is_old: false,
        }
    }

    /// Serves until the inbox is closed.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Input>) {
        while let Some(input) = inbox.next().await {
            self.take(input);
            while let Ok(input) = inbox.try_recv() {
                self.take(input);
            }
            self.answer();
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Command(ExplorerCommand::Show { architecture, weights, seed }) => {
                let weights = weights.unwrap_or_else(|| Weights::initial(&architecture, seed));
                match self.show(architecture, &weights) {
                    Ok(()) => (self.codes_are_old, self.image_is_old) = (true, true),
                    Err(error) => (self.emit)(ExplorerEvent::Failed(error.to_string())),
                }
            }
            Input::Command(ExplorerCommand::Decode(code)) => {
                self.code = code;
                self.image_is_old = true;
            }
            Input::Digits { pixels, labels } => {
                self.digits.append(&pixels);
                self.codes_are_old = true;
                (self.emit)(ExplorerEvent::Labels(labels));
            }
            Input::Failed(message) => (self.emit)(ExplorerEvent::Failed(message)),
        }
    }

    fn show(&mut self, architecture: Architecture, weights: &Weights) -> Result<(), TrainerError> {
        weights.check(&architecture)?;
        match &mut self.network {
            Some(network) if self.architecture == architecture => network.load(weights)?,
            network => {
                *network = Some(CpuNetwork::new(&architecture, weights)?);
                self.architecture = architecture;
            }
        }
        Ok(())
    }

    /// The point first: somebody's finger is on it.
    fn answer(&mut self) {
        let Some(network) = &mut self.network else { return };
        if self.image_is_old && self.code.len() == self.architecture.code {
            let shades = network.decode(&self.code);
            let image = shades.iter().map(|shade| (shade * 255.0).round() as u8).collect();
            (self.emit)(ExplorerEvent::Decoded { code: self.code.clone(), image });
        }
        if self.codes_are_old && !self.digits.is_empty() {
            (self.emit)(ExplorerEvent::Codes(network.encode(&self.digits, 0..self.digits.len())));
        }
        (self.image_is_old, self.codes_are_old) = (false, false);
    }
}
