//! The status line: what the page is doing, how much has been loaded, and the engine.

use super::pace::Pace;
use crate::app::views::erased::{Shown, text};
use crate::{
    app::state::{EngineInUse, State},
    display::numbers::{grouped, megabytes, speed, time_left},
};
use latent_core::settings::Settings;
use latent_protocol::{Download, Phase};
use leptos::{either::Either, prelude::*};

/// A line that is never empty, so that nothing below it moves.
#[component]
pub(super) fn Status() -> impl IntoView {
    let state = expect_context::<State>();
    let is_complete = Memo::new(move |_| state.download.with(Download::is_complete));
    // A run that was opened may have been trained for more epochs than are planned.
    let epochs = move || state.run_settings.with(|settings| u64::from(settings.epochs)).max(state.epoch());
    let of_steps = move || state.run_settings.with(Settings::steps);
    let shows_progress = Memo::new(move |_| {
        let has_begun = state.download.with(|download| download.of_images > 0);
        !is_complete.get() && (has_begun || state.phase.get() == Phase::Loading)
    });
    // The step up to which this run is replayed, or was.
    let replayed = StoredValue::new(None);
    let told_phase = move || {
        let phase = state.phase.get();
        if phase == Phase::Idle {
            replayed.set_value(None);
        }
        phase
    };
    view! {
        <div class="status">
            <p role="status" class="phase" data-phase=move || state.phase.get().name()>
                {move || match (told_phase(), state.is_pretrained.get()) {
                    (Phase::Training, _) if state.replays_to.get().is_some() => {
                        replayed.set_value(state.replays_to.get());
                        let step = grouped(state.replays_to.get().unwrap_or_default());
                        format!("Replaying to step {step}: the plane is drawn when it is there")
                    }
                    (Phase::Paused, _) if replayed.get_value() == Some(state.steps.get()) => {
                        format!("Replayed to step {}: press Train to go on", grouped(state.steps.get()))
                    }
                    // A run that was opened, by Undo, from the list or from a file, and has no trainer yet.
                    (Phase::Idle, _) if state.steps.get() >= of_steps() => sentence(Phase::Finished, true, epochs()),
                    (Phase::Idle, _) if state.steps.get() > 0 => {
                        format!("Stopped at step {}: press Train to go on", grouped(state.steps.get()))
                    }
                    (Phase::Idle, true) => "Ready: drag over the pretrained plane, or press Train".into(),
                    (phase, _) => sentence(phase, is_complete.get(), epochs()),
                }}
            </p>
            <Shown when=move || shows_progress.get()>
                <Progress />
            </Shown>
            <Progressing />
            {move || state.engine.with(|engine| match engine {
                None => Either::Left(view! { <p class="engine">"Checking for a GPU"</p> }),
                Some(engine) => Either::Right(engine_line(engine)),
            })}
        </div>
    }
}

/// Where the run is, and how fast it goes.
#[component]
fn Progressing() -> impl IntoView {
    let (state, pace) = (expect_context::<State>(), expect_context::<Pace>());
    // A replay stops before the end of the run.
    let of_steps = move || state.replays_to.get().unwrap_or_else(|| state.run_settings.with(Settings::steps));
    let done = move || {
        pace.track();
        state.steps.get_untracked()
    };
    let steps = move || format!("step {} / {}", grouped(done()), grouped(of_steps().max(done())));
    let rate = move || {
        let done = done();
        let is_replay = state.replays_to.get().is_some();
        state.steps_per_second.get_untracked().map(|rate| {
            if is_replay {
                // The replay says how much time is left.
                return format!("{} steps/s", speed(Some(rate)));
            }
            let left = time_left(of_steps().saturating_sub(done), Some(rate));
            format!("{} steps/s, {left} left", speed(Some(rate)))
        })
    };
    view! {
        <p class="progressing" translate="no"><span>{text(steps)}</span> <span>{text(rate)}</span></p>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let state = expect_context::<State>();
    // The engine is loaded before the images.
    let shown = move || match state.engine_bytes.get() {
        Some((bytes, of_bytes)) => (bytes, of_bytes, engine_progress(state.engine.get(), bytes, of_bytes)),
        None => {
            state.download.with(|download| (download.images, download.of_images, image_progress(download)))
        }
    };
    view! {
        <p class="download">
            <progress
                aria-label="Loaded"
                value=move || shown().0.to_string()
                max=move || shown().1.max(1).to_string()
            ></progress>
            <span>{text(move || shown().2)}</span>
        </p>
    }
}

fn engine_line(engine: &EngineInUse) -> impl IntoView + use<> {
    let name = format!("{} engine", engine.engine.title());
    let workers = if engine.workers > 1 { format!("{} workers", engine.workers) } else { String::new() };
    let known = [&engine.device, &workers, &engine.reason].into_iter().filter(|text| !text.is_empty());
    let details = known.map(String::as_str).collect::<Vec<_>>().join(" · ");
    let title = details.clone();
    view! { <p class="engine" title=title><strong>{name}</strong> <span>{details}</span></p> }
}

fn engine_progress(engine: Option<EngineInUse>, bytes: usize, of_bytes: usize) -> String {
    let name = engine.map_or("engine".into(), |engine| format!("{} engine", engine.engine.title()));
    match of_bytes {
        0 => format!("{name}, {} MB", megabytes(bytes)),
        _ => format!("{name}, {} of {} MB", megabytes(bytes), megabytes(of_bytes)),
    }
}

fn sentence(phase: Phase, data_is_complete: bool, epochs: u64) -> String {
    match phase {
        Phase::Idle => "Ready: press Train, or drag over the plane".into(),
        Phase::Loading if data_is_complete => "Starting the engine".into(),
        Phase::Loading => "Loading images".into(),
        Phase::Compiling => "Compiling shaders".into(),
        Phase::Training => "Training".into(),
        Phase::Paused => "Paused".into(),
        Phase::Finished => {
            format!("Finished: {epochs} {}", if epochs == 1 { "epoch" } else { "epochs" })
        }
        Phase::Failed => "Stopped by an error: press Try again, or Reset to start a new run".into(),
    }
}

fn image_progress(download: &Download) -> String {
    let &Download { images, of_images, bytes, of_bytes } = download;
    if of_images == 0 {
        return "requesting the data".into();
    }
    let [images, of_images] = [images, of_images].map(|images| grouped(images as u64));
    format!("{images} of {of_images} images, {} of {} MB", megabytes(bytes), megabytes(of_bytes))
}
