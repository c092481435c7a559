//! Paths across the plane and drawings, which each network answers anew.

use super::*;

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
