//! An explorer's session as the page meets it, with the real CPU engine and no browser.

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

#[test]
fn an_explorer_answers_only_the_newest_of_what_is_waiting() {
    let [labels, images] = digits(Split::Test, 3);
    let inputs = vec![labels, images, show(1), decode(&[1.0, 1.0]), show(2), decode(&[0.5, -0.5])];
    let (events, asked) = explored(inputs);
    assert_eq!(events.len(), 4);
    assert_eq!(events[0], ExplorerEvent::Labels(vec![0, 1, 2]));
    assert!(
        matches!(&events[1], ExplorerEvent::Decoded { code, image } if code == &[0.5, -0.5] && image.len() == PIXELS)
    );
    assert_eq!(events[2], ExplorerEvent::Moments(vec![5]));
    assert!(matches!(&events[3], ExplorerEvent::Codes { units: 2, steps: 5, codes, .. } if codes.len() == 6));
    assert_eq!(asked, []);
}

#[test]
fn an_explorer_answers_anew_only_what_has_changed() {
    let answers = |then: Input| {
        let (sender, inbox) = unbounded();
        [show(1), decode(&[1.0, 1.0])].into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
        let answers = Rc::new(RefCell::new(0));
        let emit = {
            let answers = answers.clone();
            move |event| *answers.borrow_mut() += usize::from(matches!(event, ExplorerEvent::Decoded { .. }))
        };
        // The next input comes after the first answer, and none after it.
        let rest = async || {
            if !sender.is_closed() {
                sender.unbounded_send(then.clone()).unwrap();
                sender.close_channel();
            }
        };
        block_on(
            Explorer::<ColumnParallelNetwork, _, _>::new(DatasetId::Mnist, emit, |_| {}).serve(inbox, rest),
        );
        answers.take()
    };
    assert_eq!(answers(decode(&[1.0, 1.0])), 1);
    assert_eq!(answers(decode(&[1.0, 2.0])), 2);
    assert_eq!(answers(show(2)), 2);
}

/// The codes that an explorer reports when it is shown a second network after it has encoded one block with the first.
fn codes_when_another_network_arrives(another: Input) -> Vec<Vec<f32>> {
    let (sender, inbox) = unbounded();
    let [_, images] = digits(Split::Test, 1_000);
    [show(1), images].into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    let codes = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let codes = codes.clone();
        move |event| {
            if let ExplorerEvent::Codes { codes: these, .. } = event {
                codes.borrow_mut().push(these);
            }
        }
    };
    let rest = async || {
        if !sender.is_closed() {
            sender.unbounded_send(another.clone()).unwrap();
            sender.close_channel();
        }
    };
    block_on(Explorer::<ColumnParallelNetwork, _, _>::new(DatasetId::Mnist, emit, |_| {}).serve(inbox, rest));
    codes.take()
}

/// The codes of the first 1,000 test images by the network of this seed.
fn codes_by(seed: u64) -> Vec<f32> {
    let mut images = Images::default();
    images.append(&pixels(1_000)).unwrap();
    let model = model();
    DenseNetwork::new(&model, &Weights::initial(&model, seed)).unwrap().encode(&images, 0..1_000)
}

#[test]
fn an_encoding_ends_with_the_weights_it_began_with_and_the_next_one_takes_the_newest() {
    assert_eq!(codes_when_another_network_arrives(show(2)), [codes_by(1), codes_by(2)]);
    assert_eq!(codes_when_another_network_arrives(snapshot(1, 2)), [codes_by(1), codes_by(2)]);
}

#[test]
fn a_reset_drops_the_encoding_of_the_run_before() {
    assert_eq!(codes_when_another_network_arrives(show_in_run(2, 2)), [codes_by(2)]);
    // Weights of a run that is not shown are not encoded.
    assert_eq!(codes_when_another_network_arrives(snapshot(2, 2)), [codes_by(1)]);
}

#[test]
fn a_snapshot_that_overtakes_the_command_to_show_its_run_is_explored_after_it() {
    let [_, images] = digits(Split::Test, 1_000);
    let codes = |inputs: Vec<Input>| {
        let (events, _) = explored([vec![images.clone()], inputs].concat());
        events.into_iter().find_map(|event| match event {
            ExplorerEvent::Codes { codes, .. } => Some(codes),
            _ => None,
        })
    };
    assert_eq!(codes(vec![show(1), snapshot(2, 3), show_in_run(2, 2)]), Some(codes_by(3)));
    assert_eq!(codes(vec![show(1), snapshot(1, 3), show_in_run(2, 2)]), Some(codes_by(2)));
}

