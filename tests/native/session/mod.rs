//! A trainer's session as the page meets it, with the real CPU engine and no browser.

mod checkpoints;
mod faults;
mod reports;
mod steps;

use crate::first_step_check::{FAULT, Fault, Faulty};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use latent_core::{
    data::{
        DatasetId, Images,
        mnist::{PIXELS, TEST_IMAGES},
    },
    model::ModelSpec,
    noise::Noise,
    settings::{Field, Settings},
    training::{
        Losses, Progress, Tensors, Trainer, TrainerError, Unsupported, Wrapper, checkpoint::Checkpoint,
    },
    weights::Weights,
};
use latent_cpu::CpuTrainer;
use latent_protocol::{Phase, TrainerCommand, TrainerEvent};
use latent_worker::{
    first_step_check::Checked,
    session::{Arrived, Data, EngineSetup, Input, Output, Session},
};
use pollster::block_on;
use std::{cell::RefCell, ops::Range, rc::Rc};

fn settings() -> Settings {
    let model = ModelSpec::dense(&[8], 2, 0.3);
    Settings { model, batch: 64, epochs: 2, training_images: 200, shuffle: false, ..Settings::default() }
}

fn pixels(images: usize) -> Vec<u8> {
    (0..images * PIXELS).map(|at| (at * 7 % 253) as u8).collect()
}

fn training(images: usize) -> Input {
    Input::Data(Data::Training(Arrived { pixels: pixels(images), bytes_gzip: 10 }))
}

fn test_images() -> Input {
    Input::Data(Data::Test(Arrived { pixels: pixels(TEST_IMAGES), bytes_gzip: 10 }))
}

fn start(run: u32) -> Input {
    Input::Command(TrainerCommand::Start {
        run,
        settings: settings(),
        progress: None,
        history: Box::default(),
    })
}

/// What a session tells when it gets `inputs`, and `more` (once) at each of its events until that gives nothing.
fn told(
    inputs: Vec<Input>,
    more: impl Fn(&TrainerEvent) -> Option<TrainerCommand> + 'static,
) -> Vec<TrainerEvent> {
    told_by::<CpuTrainer>(inputs, more)
}

/// The same of a session with this engine.
fn told_by<T: Trainer<Context = ()>>(
    inputs: Vec<Input>,
    more: impl Fn(&TrainerEvent) -> Option<TrainerCommand> + 'static,
) -> Vec<TrainerEvent> {
    let (sender, inbox) = unbounded();
    inputs.into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    let events = Rc::new(RefCell::new(Vec::new()));
    let sender: RefCell<Option<UnboundedSender<Input>>> = RefCell::new(Some(sender));
    let emit = {
        let events = events.clone();
        move |output: Output| {
            let Output::Event(event) = output else { return };
            if let (Some(command), Some(sender)) = (more(&event), sender.borrow().as_ref()) {
                sender.unbounded_send(Input::Command(command)).unwrap();
            }
            // The snapshot is the last word of a session that stops: then the inbox is closed.
            let stops = matches!(
                event,
                TrainerEvent::Snapshot { .. }
                    | TrainerEvent::Failed { .. }
                    | TrainerEvent::Lost(_)
                    | TrainerEvent::Wrong(_)
            );
            events.borrow_mut().push(event);
            let ended = |event: &TrainerEvent| {
                matches!(
                    event,
                    TrainerEvent::Entered(_, Phase::Finished | Phase::Paused | Phase::Failed)
                        | TrainerEvent::Lost(_)
                        | TrainerEvent::Wrong(_)
                )
            };
            if stops && events.borrow().iter().any(ended)
                || matches!(events.borrow().last(), Some(event) if ended(event) && failed(event))
            {
                sender.take();
            }
        }
    };
    block_on(Session::<T, _>::new(DatasetId::Mnist, EngineSetup::default(), emit).serve(inbox, async || {}));
    events.take()
}

fn failed(event: &TrainerEvent) -> bool {
    matches!(event, TrainerEvent::Entered(_, Phase::Failed))
}

fn phases(events: &[TrainerEvent]) -> Vec<Phase> {
    let phase = |event: &TrainerEvent| match event {
        TrainerEvent::Entered(_, phase) => Some(*phase),
        _ => None,
    };
    events.iter().filter_map(phase).collect()
}

fn losses(events: &[TrainerEvent]) -> Vec<f32> {
    let losses = |event: &TrainerEvent| match event {
        TrainerEvent::Trained { losses, .. } => losses.totals.clone(),
        _ => vec![],
    };
    events.iter().flat_map(losses).collect()
}
