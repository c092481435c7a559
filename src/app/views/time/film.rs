//! The training as a GIF: the plane at each moment of the run, one after the other.

use super::super::{
    plane::{FILM_SIDE, film_picture},
    screen::Theme,
};
use crate::{
    app::{exploration::Saving, exporter::Exporter, state::State, supervisor::Supervisor},
    display::{class_colours::ClassColours, moments::moment},
};
use js_sys::Uint8Array;
use latent_browser::words;
use latent_core::{
    picture::{Animation, Palette},
    plane::{Cloud, Projection},
};
use leptos::{prelude::*, task::spawn_local};

/// Milliseconds that a moment is shown, and the last one.
const FRAME_MS: u32 = 120;
const LAST_MS: u32 = 2_000;

/// Makes the file and offers it. It ends without one when [`State::film`] is none, or another one, meanwhile.
pub(super) fn save(state: State, supervisor: Supervisor, exporter: Exporter) {
    let all = state.moments.with_untracked(Vec::len);
    let film = Saving { number: state.film_number.get_value() + 1, done: 0, all };
    state.film_number.set_value(film.number);
    state.film.set(Some(film));
    spawn_local(async move {
        let made = frames(state, supervisor, exporter, film.number).await;
        if !goes_on(state, film.number) {
            return;
        }
        state.film.set(None);
        match made {
            Ok(file) => {
                supervisor.offer(&supervisor.plane_name("training-of-plane", "gif"), "image/gif", &file)
            }
            Err(why) => supervisor.notify(format!("The training could not be saved as GIF: {why}.")),
        }
    });
}

fn goes_on(state: State, number: u32) -> bool {
    state.film.get_untracked().is_some_and(|film| film.number == number)
}

/// The file's bytes. An error is part of a sentence.
async fn frames(
    state: State,
    supervisor: Supervisor,
    exporter: Exporter,
    number: u32,
) -> Result<Vec<u8>, String> {
    let theme = Theme::now();
    let mut colours: Vec<_> =
        (0..ClassColours::MOST).map(|colour| theme.rgb(&ClassColours::name_of(Some(colour)))).collect();
    colours.push(theme.rgb("ink"));
    let palette = Palette::Plot { background: theme.rgb("plane"), colours };
    let gif = exporter
        .gif(Animation { width: FILM_SIDE, height: FILM_SIDE, channels: 4, palette, scale: 1 })
        .await?;
    let moments = state.moments.get_untracked();
    let axes = state.axes.get_untracked();
    let mut range = state.range.get_untracked();
    for (done, &steps) in moments.iter().enumerate() {
        let (units, codes) = supervisor.recall(steps).await.ok_or("the run was replaced")?;
        if !goes_on(state, number) {
            break;
        }
        // A moment that was dropped meanwhile has none.
        if axes.fit(units) {
            let labels = state.cloud.with_untracked(|cloud| cloud.labels.clone());
            let cloud = Cloud { units, labels, codes };
            let points: Vec<f32> = cloud.points().flat_map(|(_, code)| axes.point(code)).collect();
            if !state.is_framed.get_untracked() {
                range = range.fitted(&points);
            }
            let caption = state.run_settings.with_untracked(|settings| moment(steps, settings));
            let pixels = film_picture(state, Projection { axes, range }, &cloud, &caption)
                .map_err(|error| words(&error))?;
            let is_last = done + 1 == moments.len();
            gif.add(Uint8Array::from(pixels.as_slice()), if is_last { LAST_MS } else { FRAME_MS }).await?;
        }
        state.film.update(|film| film.iter_mut().for_each(|film| film.done = done + 1));
    }
    gif.finish().await
}