#[test]
fn a_grid_is_decoded_with_the_weights_that_its_decoding_began_with() {
    let plane = Projection { axes: Axes::of(2), range: Range::default() };
    let grid = Grid::over(plane, &[0.0, 0.0]);
    let images_of = |seed| {
        let mut network = DenseNetwork::new(&model(), &Weights::initial(&model(), seed)).unwrap();
        let shade = |shade: f32| (shade * 255.0).round() as u8;
        network.decode(&grid.codes()).into_iter().map(shade).collect::<Vec<u8>>()
    };
    let (sender, inbox) = unbounded();
    let map = Input::Command(ExplorerCommand::Map(Some(grid.clone())));
    [show(1), map].into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    let mapped = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let mapped = mapped.clone();
        move |event| {
            if let ExplorerEvent::Mapped { images, .. } = event {
                mapped.borrow_mut().push(images);
            }
        }
    };
    let rest = async || {
        if !sender.is_closed() {
            sender.unbounded_send(snapshot(1, 2)).unwrap();
            sender.close_channel();
        }
    };
    block_on(Explorer::<ColumnParallelNetwork, _, _>::new(DatasetId::Mnist, emit, |_| {}).serve(inbox, rest));
    assert_eq!(mapped.take(), [images_of(1), images_of(2)]);
}

#[test]
fn every_command_is_followed_by_an_event() {
    let commands = [
        ExplorerCommand::Decode(vec![1.0]),
        ExplorerCommand::Plot(Plotted::Test),
        ExplorerCommand::Follow(vec![7]),
        ExplorerCommand::Map(None),
        ExplorerCommand::Trace(Some(TraceRequest { image: Some(7), weights_of: Some(0) })),
        ExplorerCommand::Measure,
        ExplorerCommand::ConnectTrainer,
        ExplorerCommand::ShowPretrained,
    ];
    for command in commands {
        assert_eq!(
            reported::<ColumnParallelNetwork>(vec![Input::Command(command)]).0,
            [ExplorerEvent::Alive]
        );
    }
    // A command that has an answer needs no other.
    assert!(
        !reported::<ColumnParallelNetwork>(vec![show(1), decode(&[0.5, -0.5])])
            .0
            .contains(&ExplorerEvent::Alive)
    );
}

#[test]
fn an_explorer_that_works_for_long_reports_that_it_runs() {
    let (sender, inbox) = unbounded();
    let [_, images] = digits(Split::Test, 1_000);
    [show(1), images].into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    drop(sender);
    let events = Rc::new(RefCell::new(Vec::new()));
    let emit = {
        let events = events.clone();
        move |event| events.borrow_mut().push(event)
    };
    // As if each of the four blocks took 0.6 s.
    let rest = async || std::thread::sleep(std::time::Duration::from_millis(600));
    block_on(Explorer::<ColumnParallelNetwork, _, _>::new(DatasetId::Mnist, emit, |_| {}).serve(inbox, rest));
    let events = events.take();
    assert!(
        matches!(&events[..], [ExplorerEvent::Alive, ExplorerEvent::Moments(_), ExplorerEvent::Codes { .. }]),
        "{}",
        events.len()
    );
}

#[test]
fn images_that_end_within_one_are_reported_in_a_sentence() {
    let partial = Input::Images(Split::Test, vec![0; PIXELS + 1]);
    let sentence = "785 bytes are not a whole number of images of 28 × 28 pixels";
    assert_eq!(explored(vec![partial]).0, [ExplorerEvent::Failed(sentence.into())]);
}

#[test]
fn an_explorer_without_a_network_or_with_a_code_of_another_size_stays_silent() {
    assert_eq!(explored(vec![decode(&[1.0, 1.0])]).0, []);
    assert_eq!(explored(vec![show(1), decode(&[1.0])]).0, []);
}

