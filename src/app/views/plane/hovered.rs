//! The digit under the pointer, beside its dot.

use crate::app::{state::State, views::digit::ThereAndBack};
use leptos::prelude::*;

/// The digit under the pointer: its image, what it is, and its reconstruction.
#[component]
pub(super) fn Hovered() -> impl IntoView {
    let state = expect_context::<State>();
    let pair = Memo::new(move |_| {
        let digit = state.hovered.get()?;
        state.pairs.with(|pairs| pairs.iter().find(|pair| pair.digit == digit).cloned())
    });
    let place = move || {
        let digit = state.hovered.get()? as usize;
        let plane = state.projection();
        let [x, y] = state
            .cloud
            .with(|cloud| cloud.digits().nth(digit).map(|(label, code)| plane.place_of_digit(label, code)))?;
        Some(format!("left: {:.2}%; top: {:.2}%", 100.0 * x, 100.0 * y))
    };
    // On that side of the dot where there is room.
    let is_at_right = move || {
        place().is_some()
            && state.hovered.get().is_some_and(|digit| {
                let plane = state.projection();
                let place = |(label, code): (u8, &[f32])| plane.place_of_digit(label, code);
                state
                    .cloud
                    .with(|cloud| cloud.digits().nth(digit as usize).map(place))
                    .is_some_and(|[x, _]| x > 0.6)
            })
    };
    let title = move || {
        pair.with(|pair| {
            let pair = pair.as_ref()?;
            let what = pair.label.map_or_else(|| "digit".into(), |label| format!("a {label}"));
            Some(format!("{} image {}: {what}", state.plotted.get().set().name(), pair.digit))
        })
    };
    view! {
        <Show when=move || pair.with(Option::is_some)>
            <div class="hovered" class:at-right=is_at_right style=place>
                <p>{title}</p>
                <ThereAndBack pair />
            </div>
        </Show>
    }
}
