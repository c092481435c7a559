//! The network as a diagram, from the image to the reconstruction, with what each layer gives. A layer opens to show its weights;
//! those of the encoder are edited there.

mod editor;
mod tile_canvas;
mod weights;

use crate::app::views::{
    erased::{Shown, text},
    frames::Redraw,
    lazy::{Lazy, LazyView},
    visibility::{show_reason, track_visibility},
};
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::{
        diagram::{Place, Row, rows},
        layer_edit::{LayerEdit, edited, suggested},
        numbers::grouped,
    },
};
pub(super) use editor::LayerEditor;
use latent_core::{
    model::ModelSpec,
    settings::Field,
    trace::{Weighed, weighed},
};
use latent_protocol::TraceRequest;
use leptos::{either::Either, html, prelude::*};
use tile_canvas::TileCanvas;
use weights::WeightImages;

/// Tiles of a map in a row of the diagram.
const COLUMNS: usize = 4;

/// The diagram of the model that the form describes.
#[component]
pub(super) fn Diagram() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let model = Memo::new(move |_| state.settings.with(|settings| settings.model.clone()));
    // The row that is open.
    let opened = RwSignal::new(None::<usize>);
    let root = trace(state, supervisor, opened);
    let problem = RwSignal::new(None::<String>);
    show_reason(".diagram > .problem".into(), problem);
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
            // The image has the first row.
            opened.set(Some(at + 1));
        }
    };
    let list = move || {
        let rows = model.with(rows);
        let weighed = move |row: &Row| row.layer.and_then(|layer| model.with(|model| weighed(model, layer)));
        let view = |(at, row): (usize, Row)| {
            let weighed = weighed(&row);
            view! { <LayerRow at row weighed opened change /> }
        };
        rows.into_iter().enumerate().map(view).collect_view()
    };
    let parameters = move || model.with(|model| grouped(model.parameters()));
    view! {
        <div class="diagram" node_ref=root>
            <ol class="diagram-rows" aria-label="Layers from the image to the reconstruction">{list}</ol>
            <div class="diagram-foot">
                <span class="hint">{text(parameters)} " parameters"</span>
                <button type="button" class="small" title="Add a layer before the code" on:click=add>"Add layer"</button>
            </div>
            <p class="remark problem" aria-live="polite">{text(move || problem.get())}</p>
        </div>
    }
}

/// Has what the layers give reported while the diagram is on the screen: the encoder's for the image that is looked at, the
/// decoder's for the point.
fn trace(state: State, supervisor: Supervisor, opened: RwSignal<Option<usize>>) -> NodeRef<html::Div> {
    let (root, is_visible) = (NodeRef::<html::Div>::new(), RwSignal::new(false));
    Effect::new(move |_| {
        if let Some(root) = root.get() {
            track_visibility(&root, is_visible);
        }
    });
    let asked = StoredValue::new(false);
    let redraw = Redraw::new(move || {
        let layer = |row: usize| {
            state.settings.with_untracked(|settings| rows(&settings.model).get(row).and_then(|row| row.layer))
        };
        let request = TraceRequest {
            image: state.hovered.get_untracked().or(state.nearest.get_untracked()),
            weights_of: opened.get_untracked().and_then(layer).map(|layer| layer as u32),
        };
        let request = is_visible.get_untracked().then_some(request);
        // Whoever asks for nothing says so once.
        if request.is_some() || asked.get_value() {
            asked.set_value(request.is_some());
            supervisor.trace(request);
        }
    });
    redraw.follow_training(move || {
        is_visible.track();
        opened.track();
        state.hovered.track();
        state.nearest.track();
        state.code.track();
        state.run_settings.track();
    });
    root
}

/// A row of the diagram. A row that has something to show or to edit is a button that opens it.
#[component]
fn LayerRow(
    at: usize,
    row: Row,
    weighed: Option<Weighed>,
    opened: RwSignal<Option<usize>>,
    change: Callback<LayerEdit>,
) -> impl IntoView {
    let state = expect_context::<State>();
    // Of another model than that of the form there is nothing to show. The pretrained network has that of the tutorial.
    let is_of_form = Memo::new(move |_| {
        let is_shown = |model: &ModelSpec| !state.is_pretrained.get() || *model == ModelSpec::default();
        state.settings.with(|settings| {
            state.run_settings.with(|run| run.model == settings.model && is_shown(&run.model))
        })
    });
    let tiles = Signal::derive(move || {
        let given = move || state.trace.with(|trace| trace.rows.get(at).cloned().flatten());
        if is_of_form.get() { given() } else { None }
    });
    // The strip has the space between the texts, and is no wider than the bar.
    let text = row.kind.len().max(row.shape.len());
    let style = format!("--width: {:.1}%; --text: {text}ch", 100.0 * row.width);
    let activation = row.activation.map_or_else(String::new, |name| format!(", {name}"));
    let title = match row.parameters {
        0 => format!("{}: {} values", row.kind, row.shape),
        parameters => {
            format!("{}: {} values{activation}, {} parameters", row.kind, row.shape, grouped(parameters))
        }
    };
    let texts = view! {
        <span class="diagram-kind">{row.kind.clone()}</span>
        " "
        <TileCanvas tiles columns=COLUMNS class="diagram-tiles" label=None />
        <span class="diagram-shape">{row.shape.clone()}</span>
    };
    let class = match row.place {
        Place::Image | Place::Reconstruction => "diagram-row image",
        Place::Code => "diagram-row code",
        Place::Encoder(_) => "diagram-row",
        Place::Decoder => "diagram-row mirrored",
    };
    let edited = match row.place {
        Place::Encoder(at) => Some(at),
        _ => None,
    };
    let contents = if edited.is_some() || weighed.is_some() {
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
                {edited.map(|at| view! { <Lazy view=LazyView::LayerEditor(at, change, opened) when=Signal::stored(true) /> })}
                {move || weighed.filter(|_| is_of_form.get()).map(|weighed| view! { <WeightImages weighed /> })}
            </Shown>
        })
    } else {
        Either::Right(view! { <div class=class style=style title=title>{texts}</div> })
    };
    view! { <li>{contents}</li> }
}
