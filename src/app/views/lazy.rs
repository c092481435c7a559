//! The views that the page does not begin with: a second part of its program (`lazy_views` in `dist/assets`), which is loaded
//! when one of them is needed first. `scripts/split.mjs` puts into it whatever only [`view_of`] leads to.

use super::{
    article::Article, chart::Chart, diagram::LayerEditor, draw::Draw, embed, images, lesson, model,
    morph::Morph, plane::Pinned, predictions::Predictions, replaying::Replaying, runs::Runs,
    structure::Structure, time::Scrubber,
};
use super::{
    embed::Choices,
    messages::{before_lesson::BeforeLesson, rare_questions::RareQuestions, replay::Replay},
    settings::{ModelCards, ModelChoices},
    visibility::track_visibility,
};
use crate::{
    app::{release, state::State},
    display::layer_edit::LayerEdit,
};
use js_sys::Reflect;
use leptos::{
    html,
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
};
use std::time::Duration;

/// A view of the second part.
#[derive(Clone, Copy)]
pub(super) enum LazyView {
    /// The article below the panels.
    Article,
    /// The offer to go back to the run before a lesson.
    BeforeLesson,
    /// The curves of the loss.
    Chart,
    /// A drawing of the person's own.
    Draw,
    /// The contents of the dialog that embeds the page in another one.
    Embed(Choices),
    /// Saving and opening files.
    Files,
    /// The contents of the dialog for own images.
    Images,
    /// The editor of the layer at this index, which tells of changes and closes itself.
    LayerEditor(usize, Callback<LayerEdit>, RwSignal<Option<usize>>),
    /// The tables of the layers.
    Layers,
    /// What the open lesson says.
    Lesson,
    /// The list of lessons.
    Lessons,
    /// The models to choose from.
    Models(ModelChoices),
    /// The path between anchors: its images, its animation and its files.
    Morph,
    /// The plane of the pinned run.
    Pinned,
    /// Whether a file replaces the model, and a link to copy.
    RareQuestions,
    /// Images beside their reconstructions.
    Reconstructions,
    /// The offer to replay a run.
    Replay,
    /// How far a replay is.
    Replaying,
    /// Earlier runs.
    Runs,
    /// The slider through the moments of the run.
    Scrubber,
    /// Classes that are confused, hard images, errors.
    Structure,
}

/// Makes a view. Only [`lazy_views`] may name this function: a call from elsewhere would make it and all views part of the first
/// part of the program.
fn view_of(view: LazyView) -> AnyView {
    match view {
        LazyView::Article => view! { <Article /> }.into_any(),
        LazyView::BeforeLesson => view! { <BeforeLesson /> }.into_any(),
        LazyView::Chart => view! { <Chart /> }.into_any(),
        LazyView::Draw => view! { <Draw /> }.into_any(),
        LazyView::Embed(choices) => view! { <embed::Contents choices /> }.into_any(),
        LazyView::Files => view! { <model::Files /> }.into_any(),
        LazyView::Images => view! { <images::Contents /> }.into_any(),
        LazyView::LayerEditor(at, change, opened) => view! { <LayerEditor at change opened /> }.into_any(),
        LazyView::Layers => view! { <model::Layers /> }.into_any(),
        LazyView::Lesson => view! { <lesson::Panel /> }.into_any(),
        LazyView::Lessons => view! { <lesson::Entries /> }.into_any(),
        LazyView::Models(choices) => view! { <ModelCards choices /> }.into_any(),
        LazyView::Morph => view! { <Morph /> }.into_any(),
        LazyView::Pinned => view! { <Pinned /> }.into_any(),
        LazyView::RareQuestions => view! { <RareQuestions /> }.into_any(),
        LazyView::Reconstructions => view! { <Predictions /> }.into_any(),
        LazyView::Replay => view! { <Replay /> }.into_any(),
        LazyView::Replaying => view! { <Replaying /> }.into_any(),
        LazyView::Runs => view! { <Runs /> }.into_any(),
        LazyView::Scrubber => view! { <Scrubber /> }.into_any(),
        LazyView::Structure => view! { <Structure /> }.into_any(),
    }
}

/// Loads the second part (web/lazy-views.js). Gives the function that makes its views.
#[wasm_split(lazy_views, wasm_split_path = leptos::wasm_split, fallible)]
fn lazy_views() -> Result<fn(LazyView) -> AnyView, SplitLoaderError> {
    Ok(view_of)
}

