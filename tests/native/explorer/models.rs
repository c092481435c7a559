//! Explorers of every kind of model.

use super::*;

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
