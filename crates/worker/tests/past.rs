//! An explorer keeps moments of the run and explores earlier ones, with the real CPU engine and no browser.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use futures_channel::mpsc::unbounded;
use latent_core::{
    data::{DatasetId, Split, mnist::PIXELS},
    link::Link,
    model::ModelSpec,
    plane::Plotted,
    weights::Weights,
};
use latent_cpu::{ColumnParallelNetwork, CpuNetwork, Inference};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Snapshot};
use latent_worker::explorer::{Explorer, Input};
use std::{
    cell::RefCell,
    collections::VecDeque,
    pin::pin,
    rc::Rc,
    task::{Context, Waker},
};

fn model() -> ModelSpec {
    ModelSpec::dense(&[8], 2, 0.3)
}

/// The network of seed 1, in run 1.
fn show() -> Input {
    command(ExplorerCommand::Show {
        run: 1,
        model: model(),
        weights: None,
        seed: 1,
        steps: 5,
        steps_per_epoch: 0,
        again: None,
    })
}

fn digits(set: Split, count: usize) -> [Input; 2] {
    let pixels = (0..count * PIXELS).map(|at| (at * 7 % 253) as u8).collect();
    let labels = (0..count).map(|at| (at % 10) as u8).collect();
    [Input::Labels(set, labels), Input::Images(set, pixels)]
}

