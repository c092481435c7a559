//! What the controller has the page do.

use super::{BENCHMARKS, Supervisor};
use crate::app::{files, memory, preflight, release, store};
use latent_controller::{Effect, Event, HistoryChange};
use latent_core::{plane::Plotted, training::checkpoint::MOST_BYTES};
use latent_protocol::ExplorerCommand;
use leptos::{prelude::*, task::spawn_local};

impl Supervisor {
    pub(super) fn execute(&self, effect: Effect) {
        let (supervisor, state) = (*self, self.state);
        match effect {
            Effect::Spawn(worker, program, role, dataset) => self.spawn(worker, program, role, dataset),
            Effect::Send(worker, command) => self.send(worker, &command),
            Effect::SendExplorer(worker, command) => {
                match command {
                    ExplorerCommand::Show { run, .. } => self.show_network(Some(run)),
                    ExplorerCommand::ShowPretrained => self.show_network(None),
                    _ => {}
                }
                self.send_explorer(worker, &command);
            }
            Effect::Connect { trainer, explorer } => self.connect(trainer, explorer),
            Effect::End(worker) => self.end(worker),
            Effect::AskAdapter => {
                spawn_local(async move { supervisor.handle(Event::Adapter(preflight::adapter().await)) });
            }
            Effect::LoadCheckpoint => spawn_local(async move {
                supervisor.handle(Event::CheckpointLoaded(store::newest().await));
            }),
            Effect::SaveCheckpoint(steps, file, record) => spawn_local(async move {
                let result = store::save(&file, &record).await;
                supervisor.handle(Event::CheckpointSaved(steps, result));
            }),
            Effect::RememberBenchmarks(text) => memory::remember(BENCHMARKS, &text),
            Effect::OfferModel(file) => self.offer_model(&file),
            Effect::FetchModel(address) => spawn_local(async move {
                let file = files::fetch(&address, MOST_BYTES).await;
                supervisor.handle(Event::ModelFetched(address, file));
            }),
            Effect::CheckServer(worker) => spawn_local(async move {
                let has_another = release::server_has_another().await;
                supervisor.handle(Event::ServerChecked(worker, has_another));
            }),
            Effect::ReloadOnce(worker) => {
                if !release::reload_once() {
                    self.handle(Event::ReloadRefused(worker));
                }
            }
            Effect::StoreProgram(program, dataset) => release::store_program(program, dataset),
            Effect::StorePage(dataset) => release::store_page(dataset),
            Effect::ArchiveRun(number, settings, engine, opened) => state.history.with_untracked(|history| {
                let kept = state.earlier_runs.get_untracked();
                state.earlier.update(|runs| runs.add(number, settings, engine, opened, history, &kept));
            }),
            Effect::UnarchiveRun(number) => state.earlier.update(|runs| runs.remove(number)),
            Effect::History(change) => state.history.update(|history| match change {
                HistoryChange::Replaced(other) => *history = *other,
                HistoryChange::Trained(losses) => history.trained(losses),
                HistoryChange::Validated(loss, parts) => {
                    // Told again when a run goes on from the end of an epoch, and kept once.
                    let _ = history.validated(loss, parts);
                }
                HistoryChange::CutTo(steps) => *history = history.until(steps),
                HistoryChange::Interrupted => history.interrupted(),
            }),
            Effect::Explored(event) => self.explored(event),
            Effect::ExploredPinned(event) => self.explored_pinned(event),
            Effect::ForgetMeasures => state.measures.set(Default::default()),
            Effect::ForgetImages => self.forget_images(),
            Effect::FitCode => self.fit_code(),
            Effect::MissImages(set) => state.missing_images.set(Some(set)),
            Effect::PlotSample => self.plot(Plotted::Sample),
        }
    }

    /// Whether the page may fetch a model from there: from nowhere but where it came from itself.
    pub fn may_fetch(&self, address: &str) -> bool {
        let origin = window().location().origin().unwrap_or_default();
        !address.contains(':') || address.strip_prefix(&origin).is_some_and(|path| path.starts_with('/'))
    }
}
