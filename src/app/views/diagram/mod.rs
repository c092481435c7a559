//! The network as a diagram, from the image to the reconstruction. The encoder's layers are edited in it.

mod editor;

use crate::app::views::erased::{Shown, text};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        diagram::{Place, Row, rows},
        layer_edit::{LayerEdit, edited, suggested},
        numbers::grouped,
    },
};
use editor::LayerEditor;
use latent_core::settings::Field;
use leptos::{either::Either, prelude::*};

/// The diagram of the model that the form describes.
#[component]
pub(super) fn Diagram() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let model = Memo::new(move |_| state.settings.with(|settings| settings.model.clone()));
    // The layer whose editor is open.
    let opened = RwSignal::new(None::<usize>);
    let problem = RwSignal::new(None::<String>);
    let change = Callback::new(move |edit: LayerEdit| {
        let text = state.settings.with_untracked(|settings| edited(settings, edit));
        problem.set(
            text.and_then(|text| supervisor.set(Field::Hidden, &text).map_err(|error| format!("{error}.")))
                .err(),
        );
    });
    let add = move |_| {
        let (at, layer) = model.with_untracked(|model| {
            let at = model.encoder.len();
            (at, suggested(&model.encoder, at))
        });
        change.run(LayerEdit::Insert(at, layer));
        if problem.with_untracked(Option::is_none) {
            opened.set(Some(at));
        }
    };
    let list = move || {
        let rows = model.with(rows);
        rows.into_iter().map(|row| view! { <LayerRow row opened change /> }).collect_view()
    };
    let parameters = move || model.with(|model| grouped(model.parameters()));
    view! {
        <div class="diagram">
            <ol class="diagram-rows" aria-label="Layers from the image to the reconstruction">{list}</ol>
            <div class="diagram-foot">
                <span class="hint">{text(parameters)} " parameters"</span>
                <button type="button" class="small" title="Add a layer before the code" on:click=add>"Add layer"</button>
            </div>
            <p class="remark problem" aria-live="polite">{text(move || problem.get())}</p>
        </div>
    }
}

/// A row of the diagram. The encoder's rows are buttons that open their editor.
#[component]
fn LayerRow(row: Row, opened: RwSignal<Option<usize>>, change: Callback<LayerEdit>) -> impl IntoView {
    let style = format!("--width: {:.1}%", 100.0 * row.width);
    let activation = row.activation.map_or_else(String::new, |name| format!(", {name}"));
    let title = match row.parameters {
        0 => format!("{}: {} values", row.kind, row.shape),
        parameters => {
            format!("{}: {} values{activation}, {} parameters", row.kind, row.shape, grouped(parameters))
        }
    };
    let texts = view! {
        <span class="diagram-kind">{row.kind.clone()}</span>
        <span class="diagram-shape">{row.shape.clone()}</span>
    };
    let class = match row.place {
        Place::Image | Place::Reconstruction => "diagram-row image",
        Place::Code => "diagram-row code",
        Place::Encoder(_) => "diagram-row",
        Place::Decoder => "diagram-row mirrored",
    };
    let contents = match row.place {
        Place::Encoder(at) => {
            let is_open = move || opened.get() == Some(at);
            let toggle =
                move |_| opened.update(|opened| *opened = if *opened == Some(at) { None } else { Some(at) });
            Either::Left(view! {
                <button
                    type="button"
                    class=class
                    style=style
                    title=title
                    aria-expanded=move || is_open().to_string()
                    on:click=toggle
                >
                    {texts}
                </button>
                <Shown when=is_open>
                    <LayerEditor at change opened />
                </Shown>
            })
        }
        _ => Either::Right(view! { <div class=class style=style title=title>{texts}</div> }),
    };
    view! { <li>{contents}</li> }
}
