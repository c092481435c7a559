//! The image under the pointer, beside its dot.

use crate::app::views::erased::{Shown, text};
use crate::{
    app::{
        state::State,
        views::image_pair::{ImagePair, error_of, in_frames},
    },
    display::numbers::code_distribution,
};
use leptos::prelude::*;

/// The image under the pointer, its label and its reconstruction.
#[component]
pub(super) fn Hovered() -> impl IntoView {
    let state = expect_context::<State>();
    let pair = Memo::new(move |_| {
        let hovered = state.hovered.get()?;
        state.pairs.with(|pairs| pairs.iter().find(|pair| pair.image == hovered).cloned())
    });
    let pair = in_frames(pair);
    // In shares of the plane's side.
    let place = move || {
        let hovered = state.hovered.get()? as usize;
        let plane = state.projection();
        let place = |(label, code): (u8, &[f32])| plane.place_of_code(label, code);
        state.cloud.with(|cloud| cloud.points().nth(hovered).map(place))
    };
    // Its middle stays so far from the plane's edges that it covers nothing above and below.
    let style = move || {
        place().map(|[x, y]| {
            format!("left: {:.2}%; top: clamp(3.5rem, {:.2}%, 100% - 3.5rem)", 100.0 * x, 100.0 * y)
        })
    };
    // It is shown on the side of the dot that has more space.
    let is_at_right = move || place().is_some_and(|[x, _]| x > 0.5);
    let title = move || {
        pair.with(|pair| {
            let pair = pair.as_ref()?;
            let word = || state.words().sample.to_owned();
            let label = pair.label.map_or_else(word, |label| state.sample_of(label));
            let set = state.plotted.get().set().name();
            Some(format!("{set} image {}: {label}{}", pair.image, error_of(pair)))
        })
    };
    let distribution = move || {
        let axes = state.axes.get();
        pair.with(|pair| Some(code_distribution(pair.as_ref()?.distribution.as_ref()?, axes)))
    };
    view! {
        <Shown when=move || pair.with(Option::is_some)>
            <div class="hovered" class:at-right=is_at_right style=style>
                <p>{text(title)}</p>
                <p class="numbers">{text(distribution)}</p>
                <ImagePair pair />
            </div>
        </Shown>
    }
}
