//! The data set that is chosen, linked, or brought by a file.

use crate::{
    fake_trainer::checkpoint,
    page::{Page, SMALL},
};
use latent_controller::{Action, Effect, Event, SavedRecord, SavedRun, engine_selection::Adapter};
use latent_core::{
    data::{DatasetId, ImageShape, OwnSet},
    engine::{Engine, Program},
    link::Link,
    settings::{Field, Settings},
};
use latent_protocol::{ExplorerCommand, Phase};

fn choose(page: &mut Page, dataset: DatasetId) {
    page.act(Action::Edit(Field::Data, dataset.name().into()));
}

fn fashion() -> Settings {
    Link::parse(&format!("{SMALL}&data=fashion-mnist")).0.settings
}

fn file(settings: &Settings) -> Vec<u8> {
    checkpoint(settings, 5).to_bytes().unwrap()
}

/// The data sets of the trainer and of the explorer.
fn datasets(page: &mut Page) -> [Option<DatasetId>; 2] {
    let trainer = page.has_trainer(Engine::Cpu).then(|| page.trainer(Engine::Cpu));
    [trainer, page.explorer()].map(|worker| worker.map(|worker| page.worker(worker).dataset))
}

#[test]
fn a_link_names_the_data_set_of_every_worker() {
    let mut page = Page::on(&format!("{SMALL}&data=fashion-mnist"), Adapter::None);
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
    assert_eq!(datasets(&mut page), [Some(DatasetId::FashionMnist); 2]);
    assert!(page.log.contains(&Effect::StoreProgram(Program::Cpu, DatasetId::FashionMnist)));
}

#[test]
fn a_data_set_is_taken_at_once_before_the_first_step_and_what_was_shown_of_the_other_is_dropped() {
    let mut page = Page::on("", Adapter::None);
    assert!(page.view().is_pretrained);
    let explorer = page.explorer();
    choose(&mut page, DatasetId::FashionMnist);
    assert_eq!(page.view().run_settings.data, DatasetId::FashionMnist);
    assert_ne!(page.explorer(), explorer);
    assert_eq!(datasets(&mut page), [None, Some(DatasetId::FashionMnist)]);
    assert!(page.take_log().contains(&Effect::ForgetImages));
    // Either has a pretrained decoder of its own, which another explorer reads.
    assert!(page.view().is_pretrained);
    let told = page.explorer().map(|explorer| page.worker(explorer).explored.clone()).unwrap();
    assert!(told.contains(&ExplorerCommand::ShowPretrained));
    choose(&mut page, DatasetId::Mnist);
    assert!(page.view().is_pretrained);
    assert_eq!(datasets(&mut page), [None, Some(DatasetId::Mnist)]);
}

#[test]
fn a_data_set_waits_for_a_new_run_once_steps_are_trained() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Step);
    page.settle();
    let workers = (page.trainer(Engine::Cpu), page.explorer());
    choose(&mut page, DatasetId::FashionMnist);
    assert_eq!(page.view().run_settings.data, DatasetId::Mnist);
    assert_eq!(page.view().settings.data, DatasetId::FashionMnist);
    assert_eq!((page.trainer(Engine::Cpu), page.explorer()), workers);
    page.act(Action::Train);
    page.settle();
    assert_eq!(datasets(&mut page), [Some(DatasetId::Mnist); 2]);

    page.act(Action::Reset);
    assert_eq!(datasets(&mut page), [None, Some(DatasetId::FashionMnist)]);
    page.act(Action::Train);
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 8));
    assert_eq!(datasets(&mut page), [Some(DatasetId::FashionMnist); 2]);
}

#[test]
fn a_model_of_another_data_set_brings_it_and_the_page_says_so() {
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::OpenModel("a.safetensors".into(), file(&fashion())));
    assert_eq!((page.view().steps, page.view().settings.data), (5, DatasetId::FashionMnist));
    let told =
        "“a.safetensors” is a model of Fashion-MNIST. The page shows Fashion-MNIST now, and not MNIST.";
    assert_eq!(page.notices(), told);
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
    assert_eq!(datasets(&mut page), [Some(DatasetId::FashionMnist); 2]);
    // One of the same data set is no news.
    page.act(Action::OpenModel("b.safetensors".into(), file(&fashion())));
    page.act(Action::AcceptOffered);
    assert_eq!((page.view().steps, page.notices()), (5, told.to_owned()));
}

