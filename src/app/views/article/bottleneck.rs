//! The section about the bottleneck and the loss.

use super::{live, one_sample, word};
use crate::app::views::erased::text;
use crate::{
    app::{state::State, views::pace::Pace},
    display::{
        loss_text::{definition, divergence_definition, total_title},
        model_text::{numbers, saved_share},
        numbers::{grouped, loss, percent},
    },
};
use leptos::prelude::*;

#[component]
pub(super) fn Bottleneck() -> impl IntoView {
    let (state, pace) = (expect_context::<State>(), expect_context::<Pace>());
    let definition = move || {
        state
            .run_settings
            .with(|settings| definition(settings.model.loss) + &divergence_definition(&settings.model))
    };
    let current = move || {
        pace.track();
        let steps = grouped(state.steps.get_untracked());
        match (state.loss.get_untracked(), state.validation_loss.get_untracked()) {
            (None, _) => "Press Train to see it fall.".to_owned(),
            (last, None) => format!("After {steps} steps it is {}.", loss(last)),
            (last, validation) => format!(
                "After {steps} steps it is {} for the last batch and {} for the test {}.",
                loss(last),
                loss(validation),
                state.words().samples
            ),
        }
    };
    view! {
        <h3>"The bottleneck and the loss"</h3>
        <p>
            "A code of " {live(|settings| numbers(settings.model.latent_units()))} " is "
            {live(|settings| percent(saved_share(&settings.model)))} " smaller than an image. What does not fit into the code is lost, so "
            "the network has to learn what matters most about " {one_sample()} ". The loss measures how well it does. It is the "
            {live(|settings| total_title(&settings.model))} ": " {text(definition)}
            ". Adam, a gradient descent with a step size for every weight, reduces it batch by batch, "
            {live(|settings| settings.batch.to_string())} " images at a time. " {text(current)}
        </p>
        <p>
            "The reconstructions are blurred because several " {word(|dataset| dataset.words().samples.into())} " share a code. No sharp drawing fits all of them, and "
            "their average has the smallest loss. A larger code gives sharper reconstructions: try 8 or 32 in the settings."
        </p>
    }
}
