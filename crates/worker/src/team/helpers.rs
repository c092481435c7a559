//! The trainer's end of the lines to its helpers.

use super::ports::Ports;
use crate::release;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    StreamExt,
    future::{Either, select},
};
use js_sys::Array;
use latent_browser::worker_handle::{Broken, Line};
use latent_core::{
    data::Images,
    model::ModelSpec,
    settings::PIXELS,
    training::{Progress, TrainerError},
};
use latent_protocol::{HelperCommand, HelperEvent, Role};
use std::pin::pin;
use web_sys::MessageChannel;

/// Images that are handed over in one message, 1.5 MB: both ends copy them, and memory once taken stays taken.
const PIECE: usize = 2_000;
/// Pieces that are handed over between two slices while training waits for none of them.
const PIECES: usize = 4;

/// Helpers of one trainer. They are ended when this is dropped.
pub(super) struct Helpers {
    /// Helper `i` is member `i`. The trainer is the last one: it has other things to do as well, and the last part is
    /// never larger than the others.
    lines: Vec<Line<HelperCommand>>,
    given: UnboundedReceiver<(usize, Vec<u8>)>,
    broken: UnboundedReceiver<String>,
    /// Which images they have ([`Images::identity`]), and how many.
    has: (u64, usize),
}

impl Helpers {
    /// Spawns so many; where a worker can't spawn others, the error says so.
    pub(super) fn call(count: usize) -> Result<Self, String> {
        let (give, given) = unbounded();
        let (break_, broken) = unbounded();
        let lines = (0..count).map(|member| open(member, &give, &break_)).collect::<Result<_, _>>()?;
        Ok(Self { lines, given, broken, has: (0, 0) })
    }

    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// Whether all listen and have these images; hands some of those that they lack over. The error is how one broke.
    pub(super) fn are_ready(&mut self, images: &Images) -> Result<bool, String> {
        if let Ok(why) = self.broken.try_recv() {
            return Err(why);
        }
        if !self.lines.iter().all(Line::is_listening) {
            return Ok(false);
        }
        self.hand(images, PIECES);
        Ok(self.has == (images.identity(), images.len()))
    }

    /// Hands all images over that they lack.
    pub(super) fn hand_all(&mut self, images: &Images) {
        self.hand(images, usize::MAX);
    }

    fn hand(&mut self, images: &Images, pieces: usize) {
        let (identity, has) = self.has;
        let has = if identity == images.identity() { has } else { 0 };
        self.has = (images.identity(), has);
        for piece in images.pixels()[has * PIXELS..].chunks(PIECE * PIXELS).take(pieces) {
            self.tell(&HelperCommand::Images { from: self.has.1, pixels: piece.to_vec() });
            self.has.1 += piece.len() / PIXELS;
        }
    }

    /// Has them take their seats, and gives the trainer's ports to them.
    pub(super) fn join(&self, model: &ModelSpec, progress: &Progress) -> Result<Ports, String> {
        let members = 1 + self.count();
        // `ports[a][b]` is a's port to b.
        let mut ports: Vec<Vec<_>> = (0..members).map(|_| Vec::new()).collect();
        for b in 1..members {
            for a in 0..b {
                let channel = MessageChannel::new().map_err(|error| format!("{error:?}"))?;
                ports[a].push((b, channel.port1()));
                ports[b].push((a, channel.port2()));
            }
        }
        let own = ports.pop().into_iter().flatten();
        for ((member, line), ports) in self.lines.iter().enumerate().zip(ports) {
            let (model, progress) = (model.clone(), progress.clone());
            let ports = ports.into_iter().map(|(_, port)| port).collect::<Array>();
            line.send_with_ports(&HelperCommand::Join { member, members, model, progress }, &ports);
        }
        Ok(Ports::new(own))
    }

    /// Tells all of them the same.
    pub(super) fn tell(&self, command: &HelperCommand) {
        self.lines.iter().for_each(|line| line.send(command));
    }

    /// What each of them gives, after [`HelperCommand::Give`], with its number.
    pub(super) async fn gather(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
        let count = self.count();
        let given = pin!(self.given.by_ref().take(count).collect());
        match select(given, pin!(broken(&mut self.broken))).await {
            Either::Left((given, _)) => Ok(given),
            Either::Right((error, _)) => Err(error),
        }
    }

    /// Comes back when one of them broke, and says how.
    pub(super) async fn broken(&mut self) -> TrainerError {
        broken(&mut self.broken).await
    }
}

async fn broken(broken: &mut UnboundedReceiver<String>) -> TrainerError {
    TrainerError::Team(broken.next().await.unwrap_or_default())
}

fn open(
    member: usize,
    give: &UnboundedSender<(usize, Vec<u8>)>,
    broken: &UnboundedSender<String>,
) -> Result<Line<HelperCommand>, String> {
    let hear = {
        let (give, broken) = (give.clone(), broken.clone());
        // Nobody listens any more only when the helpers are dropped.
        move |event| match event {
            HelperEvent::Gave(bytes) => drop(give.unbounded_send((member, bytes))),
            HelperEvent::Failed(why) => drop(broken.unbounded_send(why)),
        }
    };
    let broken = broken.clone();
    let broke = move |how| {
        let why = match how {
            Broken::OtherRelease => "a helper is of another version than its trainer".into(),
            Broken::Missing(why) | Broken::Died(why) => format!("a helper stopped: {why}"),
        };
        drop(broken.unbounded_send(why));
    };
    Line::open(&release::script(), release::id(), Role::Helper, |_| {}, hear, broke)
        .map_err(|error| format!("{error:?}"))
}
