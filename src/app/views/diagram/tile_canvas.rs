//! Tiles of the traced network, drawn on a canvas.

use crate::{
    app::views::{canvas::put_pixels, frames::Redraw},
    display::tile_sheet::TileSheet,
};
use latent_core::trace::Tiles;
use leptos::{html, prelude::*};

/// A canvas with tiles, `columns` in a row. It is hidden while there are none. Without a label it is decoration.
#[component]
pub(super) fn TileCanvas(
    tiles: Signal<Option<Tiles>>,
    columns: usize,
    class: &'static str,
    label: Option<Signal<String>>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let redraw = Redraw::new(move || {
        // The row may be gone when the frame comes.
        let tiles = tiles.try_get_untracked().flatten();
        let sheet = tiles.and_then(|tiles| TileSheet::of(&tiles, columns));
        if let (Some(Some(canvas)), Some(sheet)) = (canvas.try_get_untracked(), sheet) {
            // Drawing fails only on a page that is being closed.
            let _ = put_pixels(&canvas, [sheet.width, sheet.height].map(|side| side as u32), &sheet.pixels);
        }
    });
    redraw.follow_training(move || {
        tiles.track();
        canvas.track();
    });
    view! {
        <canvas
            class=class
            node_ref=canvas
            role=label.map(|_| "img")
            aria-label=label
            aria-hidden=label.is_none().then_some("true")
            hidden=move || tiles.with(Option::is_none)
        ></canvas>
    }
}