#[test]
fn an_explorer_asks_only_for_images_that_are_not_under_way() {
    let plot = |plotted| Input::Command(ExplorerCommand::Plot(plotted));
    let inputs = [Plotted::Test, Plotted::Sample, Plotted::Training, Plotted::Test].map(plot).to_vec();
    let expected = [(Split::Test, 0..10_000), (Split::Training, 0..60_000)]
        .map(|(set, images)| Request::Images(set, images));
    assert_eq!(explored(inputs).1, expected);

    // After a failure the rest is asked for again.
    let failed = Input::Failed(Split::Training, "no network".into());
    let [_, images] = digits(Split::Training, 1_000);
    let (events, asked) = explored(vec![plot(Plotted::Training), images, failed, plot(Plotted::Training)]);
    assert!(events.contains(&ExplorerEvent::Failed("no network".into())));
    assert_eq!(asked, [0..60_000, 1_000..60_000].map(|images| Request::Images(Split::Training, images)));
}

#[test]
fn followed_digits_are_taken_there_and_back() {
    let [labels, images] = digits(Split::Test, 20);
    let follow = Input::Command(ExplorerCommand::Follow(vec![13, 2, 25]));
    let (events, _) = explored(vec![show(1), labels, images.clone(), follow]);
    let pairs = events.iter().find_map(|event| match event {
        ExplorerEvent::Pairs(pairs) => Some(pairs),
        _ => None,
    });
    // Digit 25 isn't there.
    let pairs = pairs.unwrap();
    assert_eq!(
        pairs.iter().map(|pair| (pair.image, pair.label)).collect::<Vec<_>>(),
        [(13, Some(3)), (2, Some(2))]
    );
    let Input::Images(_, pixels) = images else { panic!("these are images") };
    assert_eq!(pairs[0].original.as_deref(), Some(&pixels[13 * PIXELS..14 * PIXELS]));
    assert_eq!(pairs[0].copy.len(), PIXELS);
}

/// What the explorer of the program for every model tells of a model with these settings.
fn explored_model(fragment: &str, commands: Vec<ExplorerCommand>) -> (ModelSpec, Vec<ExplorerEvent>) {
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, []);
    let model = link.settings.model;
    let show = ExplorerCommand::Show {
        run: 1,
        model: model.clone(),
        weights: None,
        seed: 3,
        steps: 5,
        steps_per_epoch: 0,
        again: None,
    };
    let commands = [show].into_iter().chain(commands).map(Input::Command);
    let inputs = digits(Split::Test, 40).into_iter().chain(commands).collect();
    (model, explored_by::<CpuNetwork>(inputs).0)
}

#[test]
fn models_of_every_kind_are_encoded_decoded_and_reconstructed() {
    let plane = Projection { axes: Axes::of(2), range: Range::default() };
    let grid = Grid::over(plane, &[0.0, 0.0]);
    for fragment in [
        "hidden=20,10",
        "encoder=conv2k3s2,conv3k3s2,dense4&output=sigmoid",
        "hidden=8&variational=1",
        "encoder=conv2k3s2&variational=1",
        "hidden=8&corruption=gaussian0.4",
        "encoder=dense8,dropout0.2",
    ] {
        let commands = vec![
            ExplorerCommand::Decode(vec![0.5, -0.5]),
            ExplorerCommand::Follow(vec![7]),
            ExplorerCommand::Map(Some(grid.clone())),
            ExplorerCommand::Trace(Some(TraceRequest { image: Some(7), weights_of: Some(0) })),
        ];
        let (model, events) = explored_model(fragment, commands);
        let weights = Weights::initial(&model, 3);
        let mut network = CpuNetwork::new(&model, &weights).unwrap();
        let mut images = Images::default();
        images.append(&pixels(40)).unwrap();
        let shades = |network: &mut CpuNetwork, code: &[f32]| {
            let shade = |shade: f32| (shade * 255.0).round() as u8;
            network.decode(code).into_iter().map(shade).collect::<Vec<u8>>()
        };
        let corrupted = network.corrupted(&images, 7);
        assert_eq!(corrupted.is_some(), model.corruption != Corruption::None);
        let mean = network.encode(&images, 7..8);
        let read = match &corrupted {
            None => mean.clone(),
            Some(pixels) => {
                let mut corrupted = Images::default();
                corrupted.append(pixels).unwrap();
                network.encode(&corrupted, 0..1)
            }
        };
        let distribution = network
            .log_variances(&images, 7..8)
            .map(|log_variance| CodeDistribution { mean: mean.clone(), log_variance });
        assert_eq!(distribution.is_some(), model.is_variational());
        for event in [
            ExplorerEvent::Decoded { code: vec![0.5, -0.5], image: shades(&mut network, &[0.5, -0.5]) },
            ExplorerEvent::Pairs(vec![Pair {
                image: 7,
                label: Some(7),
                original: Some(images.get(7).to_vec()),
                corrupted,
                copy: shades(&mut network, &read),
                distribution,
            }]),
            ExplorerEvent::Mapped { grid: grid.clone(), images: shades(&mut network, &grid.codes()) },
            ExplorerEvent::Codes {
                units: 2,
                steps: 5,
                codes: network.encode(&images, 0..40),
                errors: vec![],
            },
            ExplorerEvent::Traced {
                rows: rows(&model, &weights, Some(images.get(7)), &[0.5, -0.5]),
                weights: weight_tiles(&model, &weights, 0),
            },
        ] {
            assert!(events.contains(&event), "{fragment}");
        }
    }
}

