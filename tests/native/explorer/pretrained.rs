//! The pretrained decoder and encoder.

use super::*;

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
