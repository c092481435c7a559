//! The model: its files, and the list of its layers.

mod summaries;

use super::code::Code;
use crate::app::views::erased::Shown;
use crate::{
    app::{files, importer::Importer, state::State, supervisor::Supervisor},
    display::given_files::is_model,
};
use latent_core::training::checkpoint;
use leptos::{ev, html, prelude::*, task::spawn_local};
use summaries::Summaries;
use web_sys::{File, HtmlInputElement};

/// The layers of the model.
#[component]
pub(super) fn Layers() -> impl IntoView {
    view! { <Summaries /> }
}

/// Reads a model file and opens the model. Says why if that is not possible.
fn open(supervisor: Supervisor, file: File) {
    let name = file.name();
    if file.size() > checkpoint::MOST_BYTES as f64 {
        let most = checkpoint::MOST_BYTES / 1_000_000;
        return supervisor.notify(format!("“{name}” was not opened: it is larger than {most} MB."));
    }
    spawn_local(async move {
        match files::read(&file).await {
            Ok(bytes) => supervisor.open(&name, &bytes),
            Err(_) => supervisor.notify(format!("“{name}” could not be read.")),
        }
    });
}

/// What each file is for, as HTML.
const FILES: &str = "\
    <dt>Model</dt><dd>The weights, what the optimiser Adam remembers of each, the settings and the losses, in a file whose name ends \
    with .safetensors. Open it, or drop it on the page, and training goes on where it stopped.</dd>\
    <dt>Programs</dt><dd>The same model and its training as a text for Keras, PyTorch or Burn, which can start from the model’s file.</dd>\
    <dt>Losses as CSV</dt><dd>The loss of each step, for a spreadsheet.</dd>\
    <dt>Codes as CSV</dt><dd>The code and the class of each image on the plane, for a spreadsheet.</dd>";

/// Buttons that save and open files.
#[component]
pub(super) fn Files() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let input = NodeRef::<html::Input>::new();
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            open(supervisor, file);
        }
        // Otherwise choosing the same file again fires no event.
        input.set_value("");
    };
    let has_losses = Memo::new(move |_| state.history.with(|history| !history.losses().is_empty()));
    let has_codes = Memo::new(move |_| state.cloud.with(|cloud| !cloud.is_empty()));
    view! {
        <div class="files">
            <button type="button" on:click=move |_| supervisor.save()>"Save model"</button>
            <button type="button" on:click=ask>"Open model"</button>
            <input
                node_ref=input
                type="file"
                accept=".safetensors"
                class="visually-hidden"
                tabindex="-1"
                aria-label="Model file"
                on:change=take
            />
            <Code />
            <button type="button" disabled=move || !has_losses.get() on:click=move |_| supervisor.save_history()>
                "Losses as CSV"
            </button>
            <button type="button" disabled=move || !has_codes.get() on:click=move |_| supervisor.save_codes()>
                "Codes as CSV"
            </button>
        </div>
        <Shown when=move || state.is_pretrained.get()>
            <p class="hint">"Before training, Save model saves the untrained model of this run, not the pretrained one."</p>
        </Shown>
        <dl class="hint file-kinds" inner_html=FILES></dl>
    }
}

/// Opens what is dropped anywhere on the page: a model, or images.
pub(super) fn open_dropped_files() {
    let (supervisor, importer) = (expect_context::<Supervisor>(), expect_context::<Importer>());
    let has_files = |event: &ev::DragEvent| {
        event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
    };
    let over = window_event_listener(ev::dragover, move |event| {
        if has_files(&event) {
            event.prevent_default();
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        let Some(transfer) = event.data_transfer().filter(|_| has_files(&event)) else { return };
        event.prevent_default();
        let files = transfer.files();
        let only = files.filter(|files| files.length() == 1).and_then(|files| files.get(0));
        // A folder has neither a kind nor a size that would tell, and a model has the ending of its name.
        match only.filter(|file| is_model(&file.name()) && !importer.is_open.get_untracked()) {
            Some(file) => open(supervisor, file),
            None => importer.take_dropped(&transfer),
        }
    });
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}