#[test]
fn the_explorer_of_the_small_program_says_which_models_it_cannot_show() {
    for (encoder, feature) in [
        (LayerSpec::Conv2d { filters: 2, kernel: 3, stride: 2 }, "convolutions"),
        (LayerSpec::Dense { units: 9 }, "several hidden layers"),
    ] {
        let model = ModelSpec { encoder: vec![encoder, LayerSpec::Dense { units: 4 }], ..model() };
        let show = ExplorerCommand::Show {
            run: 1,
            model,
            weights: None,
            seed: 3,
            steps: 5,
            steps_per_epoch: 0,
            again: None,
        };
        let (events, _) = explored(vec![Input::Command(show)]);
        assert_eq!(events, [ExplorerEvent::Failed(format!("this engine cannot train {feature}"))]);
    }
}

#[test]
fn both_whole_sets_are_measured_with_the_network_of_the_moment() {
    let measure = Input::Command(ExplorerCommand::Measure);
    let sets = [Split::Test, Split::Training]
        .map(|set| digits(set, DatasetId::Mnist.images(set)))
        .into_iter()
        .flatten();
    let (events, _) = explored([show(1), measure].into_iter().chain(sets).collect());
    let measured: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            ExplorerEvent::Measured { steps, set, loss } => Some((*steps, *set, *loss)),
            _ => None,
        })
        .collect();
    assert_eq!(
        measured.iter().map(|&(steps, set, _)| (steps, set)).collect::<Vec<_>>(),
        [(5, Split::Test), (5, Split::Training)]
    );
    let model = model();
    let mut network = DenseNetwork::new(&model, &Weights::initial(&model, 1)).unwrap();
    let mut images = Images::default();
    images.append(&pixels(TEST_IMAGES)).unwrap();
    let expected = network.evaluate(&images, 0..TEST_IMAGES);
    assert!((measured[0].2 - expected).abs() < 1e-9 * expected, "{measured:?} {expected}");
}

fn show_pretrained() -> Input {
    Input::Command(ExplorerCommand::ShowPretrained)
}

fn codes(events: &[ExplorerEvent]) -> Vec<usize> {
    let codes = |event: &ExplorerEvent| match event {
        ExplorerEvent::Codes { units: 2, codes, .. } => Some(codes.len() / 2),
        _ => None,
    };
    events.iter().filter_map(codes).collect()
}

#[test]
fn the_pretrained_decoder_shows_its_digits_before_an_image_is_there_or_asked_for() {
    let file = || Input::Pretrained(Ok(latent_tests::pretrained_file()));
    let follow = Input::Command(ExplorerCommand::Follow(vec![7]));
    let inputs = vec![show_pretrained(), decode(&[0.5, -0.5]), follow, file()];
    let (events, asked) = explored(inputs.clone());
    assert_eq!(asked, [Request::Pretrained]);
    assert!(matches!(&events[0], ExplorerEvent::Labels(labels) if labels.len() == 2_000));
    assert!(matches!(&events[1], ExplorerEvent::Decoded { .. }));
    let is_drawn =
        |pair: &Pair| pair.original.is_none() && pair.label == Some(9) && pair.copy.len() == PIXELS;
    assert!(matches!(&events[2], ExplorerEvent::Pairs(pairs) if pairs.len() == 1 && is_drawn(&pairs[0])));
    assert_eq!((codes(&events), events.len()), (vec![2_000], 4));

    // Then a network of the person's own, while no image is there.
    let (events, _) = explored([inputs, vec![show(1)]].concat());
    assert_eq!(codes(&events), [0]);
    // And back, for which nothing is asked twice.
    let (events, asked) = explored(vec![show_pretrained(), file(), show(1), show_pretrained()]);
    assert_eq!(codes(&events).last(), Some(&2_000));
    assert_eq!(asked, [Request::Pretrained]);
}

