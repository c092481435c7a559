//! A helper's life: it takes images, takes a seat, and trains what the trainer says.

use super::ports::Ports;
use crate::mailbox;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use js_sys::Array;
use latent_core::{
    data::Images,
    training::{Trainer, TrainerError},
};
use latent_cpu::{
    CpuTrainer,
    team::{CpuWorker, Rank, StateKind},
};
use latent_protocol::{HelperCommand, HelperEvent};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Serves as a helper.
pub fn help() -> Result<(), JsValue> {
    let (sender, inbox) = unbounded();
    let refuse = |why| mailbox::post(&HelperEvent::Failed(why));
    mailbox::listen_with_ports(sender, |command: HelperCommand, ports| (command, ports), refuse);
    spawn_local(serve(inbox));
    mailbox::greet();
    Ok(())
}

async fn serve(mut inbox: UnboundedReceiver<(HelperCommand, Array)>) {
    let mut helper = Helper::default();
    while let Some((command, ports)) = inbox.next().await {
        if let Err(error) = helper.obey(command, &ports).await {
            // The trainer ends its helpers when it hears this.
            return mailbox::post(&HelperEvent::Failed(error.to_string()));
        }
    }
}

#[derive(Default)]
struct Helper {
    images: Images,
    seat: Option<(CpuWorker, Ports)>,
}

impl Helper {
    async fn obey(&mut self, command: HelperCommand, ports: &Array) -> Result<(), TrainerError> {
        match command {
            HelperCommand::Images { from, pixels } => {
                if from == 0 {
                    self.images = Images::default();
                }
                self.images.append(&pixels).map_err(|error| TrainerError::Team(error.to_string()))?;
            }
            HelperCommand::Join { member, members, model, progress } => {
                let mut seated = CpuWorker::new(CpuTrainer::new(&model, &progress).await?);
                seated.set_rank(Rank { index: member, of: members })?;
                let others = (0..members).filter(|&other| other != member);
                let ports = others.zip(ports.iter().map(JsCast::unchecked_into));
                self.seat = Some((seated, Ports::new(ports)));
            }
            HelperCommand::Train { batches, learning_rate } => {
                let (member, ports) = seat(&mut self.seat)?;
                // The trainer has computed the same losses.
                let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
                let _same = member.train(ports, &self.images, &batches, learning_rate).await?;
            }
            HelperCommand::Give { moments } => {
                let kept = if moments { StateKind::Progress } else { StateKind::Weights };
                mailbox::post(&HelperEvent::Gave(seat(&mut self.seat)?.0.owned_state(kept)?));
            }
        }
        Ok(())
    }
}

fn seat(seat: &mut Option<(CpuWorker, Ports)>) -> Result<&mut (CpuWorker, Ports), TrainerError> {
    seat.as_mut().ok_or_else(|| TrainerError::Team("a helper was never given its seat".into()))
}
