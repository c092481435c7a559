//! The images along the path, side by side.

use crate::{
    app::{
        state::State,
        views::{canvas::put_pixels, frames::Redraw},
    },
    display::image_grid::{cell_side, image_grid},
};
use latent_core::plane::{FRAMES_AN_IMAGE, IN_ROW};
use leptos::{html, prelude::*};

/// A canvas with rows of images.
#[component]
pub(super) fn Strip() -> impl IntoView {
    let state = expect_context::<State>();
    let exploration = state.exploration;
    let canvas = NodeRef::<html::Canvas>::new();
    let redraw = Redraw::new(move || {
        let shape = state.run_settings.with_untracked(|settings| settings.model.input);
        let frames = untrack(|| exploration.whole_frames(shape.values()));
        let (Some(canvas), Some(frames)) = (canvas.get_untracked(), frames) else { return };
        let images: Vec<u8> =
            frames.images.chunks_exact(shape.values()).step_by(FRAMES_AN_IMAGE).flatten().copied().collect();
        let rows = images.len() / shape.values() / IN_ROW;
        let size = [IN_ROW, rows].map(|cells| (cells * cell_side(shape)) as u32);
        // Drawing fails only on a page that is being closed.
        let _ = put_pixels(&canvas, size, &image_grid(&images, shape, IN_ROW, [255; 3], 1.0));
    });
    redraw.follow_training(move || exploration.frames.track());
    redraw.follow(move || {
        exploration.path.track();
        canvas.track();
    });
    let label = move || {
        let (images, anchors) = exploration.path.with(|path| (path.images(), path.anchors.len()));
        format!("{images} images along the path through {anchors} anchors")
    };
    view! { <canvas class="strip" node_ref=canvas role="img" aria-label=label></canvas> }
}
