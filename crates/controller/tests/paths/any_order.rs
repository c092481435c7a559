//! Whatever happens in whatever order: no state without a way out, no lost request, no worker without an owner.

use crate::{
    fake_trainer::{Goal, checkpoint},
    page::{GPU, Page, SMALL},
};
use latent_controller::{
    Action, Environment, Event, NotSaved, SavedRecord, SavedRun, WorkerEvent, WorkerFailure,
};
use latent_core::{
    data::{ImageShape, OwnSet},
    engine::{Engine, EngineChoice},
    link::Link,
    settings::Field,
};
use latent_protocol::{Phase, TrainerEvent};
use proptest::{prelude::*, sample::select};

/// One thing that happens. Workers are named by their place among those that live.
#[derive(Clone, Debug)]
enum Happens {
    Acts(Action),
    AdapterIsKnown,
    Seconds(u32),
    /// The worker takes its commands, or works, without a word reaching the page.
    Works(usize),
    /// The worker's oldest report reaches the page.
    Reports(usize),
    Hangs(usize),
    Dies(usize),
    IsMissing(usize),
    Loses(usize),
    Diverges(usize),
    /// The browser refuses to spawn trainers of this engine, or of none, from now on.
    Refuses(Option<Engine>),
    /// What an earlier visit has saved arrives.
    Loads(u64),
    Saves(bool),
    ServerAnswers(u32, bool),
    Hides(bool),
    /// The browser lists a set of own images, or none.
    Lists(bool),
}

/// A set of own images.
fn own_set() -> OwnSet {
    let shape = ImageShape { height: 4, width: 3, channels: 1 };
    OwnSet { sha256: [7; 32], shape, training_images: 12, test_images: 3 }
}

/// A model of the same kind after so many steps.
fn file(steps: u64) -> Vec<u8> {
    checkpoint(&Link::parse(SMALL).0.settings, steps).to_bytes().unwrap()
}

fn actions() -> impl Strategy<Value = Action> {
    select(vec![
        Action::Train,
        Action::Train,
        Action::Step,
        Action::Pause,
        Action::Extend(1),
        Action::Reset,
        Action::Edit(Field::LearningRate, "0.25".into()),
        Action::Edit(Field::LearningRate, "0.125".into()),
        Action::Edit(Field::LearningRate, "0.5,0.25@3,0.125@6".into()),
        Action::Edit(Field::Epochs, "1".into()),
        Action::Edit(Field::Seed, "7".into()),
        Action::Edit(Field::Encoder, "conv2k3s2".into()),
        Action::Edit(Field::Hidden, "2".into()),
        Action::Edit(Field::Data, "fashion-mnist".into()),
        Action::Edit(Field::Data, "mnist".into()),
        Action::Edit(Field::Data, own_set().text()),
        Action::ChooseEngine(EngineChoice::Auto),
        Action::ChooseEngine(EngineChoice::Cpu),
        Action::ChooseEngine(EngineChoice::WebGpu),
        Action::SaveModel,
        Action::Undo,
        Action::Replay,
        Action::OpenLink(Box::new(Link::parse(&format!("{SMALL}&seed=9&step=3")).0)),
        Action::Undo,
        Action::LookBack(Some(2)),
        Action::LookBack(None),
        Action::Pin(Some(1)),
        Action::Pin(Some(2)),
        Action::Pin(None),
        Action::Resume,
        Action::DeclineResume,
        Action::OpenModel("a.safetensors".into(), file(3)),
        Action::OpenModel("b.safetensors".into(), b"nonsense".to_vec()),
        Action::AcceptOffered,
    ])
}

fn happenings() -> impl Strategy<Value = Happens> {
    let worker = 0usize..3;
    prop_oneof![
        5 => actions().prop_map(Happens::Acts),
        1 => Just(Happens::AdapterIsKnown),
        2 => (1u32..40).prop_map(Happens::Seconds),
        8 => worker.clone().prop_map(Happens::Works),
        12 => worker.clone().prop_map(Happens::Reports),
        1 => worker.clone().prop_map(Happens::Hangs),
        1 => worker.clone().prop_map(Happens::Dies),
        1 => worker.clone().prop_map(Happens::IsMissing),
        1 => worker.clone().prop_map(Happens::Loses),
        1 => worker.prop_map(Happens::Diverges),
        1 => select(vec![None, Some(Engine::Cpu), Some(Engine::WebGpu)]).prop_map(Happens::Refuses),
        1 => (0u64..9).prop_map(Happens::Loads),
        1 => any::<bool>().prop_map(Happens::Saves),
        1 => (0u32..12, any::<bool>()).prop_map(|(worker, has)| Happens::ServerAnswers(worker, has)),
        1 => any::<bool>().prop_map(Happens::Hides),
        1 => any::<bool>().prop_map(Happens::Lists),
    ]
}

/// What the person has asked for last, and the page has not answered with an end or a sentence.
struct Intent {
    trains: bool,
}

impl Intent {
    fn follow(&mut self, happens: &Happens, page: &Page) {
        match happens {
            Happens::Acts(Action::Train) => self.trains = page.view().phase.is_active() || self.trains,
            Happens::Acts(
                Action::Pause
                | Action::Step
                | Action::Reset
                | Action::Undo
                | Action::Replay
                | Action::OpenLink(_),
            ) => self.trains = false,
            Happens::Acts(Action::OpenModel(..) | Action::AcceptOffered) if page.view().is_fresh() => {
                self.trains = false;
            }
            _ => {}
        }
        let has_given_up = page.notices().contains("Train tries again");
        let is_at_rest = matches!(page.view().phase, Phase::Failed | Phase::Finished | Phase::Idle);
        if has_given_up || is_at_rest {
            self.trains = false;
        }
    }
}

