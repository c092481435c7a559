//! A slider for the learning rate, on a logarithmic scale.

use crate::app::{state::State, supervisor::Supervisor};
use latent_core::settings::Field;
use leptos::{ev, prelude::*};

/// The powers of ten at the slider's ends.
const ENDS: [f64; 2] = [-5.0, -1.0];
/// Steps in a power of ten.
const STEPS: f64 = 20.0;

/// The slider. It sets the same rate as the field above it, to two significant digits.
#[component]
pub(super) fn LearningRateSlider() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let rate = Memo::new(move |_| {
        let steps = state.steps.get();
        f64::from(state.settings.with(|settings| settings.learning_rates.after(steps)))
    });
    let place =
        move || (rate.get().log10() * STEPS).round().clamp(ENDS[0] * STEPS, ENDS[1] * STEPS).to_string();
    let take = move |event: ev::Event| {
        let Ok(place) = event_target_value(&event).parse::<f64>() else { return };
        if let Err(refusal) = supervisor.set(Field::LearningRate, &text(place / STEPS)) {
            supervisor.notify(format!("{refusal}."));
        }
    };
    view! {
        <label for="lr-slider" class="slider-label">"Learning-rate slider, logarithmic"</label>
        <input
            type="range"
            id="lr-slider"
            class="learning-rate"
            aria-valuetext=move || rate.get().to_string()
            min=(ENDS[0] * STEPS).to_string()
            max=(ENDS[1] * STEPS).to_string()
            step="1"
            prop:value=place
            on:change=take
        />
    }
}

/// Ten to this power, with two significant digits and without an exponent.
fn text(power: f64) -> String {
    let decimals = (1.0 - power.floor()).max(0.0) as usize;
    format!("{:.decimals$}", 10f64.powf(power)).trim_end_matches('0').into()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn rates_have_two_significant_digits() {
        assert_eq!([-5.0, -3.3, -3.0, -1.0].map(text), ["0.00001", "0.0005", "0.001", "0.1"]);
        assert_eq!(text(-2.95), "0.0011");
    }
}
