//! When an explorer answers: to the newest command, with the network of that moment.

use super::*;

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
fn an_explorer_without_a_network_or_with_a_code_of_another_size_stays_silent() {
    assert_eq!(explored(vec![decode(&[1.0, 1.0])]).0, []);
    assert_eq!(explored(vec![show(1), decode(&[1.0])]).0, []);
}