#[test]
fn the_pretrained_decoder_can_be_neither_measured_nor_had_from_other_bytes() {
    let measure = Input::Command(ExplorerCommand::Measure);
    let (events, asked) =
        explored(vec![show_pretrained(), Input::Pretrained(Ok(latent_tests::pretrained_file())), measure]);
    assert!(
        events.iter().any(|event| matches!(event, ExplorerEvent::Failed(why) if why.contains("no encoder")))
    );
    assert_eq!(asked, [Request::Pretrained]);

    for file in [Err("no network".into()), Ok(b"<html>".to_vec())] {
        let (events, asked) = explored(vec![show_pretrained(), Input::Pretrained(file)]);
        assert!(matches!(&events[..], [ExplorerEvent::NoPretrained(_)]));
        assert_eq!(asked, [Request::Pretrained]);
    }
}

#[test]
fn errors_come_with_the_codes_they_belong_to() {
    let errors = |inputs: Vec<Input>| {
        let of = |event: ExplorerEvent| match event {
            ExplorerEvent::Codes { codes, errors, .. } => Some((codes, errors)),
            _ => None,
        };
        explored(inputs).0.into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let [_, images] = digits(Split::Test, 600);
    let measure = Input::Command(ExplorerCommand::Errors(true));
    let found = errors(vec![show(1), images, measure]);
    let (model, mut images) = (model(), Images::default());
    images.append(&pixels(600)).unwrap();
    let mut network = DenseNetwork::new(&model, &Weights::initial(&model, 1)).unwrap();
    let [(codes, errors)] = &found[..] else { panic!("{}", found.len()) };
    assert_eq!(errors.len(), 600);
    let copies = network.decode(codes);
    for image in [0, 255, 599] {
        let pairs = copies[image * PIXELS..].iter().zip(images.get(image));
        let expected: f32 = pairs.map(|(copy, &value)| (copy - f32::from(value) / 255.0).powi(2)).sum();
        let expected = expected / PIXELS as f32;
        assert!((errors[image] - expected).abs() < 1e-5 * expected.max(1.0), "{} {expected}", errors[image]);
    }
}

#[test]
fn the_pretrained_plane_has_errors_of_the_images_that_have_arrived() {
    let measure = Input::Command(ExplorerCommand::Errors(true));
    let mut test = Images::default();
    test.append(latent_tests::images("test", 1).pixels()).unwrap();
    let images = Input::Images(Split::Test, test.pixels().to_vec());
    let file = Input::Pretrained(Ok(latent_tests::pretrained_file()));
    let (events, _) = explored(vec![show_pretrained(), measure, file, images]);
    let found = events.iter().find_map(|event| match event {
        ExplorerEvent::Codes { codes, errors, .. } => Some((codes.len(), errors)),
        _ => None,
    });
    let (numbers, errors) = found.unwrap();
    assert_eq!((numbers, errors.len()), (4_000, 1_000));
    let mean = errors.iter().sum::<f32>() / 1_000.0;
    assert!((0.03..0.06).contains(&mean), "{mean}");
}

#[test]
fn listed_images_are_reported_as_far_as_they_are_there() {
    let list = |images: &[u32]| Input::Command(ExplorerCommand::List(images.to_vec()));
    let [labels, images] = digits(Split::Test, 3);
    let (events, _) = explored(vec![labels, images, list(&[2, 7, 0])]);
    let pixels = pixels(3);
    let values = [&pixels[2 * PIXELS..], &pixels[..PIXELS]].concat();
    assert!(events.contains(&ExplorerEvent::Listed { images: vec![2, 0], values }));
}

#[test]
fn a_path_is_decoded_as_a_whole_by_each_network_until_it_is_taken_away() {
    let codes: Vec<f32> = (0..400).map(|number| number as f32 / 50.0).collect();
    let path = |codes: &[f32]| Input::Command(ExplorerCommand::Path(codes.to_vec()));
    let decoded = |inputs: Vec<Input>| {
        let of = |event: ExplorerEvent| match event {
            ExplorerEvent::Path { codes, images } => Some((codes, images)),
            _ => None,
        };
        explored(inputs).0.into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let point = |network: Input, code: &[f32]| {
        let (events, _) = explored(vec![network, Input::Command(ExplorerCommand::Decode(code.to_vec()))]);
        events.into_iter().find_map(|event| match event {
            ExplorerEvent::Decoded { image, .. } => Some(image),
            _ => None,
        })
    };
    let found = decoded(vec![show(1), path(&codes)]);
    assert_eq!(found.len(), 1);
    let (of, images) = &found[0];
    assert_eq!((of, images.len()), (&codes, 200 * PIXELS));
    for at in [0, 79, 80, 199] {
        let one = point(show(1), &codes[2 * at..2 * at + 2]).unwrap();
        let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= 1;
        assert!(images[at * PIXELS..][..PIXELS].iter().zip(&one).all(near), "{at}");
    }
    // Before a network is there, it waits for one.
    assert_eq!(decoded(vec![path(&codes), show(1)]), found);
    assert_eq!(decoded(vec![show(1), path(&codes), path(&[])]), []);
    // Of codes of another length.
    assert_eq!(decoded(vec![show(1), path(&codes[..9])]), []);
}

#[test]
fn a_drawing_is_encoded_by_each_network_and_one_of_another_size_by_none() {
    let draw = |image: Option<Vec<u8>>| Input::Command(ExplorerCommand::Draw(image));
    let drawn = |inputs: Vec<Input>| {
        let of = |event: ExplorerEvent| match event {
            ExplorerEvent::Drawn { steps: 5, code, copy } => Some((code, copy.len())),
            _ => None,
        };
        explored(inputs).0.into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let image = pixels(8)[7 * PIXELS..].to_vec();
    let expected = codes_by(1)[14..16].to_vec();
    let found = drawn(vec![show(1), draw(Some(image.clone()))]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, PIXELS);
    assert!(latent_tests::largest_difference(&found[0].0, &expected) < 1e-5);
    assert_eq!(drawn(vec![show(1), draw(Some(image.clone())), draw(None)]), []);
    assert_eq!(drawn(vec![show(1), draw(Some(image[1..].to_vec()))]), []);
    // Before a network is there, a drawing waits for one.
    assert_eq!(drawn(vec![draw(Some(image)), show(1)]), found);
}

#[test]
fn the_pretrained_encoder_is_asked_for_once_when_something_is_drawn() {
    let draw =
        || Input::Command(ExplorerCommand::Draw(Some(latent_tests::images("test", 1).get(3).to_vec())));
    let decoder = || Input::Pretrained(Ok(latent_tests::pretrained_file()));
    let encoder = Input::PretrainedEncoder(Ok(latent_tests::pretrained_encoder_file()));
    let (_, asked) = explored(vec![show_pretrained(), decoder()]);
    assert_eq!(asked, [Request::Pretrained]);
    let (events, asked) = explored(vec![show_pretrained(), decoder(), draw(), draw()]);
    assert_eq!(asked, [Request::Pretrained, Request::PretrainedEncoder]);
    assert!(!events.iter().any(|event| matches!(event, ExplorerEvent::Drawn { .. })));
    let (events, _) = explored(vec![show_pretrained(), decoder(), draw(), encoder]);
    let drawn = events.iter().find_map(|event| match event {
        ExplorerEvent::Drawn { code, .. } => Some(code),
        _ => None,
    });
    let known = Pretrained::parse(&latent_tests::pretrained_file()).unwrap().codes();
    assert!(latent_tests::largest_difference(drawn.unwrap(), &known[6..8]) < 0.1, "{drawn:?}");

    let failed = Input::PretrainedEncoder(Err("the server answers 404".into()));
    let (events, _) = explored(vec![show_pretrained(), decoder(), draw(), failed]);
    assert!(events.contains(&ExplorerEvent::Failed(
        "The pretrained encoder is not there: the server answers 404.".into()
    )));
}
