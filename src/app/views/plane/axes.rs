//! The choice of the two numbers of the code that the plane shows.

use crate::app::views::erased::Shown;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::unit_name,
};
use latent_core::plane::Axes;
use leptos::{ev, prelude::*};

/// Two menus, if the code has more than two numbers.
#[component]
pub(super) fn AxesMenus() -> impl IntoView {
    let state = expect_context::<State>();
    let units = Memo::new(move |_| state.code.with(Vec::len));
    view! {
        <Shown when=move || { units.get() > 2 }>
            <div class="axes">
                <Menu id="axis-right" label="Across" units is_up=false />
                <Menu id="axis-up" label="Up" units is_up=true />
                <p class="hint">"The other numbers are those of the mean code, until you change them."</p>
            </div>
        </Shown>
        <Shown when=move || units.get() == 1>
            <p class="hint">"The code has one number, so the plane is a line. Each class has a lane of its own."</p>
        </Shown>
    }
}

#[component]
fn Menu(id: &'static str, label: &'static str, units: Memo<usize>, is_up: bool) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let unit = move || {
        let Axes { right, up } = state.axes.get();
        if is_up { up.unwrap_or_default() } else { right }
    };
    let take = move |event: ev::Event| {
        let Ok(chosen) = event_target_value(&event).parse::<usize>() else { return };
        let Axes { right, up } = state.axes.get_untracked();
        let before = if is_up { up.unwrap_or_default() } else { right };
        // If the other axis has the chosen number, the axes swap.
        let swapped = |other: usize| if other == chosen { before } else { other };
        supervisor.choose_axes(match is_up {
            true => Axes { right: swapped(right), up: Some(chosen) },
            false => Axes { right: chosen, up: up.map(swapped) },
        });
    };
    view! {
        <label for=id>{label}</label>
        <select id=id on:change=take>
            {move || (0..units.get())
                .map(|of| view! { <option value=of.to_string() prop:selected=move || unit() == of>{unit_name(of)}</option> })
                .collect_view()}
        </select>
    }
}
