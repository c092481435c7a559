//! The kernels of the first layer as images, live.

use crate::app::views::erased::text;
use crate::{
    app::{state::State, supervisor::Supervisor, views::canvas::put_pixels},
    display::{kernel_sheet::KernelSheet, numbers::grouped},
};
use latent_core::model::FirstKernels;
use leptos::{ev, html, prelude::*};
use web_sys::Element;

/// Kernels in a row.
const COLUMNS: usize = 8;

/// The kernels. They are asked for only while they are in sight.
#[component]
pub(super) fn Kernels() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let canvas = NodeRef::<html::Canvas>::new();
    let of_model = Memo::new(move |_| state.run_settings.with(|settings| settings.model.first_kernels()));
    // Those of a model that was replaced have another size, or are replaced at once.
    let shown = Memo::new(move |_| {
        let values = state.kernels.with(Vec::len);
        let FirstKernels { count, shape, .. } = of_model.get();
        let shown = values / shape.values().max(1);
        (shown > 0 && shown <= count && values.is_multiple_of(shape.values())).then_some(shown)
    });
    let sheet = move || {
        shown.get()?;
        state.kernels.with(|kernels| KernelSheet::of(kernels, of_model.get().shape, COLUMNS))
    };
    Effect::new(move |_| {
        if let (Some(canvas), Some(sheet)) = (canvas.get(), sheet()) {
            // Drawing fails only on a page that is being closed.
            let _ = put_pixels(&canvas, [sheet.width, sheet.height].map(|side| side as u32), &sheet.pixels);
        }
    });
    let toggle = move |event: ev::Event| {
        let is_open = event_target::<Element>(&event).has_attribute("open");
        supervisor.follow_kernels(is_open);
    };
    let kind = move |is_one: bool| match (of_model.get().is_convolution, is_one) {
        (true, true) => "filter",
        (true, false) => "filters",
        (false, true) => "unit",
        (false, false) => "units",
    };
    let count = move || {
        let FirstKernels { count, .. } = of_model.get();
        let all = format!("{} {}", grouped(count as u64), kind(count == 1));
        match shown.get().filter(|&shown| shown < count) {
            Some(shown) => format!("{shown} of {all}"),
            None => all,
        }
    };
    let label = move || format!("The weights of {} of the first layer, each an image", count());
    let hint = move || match shown.get() {
        None if state.is_pretrained.get() => {
            "The pretrained decoder has no encoder. Train a network of your own to see its first layer."
                .to_owned()
        }
        None => "Loading".to_owned(),
        Some(_) => format!(
            "Each image shows what one {} of the first layer multiplies the image’s values by: white the largest positive \
             weight, black the largest negative one, mid-grey zero. The first weights are random, and shapes appear as it learns.",
            kind(true),
        ),
    };
    view! {
        <details class="kernels" on:toggle=toggle>
            <summary>"first-layer kernels " <span class="of">{text(count)}</span></summary>
            <p class="hint">{text(hint)}</p>
            <canvas node_ref=canvas role="img" aria-label=label hidden=move || shown.get().is_none()></canvas>
        </details>
    }
}
