//! The path through codes: its anchors, the images along it as a strip and as an animation, and files of both.

mod strip;

use super::{
    image_canvas::ImageCanvas,
    layout::{Layout, Tab},
    markup::Markup,
};
use crate::{
    app::{
        exploration::{Exploration, Saving, Travel},
        exporter::Exporter,
        morph::{Format, save},
        state::State,
        supervisor::Supervisor,
    },
    display::path_markup,
};
use latent_core::plane::Path;
use leptos::{ev, prelude::*};
use strip::Strip;

const HINT: &str = "A morph is what is decoded on the way from one place on the plane to another. Press two classes, such as 1 and 7: A \
                    and B mark a typical example of each, and can be dragged on the plane. Up to eight are possible. The circle on the \
                    plane is the place whose image is decoded.";

/// What the tab shows.
#[component]
pub(super) fn Morph() -> impl IntoView {
    let (layout, state, supervisor) =
        (expect_context::<Layout>(), expect_context::<State>(), expect_context::<Supervisor>());
    let exporter = expect_context::<Exporter>();
    let Exploration { path, frames, frame, travel, is_path_open, saving, .. } = state.exploration;
    let is_open = Memo::new(move |_| layout.shows(Tab::Morph));
    Effect::new(move |_| is_path_open.set(is_open.get()));
    let press = Callback::new(move |key: String| act(state, supervisor, exporter, &key));
    let anchors = Memo::new(move |_| {
        let (classes, axes) = (state.classes.get(), state.axes.get());
        // The class of the image that is nearest to each anchor.
        let near = |anchor: &Vec<f32>| {
            state.cloud.with(|cloud| cloud.labels.get(*cloud.nearest(anchor, 1).first()? as usize).copied())
        };
        path.with(|path| {
            let near: Vec<_> = path.anchors.iter().filter(|_| is_open.get()).map(near).collect();
            path_markup::anchors(&classes, state.words(), axes, path, &near)
        })
    });
    let actions = Memo::new(move |_| {
        let done = saving.get().map(|Saving { done, all, .. }| (done, all));
        let is_closed = path.with(|path| path.is_closed);
        let is_ready = frames.with(Option::is_some);
        path_markup::actions(travel.get() == Some(Travel::Path), is_closed, is_ready, done)
    });
    let image = Signal::derive(move || {
        let values = state.run_settings.with(|settings| settings.model.input.values());
        let at = frame.get() * values;
        frames.with(|frames| frames.as_ref()?.images.get(at..at + values).map(<[u8]>::to_vec))
    });
    let place = move || format!("Image {} of {}", frame.get() + 1, path.with(Path::frames));
    let go = move |event: ev::Event| {
        if let Ok(frame) = event_target_value(&event).parse() {
            supervisor.travel(None);
            supervisor.show_frame(frame);
        }
    };
    view! {
        <div class="morph">
            <p class="hint">{HINT}</p>
            <Markup html=anchors press />
            <div class="morph-body" hidden=move || !path.with(Path::has_segments)>
                <ImageCanvas image label=Signal::derive(place) />
                <div>
                    <Strip />
                    <input type="range" aria-label="Place on the path" aria-valuetext=place min="0"
                        max=move || path.with(Path::frames).saturating_sub(1).to_string()
                        prop:value=move || frame.get().to_string() on:input=go />
                    <Markup html=actions press />
                </div>
            </div>
        </div>
    }
}

/// Does what the button of this key is for.
fn act(state: State, supervisor: Supervisor, exporter: Exporter, key: &str) {
    let Exploration { travel, saving, .. } = state.exploration;
    let (word, number) = key.split_once(' ').unwrap_or((key, ""));
    let number: u8 = number.parse().unwrap_or_default();
    match word {
        "point" => supervisor.add_anchor(state.code.get_untracked()),
        "class" => supervisor.add_class(number),
        "move" => supervisor.move_anchor(number.into(), state.code.get_untracked()),
        "remove" => supervisor.remove_anchor(number.into()),
        "clear" => supervisor.clear_path(),
        "loop" => supervisor.close_path(),
        "play" => {
            let is_playing = travel.get_untracked() == Some(Travel::Path);
            supervisor.travel((!is_playing).then_some(Travel::Path));
        }
        "png" => save(state, supervisor, exporter, Format::Png),
        "gif" => save(state, supervisor, exporter, Format::Gif),
        _ => saving.set(None),
    }
}