/// Until when the second part leaves the line to what one needs to drag.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long after that it is loaded ahead of its use.
const AHEAD: Duration = Duration::from_secs(1);

/// How far the second part is.
#[derive(Clone, Copy)]
enum Part {
    /// Not here, and perhaps on its way.
    Awaited,
    /// Here: the function makes its views.
    Here(fn(LazyView) -> AnyView),
    /// It could not be loaded. The page may be older than what the server has.
    Missing { is_outdated: bool },
}

/// The second part of the program. Copy; the views take it from the context.
#[derive(Clone, Copy)]
pub(super) struct LazyViews {
    part: RwSignal<Part>,
    is_wanted: RwSignal<bool>,
}

impl LazyViews {
    /// Loads the second part as soon as one of its views is wanted, but not before one can drag. Then it is loaded ahead of its
    /// use, unless the device saves data.
    pub(super) fn of(state: State) -> Self {
        let views = Self { part: RwSignal::new(Part::Awaited), is_wanted: RwSignal::new(false) };
        let is_due = RwSignal::new(false);
        set_timeout(move || is_due.set(true), PATIENCE);
        Effect::new(move |_| {
            if state.decoded.with(Option::is_some) && !is_due.get_untracked() {
                is_due.set(true);
                if !saves_data() {
                    set_timeout(move || views.is_wanted.set(true), AHEAD);
                }
            }
        });
        let is_needed = Memo::new(move |_| is_due.get() && views.is_wanted.get());
        Effect::new(move |_| {
            if is_needed.get() {
                views.load();
            }
        });
        views
    }

    fn load(self) {
        self.part.set(Part::Awaited);
        spawn_local(async move {
            self.part.set(match lazy_views().await {
                Ok(view_of) => Part::Here(view_of),
                Err(_) => Part::Missing { is_outdated: release::server_has_another().await },
            });
        });
    }
}

/// Whether the person has asked the browser to save data.
fn saves_data() -> bool {
    let connection = Reflect::get(&window().navigator(), &"connection".into());
    connection
        .and_then(|connection| Reflect::get(&connection, &"saveData".into()))
        .is_ok_and(|saves| saves.is_truthy())
}

/// Shows a view of the second part, from when `when` holds first, or else at once. A view that is `unasked` is shown as soon as
/// it is here, and wanted when it would be in sight.
#[component]
pub(super) fn Lazy(
    view: LazyView,
    #[prop(optional, into)] when: Option<Signal<bool>>,
    #[prop(optional)] unasked: bool,
) -> impl IntoView {
    let LazyViews { part, is_wanted } = expect_context::<LazyViews>();
    let (place, is_seen) = (NodeRef::<html::Div>::new(), RwSignal::new(false));
    let holds = move || when.is_none_or(|when| when.get());
    let is_shown = Memo::new(move |was_shown: Option<&bool>| was_shown.is_some_and(|was| *was) || holds());
    Effect::new(move |_| {
        if let Some(place) = place.get().filter(|_| unasked) {
            track_visibility(&place, is_seen);
        }
    });
    Effect::new(move |_| {
        if holds() && (!unasked || is_seen.get()) {
            is_wanted.set(true);
        }
    });
    move || match part.get() {
        _ if !is_shown.get() => ().into_any(),
        Part::Here(view_of) => view_of(view),
        Part::Awaited => view! {
            <div node_ref=place class="lazy">
                <p class="hint" role=(!unasked).then_some("status")>"Loading this part of the page"</p>
            </div>
        }
        .into_any(),
        Part::Missing { is_outdated } => view! { <Missing is_outdated unasked /> }.into_any(),
    }
}

/// Why there is no view, and what helps. It interrupts only those who asked for the view.
#[component]
fn Missing(is_outdated: bool, unasked: bool) -> impl IntoView {
    let views = expect_context::<LazyViews>();
    let (why, help) = match is_outdated {
        true => (
            "This part of the page could not be loaded, because the server has a newer version of the page.",
            "Load the new version",
        ),
        false => ("This part of the page could not be loaded.", "Try again"),
    };
    let act = move |_| match is_outdated {
        false => views.load(),
        // A reload that passes caches is tried once.
        true if release::reload_once() => {}
        true => release::take(),
    };
    view! {
        <div class="lazy">
            <p class="problem" role=(!unasked).then_some("alert")>{why}</p>
            <button type="button" class="small" on:click=act>{help}</button>
        </div>
    }
}
