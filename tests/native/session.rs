//! A trainer's and an explorer's session as the page meets them, with the real CPU engine and no browser.

use futures_channel::mpsc::{UnboundedSender, unbounded};
use latent_playground::{
    data::{Images, Split},
    engine::{
        explorer::{self, Explorer},
        session::{Arrived, Data, Input, Session},
    },
    kernels::cpu::{CpuNetwork, CpuTrainer},
    network::Weights,
    plane::Plotted,
    protocol::{ExplorerCommand, ExplorerEvent, Phase, TrainerCommand, TrainerEvent},
    settings::{Architecture, PIXELS, Settings, TEST_IMAGES},
};
use pollster::block_on;
use std::{cell::RefCell, ops::Range, rc::Rc};

fn settings() -> Settings {
    let architecture = Architecture { hidden: vec![8], code: 2, slope: 0.3 };
    Settings {
        architecture,
        batch: 64,
        epochs: 2,
        training_images: 200,
        shuffle: false,
        ..Settings::default()
    }
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
    Input::Command(TrainerCommand::Start { run, settings: settings(), progress: None })
}

/// What a session tells when it gets `inputs`, and `more` (once) at each of its events until that gives nothing.
fn told(
    inputs: Vec<Input>,
    more: impl Fn(&TrainerEvent) -> Option<TrainerCommand> + 'static,
) -> Vec<TrainerEvent> {
    let (sender, inbox) = unbounded();
    inputs.into_iter().for_each(|input| sender.unbounded_send(input).unwrap());
    let events = Rc::new(RefCell::new(Vec::new()));
    let sender: RefCell<Option<UnboundedSender<Input>>> = RefCell::new(Some(sender));
    let emit = {
        let events = events.clone();
        move |event: TrainerEvent| {
            if let (Some(command), Some(sender)) = (more(&event), sender.borrow().as_ref()) {
                sender.unbounded_send(Input::Command(command)).unwrap();
            }
            // The snapshot is the last word of a session that stops: then the inbox is closed.
            let stops = matches!(event, TrainerEvent::Snapshot { .. } | TrainerEvent::Failed { .. });
            events.borrow_mut().push(event);
            let ended = |event: &TrainerEvent| {
                matches!(event, TrainerEvent::Entered(_, Phase::Finished | Phase::Paused | Phase::Failed))
            };
            if stops && events.borrow().iter().any(ended)
                || matches!(events.borrow().last(), Some(event) if ended(event) && failed(event))
            {
                sender.take();
            }
        }
    };
    block_on(Session::<CpuTrainer, _>::new(emit, false).serve(inbox, async || {}));
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
        TrainerEvent::Trained { losses, .. } => losses.clone(),
        _ => vec![],
    };
    events.iter().flat_map(losses).collect()
}

#[test]
fn a_run_is_trained_and_validated_to_its_end() {
    let events =
        told(vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)], |_| None);
    assert_eq!(phases(&events), [Phase::Idle, Phase::Training, Phase::Finished]);
    let losses = losses(&events);
    assert_eq!(losses.len(), 8);
    assert!(losses[7] < losses[0]);
    let validated = |event: &&TrainerEvent| matches!(event, TrainerEvent::Validated { run: 1, .. });
    assert_eq!(events.iter().filter(validated).count(), 2);
}

#[test]
fn a_run_waits_for_its_images_and_can_be_paused_meanwhile() {
    let pause_when_loading = |event: &TrainerEvent| {
        matches!(event, TrainerEvent::Entered(_, Phase::Loading)).then_some(TrainerCommand::Pause)
    };
    let events =
        told(vec![start(1), training(100), Input::Command(TrainerCommand::Train)], pause_when_loading);
    assert_eq!(phases(&events), [Phase::Idle, Phase::Training, Phase::Loading, Phase::Paused]);
    // One batch of 64 is whole, the second is not.
    assert_eq!(losses(&events).len(), 1);
}

