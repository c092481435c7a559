//! Draws the manifold: the images decoded at a grid of codes.

use super::to_pixels;
use crate::{
    app::{
        state::Map,
        views::{
            canvas::{Surface, offscreen_canvas},
            screen::Theme,
        },
    },
    display::image_grid::{cell_side, image_grid},
};
use latent_core::{
    math::read_f32,
    model::ImageShape,
    plane::{Grid, Projection},
};
use std::cell::RefCell;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// A canvas on which the images of the manifold lie side by side, kept from one drawing to the next.
#[derive(Default)]
pub(in super::super) struct Manifold(RefCell<Option<(HtmlCanvasElement, CanvasRenderingContext2d)>>);

impl Manifold {
    /// Draws the manifold where its grid lies on the visible plane. Images of another size than `shape` belong to a model
    /// that was replaced, and are not drawn.
    pub(in super::super) fn draw(
        &self,
        surface: &Surface,
        theme: &Theme,
        plane: Projection,
        Map { grid, images }: &Map,
        shape: ImageShape,
    ) -> Result<(), JsValue> {
        if grid.plane().axes != plane.axes || images.len() != grid.rows() * Grid::SIDE * shape.values() {
            return Ok(());
        }
        let opacity = read_f32(&theme.get("manifold")).unwrap_or(0.4);
        let pixels = image_grid(images, shape, Grid::SIDE, theme.rgb("ink"), opacity);
        let cell = cell_side(shape);
        let canvas = self.put([Grid::SIDE, grid.rows()].map(|cells| (cells * cell) as u32), &pixels)?;
        let corner =
            |corner: [f32; 2]| to_pixels(surface, plane.range.place_of(grid.plane().range.code_at(corner)));
        let ([left, top], [right, bottom]) = (corner([0.0, 0.0]), corner([1.0, 1.0]));
        let side = right - left;
        // The single row of a line lies in the middle of the plane.
        let (top, height) = match grid.rows() {
            1 => ((surface.size[1] - side / Grid::SIDE as f64) / 2.0, side / Grid::SIDE as f64),
            _ => (top, bottom - top),
        };
        surface.context.draw_image_with_html_canvas_element_and_dw_and_dh(&canvas, left, top, side, height)
    }

    /// Puts RGBA pixels on the canvas, and makes it as large as they are.
    fn put(&self, [width, height]: [u32; 2], pixels: &[u8]) -> Result<HtmlCanvasElement, JsValue> {
        let mut kept = self.0.borrow_mut();
        let is_fit =
            |(canvas, _): &(HtmlCanvasElement, _)| [canvas.width(), canvas.height()] == [width, height];
        let (canvas, context) = match kept.take().filter(is_fit) {
            Some(kept) => kept,
            None => offscreen_canvas(width, height)?,
        };
        let picture = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height)?;
        context.put_image_data(&picture, 0.0, 0.0)?;
        *kept = Some((canvas.clone(), context));
        Ok(canvas)
    }
}
