//! The helper's program: it takes images, joins the other members, and trains what the trainer asks for.

use super::{communicator::Ports, helper_images};
use crate::{messages, release};
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use latent_core::{
    data::Images,
    noise::Noise,
    team::{Rank, StateKind, TeamTrainer, Worker},
    training::TrainerError,
};
use latent_protocol::{HelperCommand, HelperEvent};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::MessagePort;

/// Serves as a helper that trains with a `T`.
pub fn help<T: TeamTrainer<Context = ()> + 'static>() -> Result<(), JsValue> {
    let (sender, inbox) = unbounded();
    let refuse = |why| messages::post(&HelperEvent::Failed(why));
    messages::listen(sender, |command: HelperCommand, ports| (command, ports), refuse);
    spawn_local(serve::<T>(inbox));
    messages::greet();
    Ok(())
}

async fn serve<T: TeamTrainer<Context = ()>>(
    mut inbox: UnboundedReceiver<(HelperCommand, Vec<MessagePort>)>,
) {
    let mut helper = Helper::<T> { images: Images::new(release::dataset().shape()), member: None };
    while let Some((command, ports)) = inbox.next().await {
        if let Err(error) = helper.obey(command, ports).await {
            // The trainer ends its helpers then.
            return messages::post(&HelperEvent::Failed(error.to_string()));
        }
    }
}

struct Helper<T> {
    images: Images,
    /// Its share of the network, and the ports to the other members.
    member: Option<(Worker<T>, Ports)>,
}

impl<T: TeamTrainer<Context = ()>> Helper<T> {
    async fn obey(&mut self, command: HelperCommand, ports: Vec<MessagePort>) -> Result<(), TrainerError> {
        match command {
            HelperCommand::Images { from, total, pixels } => {
                helper_images::add(&mut self.images, from, total, &pixels)
                    .map_err(|error| TrainerError::Team(error.to_string()))?;
            }
            HelperCommand::Join { member, members, model, progress, seed } => {
                let mut joined = Worker::new(T::new(&(), &model, &progress).await?);
                joined.trainer().set_noise(Noise::seeded(seed));
                joined.set_rank(Rank { index: member, of: members })?;
                let others = (0..members).filter(|&other| other != member);
                self.member = Some((joined, Ports::new(others.zip(ports))));
            }
            HelperCommand::Train { batches, learning_rate } => {
                let (member, ports) = joined(&mut self.member)?;
                let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
                // The trainer computes the same losses.
                let _same = member.train(ports, &self.images, &batches, learning_rate).await?;
            }
            HelperCommand::Give { moments } => {
                let tensors = if moments { StateKind::Progress } else { StateKind::Weights };
                messages::post(&HelperEvent::Gave(joined(&mut self.member)?.0.owned_state(tensors)?));
            }
        }
        Ok(())
    }
}

fn joined<T>(member: &mut Option<(Worker<T>, Ports)>) -> Result<&mut (Worker<T>, Ports), TrainerError> {
    member
        .as_mut()
        .ok_or_else(|| TrainerError::Team("a helper was asked to train before it had joined".into()))
}