#[test]
fn a_step_is_one_step_and_the_same_seed_gives_the_same_loss_again() {
    let step = || vec![start(1), training(200), Input::Command(TrainerCommand::Step)];
    let first = told(step(), |_| None);
    assert_eq!(phases(&first), [Phase::Idle, Phase::Training, Phase::Paused]);
    assert_eq!(losses(&first).len(), 1);
    assert!(matches!(first.last(), Some(TrainerEvent::Snapshot { run: 1, .. })));
    assert_eq!(losses(&told(step(), |_| None)), losses(&first));
}

#[test]
fn what_is_saved_goes_on_as_if_it_had_never_stopped() {
    let whole =
        told(vec![start(1), training(200), test_images(), Input::Command(TrainerCommand::Train)], |_| None);
    let save_once = |event: &TrainerEvent| {
        matches!(event, TrainerEvent::Trained { steps_before: 0, .. }).then_some(TrainerCommand::Save)
    };
    let first =
        told(vec![start(1), training(200), Input::Command(TrainerCommand::Train), test_images()], save_once);
    let saved = first.iter().find_map(|event| match event {
        TrainerEvent::Saved { run: 1, progress } => Some(progress.clone()),
        _ => None,
    });
    let saved = saved.unwrap();
    let steps = saved.steps as usize;
    assert!((1..8).contains(&steps), "{steps}");
    let go_on = TrainerCommand::Start { run: 2, settings: settings(), progress: Some(saved) };
    let inputs =
        vec![Input::Command(go_on), training(200), test_images(), Input::Command(TrainerCommand::Train)];
    assert_eq!(losses(&told(inputs, |_| None)), losses(&whole)[steps..]);
}

#[test]
fn a_new_start_takes_the_place_of_the_run_before() {
    let inputs =
        vec![start(1), training(200), test_images(), start(2), Input::Command(TrainerCommand::Train)];
    let events = told(inputs, |_| None);
    let of_the_first = |event: &&TrainerEvent| matches!(event, TrainerEvent::Trained { run: 1, .. });
    assert_eq!(events.iter().filter(of_the_first).count(), 0);
    assert_eq!(losses(&events).len(), 8);
}

#[test]
fn settings_out_of_their_limits_are_refused_with_a_sentence() {
    let settings = Settings { batch: 0, ..settings() };
    let start = Input::Command(TrainerCommand::Start { run: 1, settings, progress: None });
    let events = told(vec![start], |_| None);
    assert!(matches!(&events[0], TrainerEvent::Failed { run: 1, message } if message.contains("batch")));
}

#[test]
fn data_that_cannot_be_had_ends_the_run_with_the_reason() {
    let missing = Input::Data(Data::Failed("train-images-000.gz could not be loaded".into()));
    let events = told(vec![start(1), Input::Command(TrainerCommand::Train), missing], |_| None);
    assert_eq!(phases(&events).last(), Some(&Phase::Failed));
    assert!(events.iter().any(
        |event| matches!(event, TrainerEvent::Failed { run: 1, message } if message.contains("000.gz"))
    ));
}

type Asked = Vec<(Split, Range<usize>)>;

/// What an explorer tells and asks for when it gets `inputs`.
fn explored(inputs: Vec<explorer::Input>) -> (Vec<ExplorerEvent>, Asked) {
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
        move |set, images| asked.borrow_mut().push((set, images))
    };
    block_on(Explorer::new(emit, ask).serve(inbox, async || {}));
    (events.take(), asked.take())
}

fn show(seed: u64) -> explorer::Input {
    let architecture = settings().architecture;
    explorer::Input::Command(ExplorerCommand::Show { architecture, weights: None, seed, steps: 5 })
}

fn decode(code: &[f32]) -> explorer::Input {
    explorer::Input::Command(ExplorerCommand::Decode(code.to_vec()))
}

