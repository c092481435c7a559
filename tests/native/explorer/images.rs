//! Images that an explorer asks for, measures, lists and follows.

use super::*;

#[test]
fn images_that_end_within_one_are_reported_in_a_sentence() {
    let partial = Input::Images(Split::Test, vec![0; PIXELS + 1]);
    let sentence = "785 bytes are not a whole number of images of 28 × 28 pixels";
    assert_eq!(explored(vec![partial]).0, [ExplorerEvent::Failed(sentence.into())]);
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
    let expected = network.evaluate(&images, 0..TEST_IMAGES).total;
    assert!((measured[0].2 - expected).abs() < 1e-9 * expected, "{measured:?} {expected}");
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
fn listed_images_are_reported_as_far_as_they_are_there() {
    let list = |images: &[u32]| Input::Command(ExplorerCommand::List(images.to_vec()));
    let [labels, images] = digits(Split::Test, 3);
    let (events, _) = explored(vec![labels, images, list(&[2, 7, 0])]);
    let pixels = pixels(3);
    let values = [&pixels[2 * PIXELS..], &pixels[..PIXELS]].concat();
    assert!(events.contains(&ExplorerEvent::Listed { images: vec![2, 0], values }));
}
