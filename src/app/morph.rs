//! Files of the path: its images in a row as a PNG file, its frames as a GIF file. The export program makes them.

use super::{
    exploration::{Frames, Saving},
    exporter::Exporter,
    state::State,
    supervisor::Supervisor,
    travel::FRAME_MS,
};
use crate::display::file_names::morph;
use js_sys::Uint8Array;
use latent_core::{
    data::ImageShape,
    picture::{Animation, Palette, Rgb, Strip, whole_factor},
    plane::{FRAMES_AN_IMAGE, Path, anchor_letter},
};
use leptos::{prelude::*, task::spawn_local};

/// Pixels along the longer side of an image in a strip, at least.
const STRIP_SIDE: u8 = 112;
/// The same in an animation.
const GIF_SIDE: u8 = 250;
/// Pixels between images.
const GAP: u8 = 6;
const WHITE: Rgb = [255; 3];
const INK: Rgb = [60; 3];

/// What a path is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Its images in a row.
    Png,
    /// Its frames, one after another.
    Gif,
}

/// Makes a file of the path, and offers it, unless one is being made. It ends without a file when [`State::exploration`] says
/// that it was cancelled.
pub(super) fn save(state: State, supervisor: Supervisor, exporter: Exporter, format: Format) {
    let saving = state.exploration.saving;
    let shape = state.run_settings.with_untracked(|settings| settings.model.input);
    let frames = untrack(|| state.exploration.whole_frames(shape.values()));
    let (Some(frames), None) = (frames, saving.get_untracked()) else { return };
    let path = state.exploration.path.get_untracked();
    // The class of the image that is nearest to each anchor.
    let near = |anchor: &Vec<f32>| {
        let label = state
            .cloud
            .with_untracked(|cloud| cloud.labels.get(*cloud.nearest(anchor, 1).first()? as usize).copied())?;
        state.classes.with_untracked(|classes| classes.get(usize::from(label)).cloned())
    };
    let name = morph(&path.anchors.iter().map(near).collect::<Vec<_>>());
    let number = NUMBERS.with(|last| last.replace(last.get() + 1));
    let all = if format == Format::Gif { path.frames() } else { path.images() };
    saving.set(Some(Saving { number, done: 0, all }));
    spawn_local(async move {
        let job = Job { saving, number, exporter, path, shape, frames };
        let file = match format {
            Format::Png => job.strip().await.map(Some),
            Format::Gif => job.gif().await,
        };
        if !job.goes_on() {
            return;
        }
        saving.set(None);
        let (ending, kind) = match format {
            Format::Png => ("png", "image/png"),
            Format::Gif => ("gif", "image/gif"),
        };
        match file {
            Ok(Some(file)) => supervisor.offer(&supervisor.plane_name(&name, ending), kind, &file),
            Ok(None) => {}
            Err(why) => supervisor.notify(format!("The morph could not be saved: {why}.")),
        }
    });
}

thread_local! {
    static NUMBERS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// A file in the making.
struct Job {
    saving: RwSignal<Option<Saving>>,
    number: u32,
    exporter: Exporter,
    path: Path,
    shape: ImageShape,
    frames: Frames,
}

impl Job {
    /// Whether nobody has cancelled it.
    fn goes_on(&self) -> bool {
        self.saving.get_untracked().is_some_and(|saving| saving.number == self.number)
    }

    fn frame(&self, at: usize) -> Uint8Array {
        let values = self.shape.values();
        Uint8Array::from(&self.frames.images[at * values..(at + 1) * values])
    }

    fn size(&self) -> (u16, u16, u8, usize) {
        let ImageShape { width, height, channels } = self.shape;
        (width as u16, height as u16, channels as u8, width.max(height))
    }

    async fn strip(&self) -> Result<Vec<u8>, String> {
        let (width, height, channels, side) = self.size();
        let count = self.path.images();
        let letter = |anchor: usize| anchor_letter(anchor).to_string();
        let caption = |anchor: usize| anchor.checked_sub(1).map_or_else(String::new, letter);
        let captions = self.path.anchors_of(count).into_iter().map(caption).collect();
        let scale = whole_factor(side, STRIP_SIDE);
        let images: Vec<_> = (0..count).map(|image| self.frame(image * FRAMES_AN_IMAGE)).collect();
        let strip = Strip { width, height, channels, scale, gap: GAP, background: WHITE, ink: INK, captions };
        self.exporter.strip(strip, &images).await
    }

    /// None once it was cancelled.
    async fn gif(&self) -> Result<Option<Vec<u8>>, String> {
        let (width, height, channels, side) = self.size();
        let palette = if channels == 1 { Palette::Grey } else { Palette::Adaptive };
        let scale = whole_factor(side, GIF_SIDE);
        let gif = self.exporter.gif(Animation { width, height, channels, palette, scale }).await?;
        for frame in 0..self.path.frames() {
            if !self.goes_on() {
                return Ok(None);
            }
            gif.add(self.frame(frame), FRAME_MS * self.path.ticks_of(frame) as u32).await?;
            self.saving.update(|saving| saving.iter_mut().for_each(|saving| saving.done = frame + 1));
        }
        gif.finish().await.map(Some)
    }
}