/// What an explorer reports when all inputs have come before it works.
fn reported_at_once<N: Inference>(inputs: Vec<Input>) -> Vec<ExplorerEvent> {
    let (sender, inbox) = unbounded();
    inputs.into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    sender.close_channel();
    let events = RefCell::new(Vec::new());
    let emit = |event| events.borrow_mut().push(event);
    let serving = Explorer::<N, _, _>::new(DatasetId::Mnist, emit, |_| {}).serve(inbox, async || {});
    assert!(pin!(serving).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    events.into_inner()
}

/// What an explorer reports when the inputs come one after the other, each once all that the ones before led to is done.
fn reported_in_turn<N: Inference>(inputs: Vec<Input>) -> Vec<ExplorerEvent> {
    let (sender, inbox) = unbounded();
    let events = Rc::new(RefCell::new(Vec::new()));
    let waiting = Rc::new(RefCell::new(VecDeque::from(inputs)));
    let emit = {
        let events = events.clone();
        move |event| events.borrow_mut().push(event)
    };
    let serving = Explorer::<N, _, _>::new(DatasetId::Mnist, emit, |_| {}).serve(inbox, async || {});
    let mut serving = pin!(serving);
    let mut context = Context::from_waker(Waker::noop());
    // It is pending when it waits for an input.
    while serving.as_mut().poll(&mut context).is_pending() {
        match waiting.borrow_mut().pop_front() {
            Some(input) => sender.unbounded_send(input).unwrap(),
            None => sender.close_channel(),
        }
    }
    events.borrow_mut().retain(|event| *event != ExplorerEvent::Alive);
    events.take()
}

/// Weights of a run after so many steps, of any seed.
fn weights(model: &ModelSpec, steps: u64, seed: u64) -> Input {
    Input::Snapshot(Snapshot { run: 1, steps, weights: Weights::initial(model, seed) })
}

fn command(command: ExplorerCommand) -> Input {
    Input::Command(command)
}

fn codes_at(events: &[ExplorerEvent], at: u64) -> Vec<Vec<f32>> {
    let of = |event: &ExplorerEvent| match event {
        ExplorerEvent::Codes { steps, codes, .. } if *steps == at => Some(codes.clone()),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn images_at(events: &[ExplorerEvent]) -> Vec<Vec<u8>> {
    let of = |event: &ExplorerEvent| match event {
        ExplorerEvent::Decoded { image, .. } => Some(image.clone()),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn moments(events: &[ExplorerEvent]) -> Vec<Vec<u64>> {
    let of = |event: &ExplorerEvent| match event {
        ExplorerEvent::Moments(steps) => Some(steps.clone()),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn assert_about(rounded: &[f32], exact: &[f32]) {
    assert_eq!(rounded.len(), exact.len());
    for (rounded, exact) in rounded.iter().zip(exact) {
        assert!((rounded - exact).abs() <= exact.abs() / 500.0 + 1e-4, "{rounded} {exact}");
    }
}

/// The models whose past is looked at: their links.
const KINDS: [&str; 3] = [
    "hidden=8",
    "encoder=conv3k3s2,dense6&variational=1&code=3",
    "encoder=conv2k3s2,dropout0.2,dense6&corruption=gaussian0.3",
];

#[test]
fn an_earlier_moment_of_a_run_is_explored_as_it_was_while_the_run_goes_on() {
    for fragment in KINDS {
        let (link, problems) = Link::parse(fragment);
        assert_eq!(problems, [], "{fragment}");
        let model = link.settings.model;
        let units = model.latent_units();
        let [labels, images] = digits(Split::Test, 3);
        let show = |run| ExplorerCommand::Show {
            run,
            model: model.clone(),
            weights: Some(Weights::initial(&model, 1)),
            seed: 1,
            steps: 0,
            steps_per_epoch: 0,
            again: None,
        };
        let events = reported_in_turn::<CpuNetwork>(vec![
            labels,
            images,
            command(show(1)),
            command(ExplorerCommand::Decode(vec![0.5; units])),
            command(ExplorerCommand::Follow(vec![1])),
            weights(&model, 10, 2),
            weights(&model, 20, 3),
            command(ExplorerCommand::LookBack(Some(9))),
            // The plane stays where it is, and the moment of this one is kept.
            weights(&model, 30, 4),
            command(ExplorerCommand::LookBack(None)),
            command(show(2)),
        ]);
        let steps = [vec![0], vec![0, 10], vec![0, 10, 20], vec![0, 10, 20, 30], vec![], vec![0]];
        assert_eq!(moments(&events), steps, "{fragment}");
        let [first, again] = [0, 1].map(|at| codes_at(&events, 10)[at].clone());
        assert_about(&again, &first);
        let images = images_at(&events);
        // Of the first network, steps 0, 10, 20, 10 again, 30, and the first of the next run.
        assert_eq!(images.len(), 6, "{fragment}");
        let most = images[1].iter().zip(&images[3]).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(most <= 1 && images[1] != images[2], "{fragment}: {most}");
        // Those of the newest are reported only once it is explored again: kept ones, and in full precision.
        assert_eq!(codes_at(&events, 30).len(), 2, "{fragment}");
        let back = events.iter().position(|event| matches!(event, ExplorerEvent::Codes { steps: 30, .. }));
        let kept = events.iter().position(|event| *event == ExplorerEvent::Moments(steps[3].clone()));
        assert!(kept < back, "{fragment}");
        let pairs = events.iter().filter(|event| matches!(event, ExplorerEvent::Pairs(_))).count();
        assert!(pairs >= 5, "{fragment}: {pairs}");
    }
}

#[test]
fn other_images_and_a_drawing_are_encoded_at_an_earlier_moment_too() {
    let model = model();
    let [labels, images] = digits(Split::Test, 3);
    let [more_labels, more] = digits(Split::Training, 2);
    let events = reported_in_turn::<ColumnParallelNetwork>(vec![
        labels,
        images,
        show(),
        weights(&model, 10, 2),
        weights(&model, 20, 3),
        command(ExplorerCommand::LookBack(Some(10))),
        command(ExplorerCommand::Plot(Plotted::Training)),
        more_labels,
        more,
        command(ExplorerCommand::Draw(Some(vec![200; PIXELS]))),
        command(ExplorerCommand::Recall(7)),
        command(ExplorerCommand::Recall(20)),
    ]);
    assert_eq!(codes_at(&events, 10).last().map(Vec::len), Some(2 * 2));
    assert!(events.iter().any(|event| matches!(event, ExplorerEvent::Drawn { steps: 10, .. })));
    let of = |event: &ExplorerEvent| match event {
        ExplorerEvent::Recalled { steps, units, codes } => Some((*steps, *units, codes.len())),
        _ => None,
    };
    // Step 7 has no moment. The codes of the other one were of other images.
    let recalled: Vec<_> = events.iter().filter_map(of).collect();
    assert_eq!(recalled, [(7, 0, 0), (20, 2, 4)]);
}

#[test]
fn a_run_has_64_moments_and_loses_those_behind_the_step_that_it_goes_back_to() {
    let model = model();
    let [labels, images] = digits(Split::Test, 3);
    let mut inputs = vec![labels, images, show()];
    inputs.extend((1..=80).map(|at| weights(&model, 5 + at, at)));
    inputs.push(weights(&model, 30, 9));
    let all = moments(&reported_in_turn::<ColumnParallelNetwork>(inputs));
    assert_eq!(all.iter().map(Vec::len).max(), Some(64));
    assert_eq!((all[all.len() - 3][0], all[all.len() - 3].last()), (5, Some(&85)));
    assert!(all[all.len() - 2].iter().all(|&steps| steps <= 30));
    assert_eq!(all[all.len() - 1].last(), Some(&30));
}

#[test]
fn a_run_that_is_opened_again_has_its_moments_again_up_to_the_step_of_its_checkpoint() {
    let model = model();
    let [labels, images] = digits(Split::Test, 3);
    let show = |run, steps, again| {
        let weights = Some(Weights::initial(&model, 1));
        command(ExplorerCommand::Show {
            run,
            model: model.clone(),
            weights,
            seed: 1,
            steps,
            steps_per_epoch: 100,
            again,
        })
    };
    let events = reported_in_turn::<ColumnParallelNetwork>(vec![
        labels,
        images,
        show(1, 0, None),
        weights(&model, 10, 2),
        weights(&model, 20, 3),
        // Reset shows the pretrained decoder or the first network of another run, and that is undone.
        command(ExplorerCommand::ShowPretrained),
        show(2, 0, None),
        show(3, 15, Some(1)),
        command(ExplorerCommand::LookBack(Some(10))),
        command(ExplorerCommand::Recall(10)),
        // What was parked once is gone.
        show(4, 20, Some(1)),
    ]);
    let all = moments(&events);
    let lists: [&[u64]; 9] = [&[0], &[0, 10], &[0, 10, 20], &[], &[0], &[0, 10], &[0, 10, 15], &[], &[20]];
    assert_eq!(all, lists);
    assert_about(codes_at(&events, 10).last().unwrap(), &codes_at(&events, 10)[0]);
    assert!(events.iter().any(|event| matches!(event, ExplorerEvent::Recalled { steps: 10, units: 2, .. })));
}

#[test]
fn the_end_of_an_epoch_is_a_moment_also_where_another_network_comes_before_it_is_encoded() {
    let model = model();
    let [labels, images] = digits(Split::Test, 700);
    let show = ExplorerCommand::Show {
        run: 1,
        model: model.clone(),
        weights: None,
        seed: 1,
        steps: 0,
        steps_per_epoch: 100,
        again: None,
    };
    let snapshot = |steps: u64| weights(&model, steps, steps);
    // All at once: nothing is encoded between them.
    let inputs = vec![labels, images, command(show), snapshot(90), snapshot(100), snapshot(110)];
    let events = reported_at_once::<ColumnParallelNetwork>(inputs);
    assert_eq!(moments(&events).last().unwrap(), &[100, 110]);
    assert_eq!(codes_at(&events, 100).len(), 0);
}