fn happen(page: &mut Page, happens: &Happens) {
    let ids: Vec<_> = page.live.keys().copied().collect();
    let id = |at: &usize| ids.get(at % ids.len().max(1)).copied();
    let fails = |page: &mut Page, at: &usize, event: WorkerEvent| {
        if let Some(id) = id(at) {
            page.handle(Event::Worker(id, event));
        }
    };
    let is_trainer = |page: &Page, at: &usize| id(at).is_some_and(|id| !page.live[&id].is_explorer);
    match happens {
        Happens::Acts(action) => page.act(action.clone()),
        Happens::AdapterIsKnown => page.handle(Event::Adapter(GPU)),
        Happens::Seconds(seconds) => page.ticks(*seconds),
        Happens::Works(at) => {
            page.now_ms += 200.0;
            if let Some(live) = id(at).and_then(|id| page.live.get_mut(&id)).filter(|live| !live.is_hung) {
                live.trainer.turn();
            }
        }
        Happens::Reports(at) => {
            if is_trainer(page, at)
                && let Some(id) = id(at)
            {
                page.deliver(id);
            }
        }
        Happens::Hangs(at) => {
            if let Some(live) = id(at).and_then(|id| page.live.get_mut(&id)) {
                live.is_hung = true;
            }
        }
        Happens::Dies(at) => fails(page, at, WorkerEvent::Failed(WorkerFailure::Died("it died".into()))),
        Happens::IsMissing(at) => {
            fails(page, at, WorkerEvent::Failed(WorkerFailure::Missing("it is not there".into())));
        }
        Happens::Loses(at) => {
            fails(page, at, WorkerEvent::Trainer(TrainerEvent::Lost("it lost its GPU".into())))
        }
        Happens::Diverges(at) => {
            // It stops as a real one does: without a goal, and with its reports before this one.
            if is_trainer(page, at)
                && let Some(live) = id(at).and_then(|id| page.live.get_mut(&id))
            {
                let run = live.trainer.run;
                live.trainer.goal = Goal::Nothing;
                live.trainer.phase = Phase::Failed;
                let failed = TrainerEvent::Failed { run, message: "it diverged".into() };
                for event in [failed, TrainerEvent::Entered(run, Phase::Failed)] {
                    live.trainer.outbox.push_back(WorkerEvent::Trainer(event));
                }
            }
        }
        Happens::Refuses(engine) => page.refuses = *engine,
        Happens::Loads(steps) => {
            let record = SavedRecord { epoch: 1, engine: "auto".into() };
            page.handle(Event::CheckpointLoaded(Some(SavedRun { record, file: file(*steps).into() })));
        }
        Happens::Saves(is_saved) => {
            let steps = page.view().checkpoint_steps.unwrap_or(0);
            let result = if *is_saved { Ok(()) } else { Err(NotSaved::OtherTab) };
            page.handle(Event::CheckpointSaved(steps, result));
        }
        Happens::ServerAnswers(worker, has_another) => {
            page.handle(Event::ServerChecked(latent_controller::WorkerId(*worker), *has_another));
        }
        Happens::Hides(is_hidden) => page.handle(Event::Hidden(*is_hidden)),
        Happens::Lists(has_set) => page.handle(Event::OwnSets(has_set.then(own_set).into_iter().collect())),
    }
}

/// From here on nothing breaks any more, and nobody acts.
fn come_to_rest(page: &mut Page) {
    page.handle(Event::Hidden(false));
    page.refuses = None;
    for _ in 0..6 {
        page.settle();
        // Longer than any patience.
        page.ticks(130);
    }
    page.settle();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_the_page_comes_to_a_rest_that_the_person_asked_for(
        sequence in proptest::collection::vec(happenings(), 0..120),
    ) {
        let environment = Environment { cores: 2, ..Environment::default() };
        let mut page = Page::opened_with(SMALL, environment);
        let mut intent = Intent { trains: false };
        for happens in &sequence {
            // `Page::handle` checks the owners of all workers.
            happen(&mut page, happens);
            intent.follow(happens, &page);
        }
        come_to_rest(&mut page);
        let view = page.view().clone();
        prop_assert!(!view.phase.is_active(), "a run of few steps ends: {:?}", view.phase);
        prop_assert!(!page.controller.is_training_requested(), "nothing is still requested");
        if intent.trains {
            let told = ["Train tries again", "it diverged"];
            let has_an_answer = matches!(view.phase, Phase::Finished | Phase::Failed)
                || told.iter().any(|sentence| page.notices().contains(sentence));
            prop_assert!(has_an_answer, "the request is honoured: {:?}, {}", view.phase, page.notices());
        }
        for (id, live) in &page.live {
            prop_assert!(live.is_explorer || live.is_hung || live.trainer.goal == Goal::Nothing, "{id:?} trains on");
        }
        // There is a way out of every rest: a reset, and then training to the end.
        page.act(Action::Reset);
        prop_assert!(page.view().phase == Phase::Idle && page.view().steps == 0);
        page.act(Action::Train);
        come_to_rest(&mut page);
        prop_assert_eq!(page.view().phase, Phase::Finished, "{}", page.notices());
        prop_assert!(page.has_trainer(Engine::Cpu) || page.has_trainer(Engine::WebGpu));
    }
}