fn digits(set: Split, count: usize) -> [explorer::Input; 2] {
    let labels = (0..count).map(|at| (at % 10) as u8).collect();
    [explorer::Input::Labels(set, labels), explorer::Input::Images(set, pixels(count))]
}

#[test]
fn an_explorer_answers_only_the_newest_of_what_is_waiting() {
    let [labels, images] = digits(Split::Test, 3);
    let inputs = vec![labels, images, show(1), decode(&[1.0, 1.0]), show(2), decode(&[0.5, -0.5])];
    let (events, asked) = explored(inputs);
    assert_eq!(events.len(), 3);
    assert_eq!(events[0], ExplorerEvent::Labels(vec![0, 1, 2]));
    assert!(
        matches!(&events[1], ExplorerEvent::Decoded { code, image } if code == &[0.5, -0.5] && image.len() == PIXELS)
    );
    assert!(matches!(&events[2], ExplorerEvent::Codes { units: 2, codes } if codes.len() == 6));
    assert_eq!(asked, [(Split::Test, 0..2_000)]);
}

#[test]
fn an_explorer_without_a_network_or_with_a_code_of_another_size_stays_silent() {
    assert_eq!(explored(vec![decode(&[1.0, 1.0])]).0, []);
    assert_eq!(explored(vec![show(1), decode(&[1.0])]).0, []);
}

#[test]
fn an_explorer_asks_only_for_images_that_are_not_under_way() {
    let plot = |plotted| explorer::Input::Command(ExplorerCommand::Plot(plotted));
    let inputs = [Plotted::Test, Plotted::Sample, Plotted::Training, Plotted::Test].map(plot).to_vec();
    let expected = [(Split::Test, 0..2_000), (Split::Test, 2_000..10_000), (Split::Training, 0..60_000)];
    assert_eq!(explored(inputs).1, expected);

    // After a failure the rest is asked for again.
    let failed = explorer::Input::Failed(Split::Training, "no network".into());
    let [_, images] = digits(Split::Training, 1_000);
    let (events, asked) = explored(vec![plot(Plotted::Training), images, failed, plot(Plotted::Training)]);
    assert!(events.contains(&ExplorerEvent::Failed("no network".into())));
    assert_eq!(asked[1..], [(Split::Training, 0..60_000), (Split::Training, 1_000..60_000)]);
}

#[test]
fn followed_digits_are_taken_there_and_back() {
    let [labels, images] = digits(Split::Test, 20);
    let follow = explorer::Input::Command(ExplorerCommand::Follow(vec![13, 2, 25]));
    let (events, _) = explored(vec![show(1), labels, images.clone(), follow]);
    let pairs = events.iter().find_map(|event| match event {
        ExplorerEvent::Pairs(pairs) => Some(pairs),
        _ => None,
    });
    // Digit 25 isn't there.
    let pairs = pairs.unwrap();
    assert_eq!(
        pairs.iter().map(|pair| (pair.digit, pair.label)).collect::<Vec<_>>(),
        [(13, Some(3)), (2, Some(2))]
    );
    let explorer::Input::Images(_, pixels) = images else { panic!("these are images") };
    assert_eq!(pairs[0].original, pixels[13 * PIXELS..14 * PIXELS]);
    assert_eq!(pairs[0].copy.len(), PIXELS);
}

#[test]
fn both_whole_sets_are_measured_with_the_network_of_the_moment() {
    let measure = explorer::Input::Command(ExplorerCommand::Measure);
    let sets = [Split::Test, Split::Training].map(|set| digits(set, set.images())).into_iter().flatten();
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
    let architecture = settings().architecture;
    let mut network = CpuNetwork::new(&architecture, &Weights::initial(&architecture, 1)).unwrap();
    let mut images = Images::default();
    images.append(&pixels(TEST_IMAGES));
    let expected = network.evaluate(&images, 0..TEST_IMAGES);
    assert!((measured[0].2 - expected).abs() < 1e-9 * expected, "{measured:?} {expected}");
}
