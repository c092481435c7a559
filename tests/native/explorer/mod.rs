//! An explorer's session as the page meets it, with the real CPU engine and no browser.

mod answers;
mod images;
mod models;
mod paths_and_drawings;
mod pretrained;

use futures_channel::mpsc::unbounded;
use latent_core::{
    data::{
        DatasetId, Images, Split,
        mnist::{PIXELS, TEST_IMAGES},
    },
    link::Link,
    model::{Corruption, LayerSpec, ModelSpec},
    plane::{Axes, Grid, Plotted, Projection, Range},
    pretrained::Pretrained,
    trace::{rows, weight_tiles},
    weights::Weights,
};
use latent_cpu::{ColumnParallelNetwork, CpuNetwork, DenseNetwork, Inference};
use latent_protocol::{CodeDistribution, ExplorerCommand, ExplorerEvent, Pair, Snapshot, TraceRequest};
use latent_worker::explorer::{Explorer, Input, Request};
use pollster::block_on;
use std::{cell::RefCell, rc::Rc};

fn model() -> ModelSpec {
    ModelSpec::dense(&[8], 2, 0.3)
}

fn pixels(images: usize) -> Vec<u8> {
    (0..images * PIXELS).map(|at| (at * 7 % 253) as u8).collect()
}

/// What an explorer tells and asks for when it gets `inputs`.
fn explored(inputs: Vec<Input>) -> (Vec<ExplorerEvent>, Vec<Request>) {
    explored_by::<ColumnParallelNetwork>(inputs)
}

/// The same of an explorer of these networks.
fn explored_by<N: Inference>(inputs: Vec<Input>) -> (Vec<ExplorerEvent>, Vec<Request>) {
    let (mut events, asked) = reported::<N>(inputs);
    events.retain(|event| *event != ExplorerEvent::Alive);
    (events, asked)
}

/// The same with the reports that it runs.
fn reported<N: Inference>(inputs: Vec<Input>) -> (Vec<ExplorerEvent>, Vec<Request>) {
    let (sender, inbox) = unbounded();
    inputs.into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    drop(sender);
    let (events, asked) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let emit = {
        let events = events.clone();
        move |event| events.borrow_mut().push(event)
    };
    let ask = {
        let asked = asked.clone();
        move |request| asked.borrow_mut().push(request)
    };
    block_on(Explorer::<N, _, _>::new(DatasetId::Mnist, emit, ask).serve(inbox, async || {}));
    (events.take(), asked.take())
}

/// The network of a seed, in run 1.
fn show(seed: u64) -> Input {
    show_in_run(1, seed)
}

fn show_in_run(run: u32, seed: u64) -> Input {
    let model = model();
    Input::Command(ExplorerCommand::Show {
        run,
        model,
        weights: None,
        seed,
        steps: 5,
        steps_per_epoch: 0,
        again: None,
    })
}

/// The same weights as of a seed, as they come from the trainer of a run.
fn snapshot(run: u32, seed: u64) -> Input {
    Input::Snapshot(Snapshot { run, steps: 7, weights: Weights::initial(&model(), seed) })
}

fn decode(code: &[f32]) -> Input {
    Input::Command(ExplorerCommand::Decode(code.to_vec()))
}

fn digits(set: Split, count: usize) -> [Input; 2] {
    let labels = (0..count).map(|at| (at % 10) as u8).collect();
    [Input::Labels(set, labels), Input::Images(set, pixels(count))]
}

/// The codes of the first 1,000 test images by the network of this seed.
fn codes_by(seed: u64) -> Vec<f32> {
    let mut images = Images::default();
    images.append(&pixels(1_000)).unwrap();
    let model = model();
    DenseNetwork::new(&model, &Weights::initial(&model, seed)).unwrap().encode(&images, 0..1_000)
}
