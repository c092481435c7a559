//! Models from files and links, and out to files.

use crate::{
    fake_trainer::checkpoint,
    page::{Page, SMALL},
};
use latent_controller::{Action, Effect, Event, engine_selection::Adapter};
use latent_core::{engine::Engine, link::Link, training::checkpoint::Checkpoint, weights::Weights};
use latent_protocol::{Phase, TrainerCommand};

fn file(steps: u64) -> Vec<u8> {
    checkpoint(&Link::parse(&format!("{SMALL}&seed=9")).0.settings, steps).to_bytes().unwrap()
}

fn open(steps: u64) -> Action {
    Action::OpenModel("a.safetensors".into(), file(steps))
}

/// Weights alone, as other programs write them (safetensors).
fn bare_file(weights: &Weights) -> Vec<u8> {
    let mut data = Vec::new();
    let tensors = weights.tensors.iter().map(|tensor| {
        let start = data.len();
        data.extend(tensor.values.iter().flat_map(|value| value.to_le_bytes()));
        let (name, shape, end) = (&tensor.name, &tensor.shape, data.len());
        format!("\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{start},{end}]}}")
    });
    let header = format!("{{{}}}", tensors.collect::<Vec<_>>().join(","));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

#[test]
fn an_opened_model_brings_its_settings_and_goes_on_where_it_stopped() {
    let mut page = Page::on("seed=1", Adapter::None);
    page.act(open(5));
    assert_eq!((page.view().steps, page.view().phase, page.view().settings.seed), (5, Phase::Idle, 9));
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().steps, page.view().phase), (8, Phase::Finished));
}

#[test]
fn a_model_that_gives_way_untrained_is_listed_with_its_file_and_comes_back() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(open(5));
    page.take_log();
    for round in 0..2 {
        page.act(Action::Reset);
        let archived = page.take_log().into_iter().find_map(|effect| match effect {
            Effect::ArchiveRun(_, settings, _, opened) => Some((settings.seed, opened)),
            _ => None,
        });
        assert_eq!(archived, Some((9, Some("a.safetensors".into()))), "round {round}");
        assert_eq!((page.view().steps, page.view().earlier_runs.len()), (0, 1));
        page.act(Action::Undo);
        assert_eq!(
            (page.view().steps, page.view().phase, page.view().earlier_runs.len()),
            (5, Phase::Idle, 0)
        );
        page.take_log();
    }
}

/// The names and shapes of weights do not tell the strides of convolutions.
#[test]
fn bare_weights_of_convolutions_are_those_of_the_model_that_is_chosen() {
    let link = "encoder=conv4k3s2,dense8&output=sigmoid&engine=cpu";
    let settings = Link::parse(link).0.settings;
    let weights = Weights::initial(&settings.model, 9);
    let bare = bare_file(&weights);
    let mut page = Page::on(link, Adapter::None);
    page.act(Action::OpenModel("bare.safetensors".into(), bare.clone()));
    assert_eq!((page.notices(), page.view().run_settings.model.clone()), (String::new(), settings.model));
    let mut other = Page::on(SMALL, Adapter::None);
    other.act(Action::OpenModel("bare.safetensors".into(), bare));
    assert!(other.notices().starts_with("“bare.safetensors” was not opened: "), "{}", other.notices());
}

#[test]
fn anything_else_is_refused_and_the_model_stays() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Step);
    page.settle();
    page.act(Action::OpenModel("page.html".into(), b"<!DOCTYPE html>".to_vec()));
    assert!(page.notices().starts_with("“page.html” was not opened: "));
    assert!(page.notices().ends_with("The model here is as it was."));
    assert_eq!((page.view().steps, page.view().phase), (1, Phase::Paused));
}

#[test]
fn a_trained_model_gives_way_only_when_the_person_says_so() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Step);
    page.settle();
    page.act(open(5));
    assert_eq!((page.view().offered.as_deref(), page.view().steps), (Some("a.safetensors"), 1));
    page.act(Action::DeclineOffered);
    assert_eq!((page.view().offered.as_deref(), page.view().steps), (None, 1));
    page.act(open(5));
    page.act(Action::AcceptOffered);
    assert_eq!((page.view().offered.as_deref(), page.view().steps), (None, 5));
}

#[test]
fn a_model_is_saved_as_the_trainer_has_it_or_as_the_run_began() {
    let saved = |page: &mut Page| match page.take_log().pop() {
        Some(Effect::OfferModel(file)) => Checkpoint::parse(&file).unwrap(),
        other => panic!("no model: {other:?}"),
    };
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::SaveModel);
    assert_eq!(saved(&mut page).progress.steps, 0);
    page.act(open(5));
    page.act(Action::SaveModel);
    let opened = saved(&mut page);
    assert_eq!((opened.progress.steps, opened.history.losses().len()), (5, 5));
    page.act(Action::Step);
    page.settle();
    page.act(Action::SaveModel);
    let trainer = page.trainer(Engine::Cpu);
    assert!(page.worker(trainer).trainer.inbox.contains(&TrainerCommand::Save));
    page.settle();
    assert_eq!(saved(&mut page).progress.steps, 6);
}

const LINKED: &str = "model=models/seven.safetensors";
const ADDRESS: &str = "models/seven.safetensors";

#[test]
fn a_linked_model_is_fetched_when_the_person_says_so_and_is_part_of_the_link_until_the_next_run() {
    let mut page = Page::on(LINKED, Adapter::None);
    assert!(page.view().linked.as_ref().is_some_and(|linked| !linked.is_open));
    assert!(!page.log.contains(&Effect::FetchModel(ADDRESS.into())));
    page.act(Action::AcceptLinked);
    assert!(page.log.contains(&Effect::FetchModel(ADDRESS.into())));
    page.handle(Event::ModelFetched(ADDRESS.into(), Ok(file(5))));
    assert!(page.view().linked.as_ref().is_some_and(|linked| linked.is_open));
    page.act(Action::Reset);
    assert_eq!(page.view().linked, None);
}

#[test]
fn a_linked_model_that_is_none_or_missing_is_told_of() {
    let answers = [
        (Ok(b"<!DOCTYPE html>".to_vec()), "was not opened"),
        (Err("the server answers 404".to_string()), "could not be loaded: the server answers 404"),
    ];
    for (answer, told) in answers {
        let mut page = Page::on(LINKED, Adapter::None);
        page.act(Action::AcceptLinked);
        page.handle(Event::ModelFetched(ADDRESS.into(), answer));
        assert!(page.notices().contains(told) && page.view().linked.is_none(), "{}", page.notices());
    }
    let mut page = Page::on(LINKED, Adapter::None);
    page.act(Action::DeclineLinked);
    assert_eq!(page.view().linked, None);
}