/// Settings of a small run on own images.
fn own() -> (OwnSet, Settings) {
    let settings = Link::parse(&format!("{SMALL}&data=own-{}-6x5x3-64-9", "ab".repeat(32))).0.settings;
    (settings.data.own().unwrap(), settings)
}

#[test]
fn own_images_are_a_data_set_once_the_browser_has_them() {
    let (set, _) = own();
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::Edit(Field::Data, set.text()));
    assert_eq!(page.view().settings.data, DatasetId::Mnist);
    assert_eq!(page.notices(), "73 own images of 6 × 5 × 3 pixels are not in this browser.");
    page.handle(Event::OwnSets(vec![set]));
    page.act(Action::Edit(Field::Data, set.text()));
    page.act(Action::Train);
    page.settle();
    assert_eq!(page.view().phase, Phase::Finished);
    assert_eq!(datasets(&mut page), [Some(DatasetId::Own(set)); 2]);
    assert!(!page.view().is_pretrained);
}

#[test]
fn a_model_of_own_images_needs_them() {
    let (set, settings) = own();
    let mut page = Page::on(SMALL, Adapter::None);
    let open = |page: &mut Page| page.act(Action::OpenModel("a.safetensors".into(), file(&settings)));
    open(&mut page);
    assert_eq!((page.view().steps, page.view().settings.data), (0, DatasetId::Mnist));
    let told = "“a.safetensors” was not opened: it was trained on 73 own images of 6 × 5 × 3 pixels, which are not in this \
                browser. Choose them under Data, and open it again.";
    assert!(page.notices().starts_with(told), "{}", page.notices());
    page.handle(Event::OwnSets(vec![set]));
    open(&mut page);
    assert_eq!((page.view().steps, page.view().settings.data), (5, DatasetId::Own(set)));
}

#[test]
fn a_saved_run_on_own_images_needs_them() {
    let (set, settings) = own();
    let saved =
        || SavedRun { record: SavedRecord { epoch: 2, engine: "cpu".into() }, file: file(&settings).into() };
    let resumed = |sets| {
        let mut page = Page::on(SMALL, Adapter::None);
        page.handle(Event::CheckpointLoaded(Some(saved())));
        page.handle(Event::OwnSets(sets));
        page.act(Action::Resume);
        page.settle();
        page
    };
    let page = resumed(vec![]);
    assert_eq!((page.view().phase, page.view().steps), (Phase::Idle, 0));
    assert!(page.notices().contains("which are no longer in this browser"), "{}", page.notices());
    let page = resumed(vec![set]);
    assert_eq!((page.view().phase, page.view().settings.data), (Phase::Finished, DatasetId::Own(set)));
}

#[test]
fn a_model_for_images_of_another_shape_is_refused() {
    let mut settings = fashion();
    settings.model.input = ImageShape { height: 9, width: 8, channels: 3 };
    let mut page = Page::on(SMALL, Adapter::None);
    page.act(Action::OpenModel("a.safetensors".into(), file(&settings)));
    assert_eq!((page.view().steps, page.view().settings.data), (0, DatasetId::Mnist));
    let told = "its model reads images of 9 × 8 × 3 pixels, and those of Fashion-MNIST have 28 × 28.";
    assert!(page.notices().contains(told), "{}", page.notices());
}

#[test]
fn a_saved_run_goes_on_with_its_own_data_set() {
    let mut page = Page::on(SMALL, Adapter::None);
    let record = SavedRecord { epoch: 2, engine: "cpu".into() };
    page.handle(Event::CheckpointLoaded(Some(SavedRun { record, file: file(&fashion()).into() })));
    page.act(Action::Resume);
    page.settle();
    assert_eq!((page.view().phase, page.view().steps), (Phase::Finished, 8));
    assert_eq!(datasets(&mut page), [Some(DatasetId::FashionMnist); 2]);
}
