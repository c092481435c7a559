//! The channel on which a trainer's snapshots reach the explorer without passing through the page.

use crate::worker_handle::WorkerHandle;
use js_sys::Array;
use latent_protocol::{ExplorerCommand, TrainerCommand};
use wasm_bindgen::prelude::*;
use web_sys::MessageChannel;

/// Connects a trainer to the explorer, in place of the connections that either had before. The page calls it whenever one
/// of the two has been spawned.
pub fn connect(
    trainer: &WorkerHandle<TrainerCommand>,
    explorer: &WorkerHandle<ExplorerCommand>,
) -> Result<(), JsValue> {
    let channel = MessageChannel::new()?;
    explorer.send_with_ports(&ExplorerCommand::ConnectTrainer, &Array::of1(&channel.port1()));
    trainer.send_with_ports(&TrainerCommand::ConnectExplorer, &Array::of1(&channel.port2()));
    Ok(())
}
