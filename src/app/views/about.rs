//! What this is, below the fold, with the numbers of the run above it, and whom it owes what.

use crate::{
    app::state::State,
    display::numbers::{grouped, loss, percent},
};
use latent_core::{
    settings::{PIXELS, Settings},
    training::adam::EPSILON,
};
use leptos::prelude::*;

/// The article and the footer.
#[component]
pub(super) fn About() -> impl IntoView {
    view! {
        <article class="about" aria-labelledby="about-title">
            <h2 id="about-title">"How it works"</h2>
            <Autoencoders />
            <Bottleneck />
            <Plane />
            <Fidelity />
            <h3>"What happens where"</h3>
            <p>
                "Training runs in workers on this device: on the CPU at once, and on the GPU by WebGPU as soon as that has "
                "proved to be faster. The images are fetched once from where this page came from; no image, setting or "
                "result is sent anywhere."
            </p>
        </article>
        <footer class="foot">
            <p>
                "Data: "
                <a href="https://web.archive.org/web/2024/http://yann.lecun.com/exdb/mnist/">"the MNIST database"</a>
                " of Yann LeCun, Corinna Cortes and Christopher J.C. Burges, under "
                <a href="https://creativecommons.org/licenses/by-sa/3.0/">"CC BY-SA 3.0"</a> ", repacked into shards."
            </p>
        </footer>
    }
}

/// A number of the run under way, in the middle of a sentence.
fn live<T: ToString + 'static>(settings: fn(&Settings) -> T) -> impl IntoView {
    let state = expect_context::<State>();
    let number = move || state.run_settings.with(settings).to_string();
    view! { <strong>{number}</strong> }
}

fn units(settings: &Settings) -> String {
    settings.model.hidden().iter().map(usize::to_string).collect::<Vec<_>>().join(" and ")
}

#[component]
fn Autoencoders() -> impl IntoView {
    view! {
        <p>
            "A discriminative model learns to tell things apart: shown an image, it says “seven”. A generative model learns "
            "what things look like: it can draw a seven that nobody has written. An autoencoder is a simple step towards the "
            "second kind, and it needs no labels, for its task is only to copy what it sees."
        </p>
        <p>
            "What makes that hard is the way in between. The " <em>"encoder"</em> " takes the " {PIXELS}
            " pixels of a digit to " {live(units)} " numbers and those to just "
            {live(|settings| settings.model.latent_units())} ", the " <em>"code"</em> "; the " <em>"decoder"</em>
            " goes the same way back. A LeakyReLU follows every layer: it lets positive numbers pass and shrinks negative ones to "
            {live(|settings| settings.model.slope)}
            " of themselves, so that no unit ever falls silent. Both halves are models of their own: the encoder alone puts a "
            "digit on the plane, the decoder alone draws any point of it."
        </p>
    }
}

#[component]
fn Bottleneck() -> impl IntoView {
    let state = expect_context::<State>();
    let saved = move || {
        let units = state.run_settings.with(|settings| settings.model.latent_units());
        percent(PIXELS.saturating_sub(units) as f64 / PIXELS as f64)
    };
    let now = move || match (state.loss.get(), state.validation_loss.get()) {
        (None, _) => "Press Train, and watch it fall.".to_owned(),
        (last, None) => {
            format!("After {} steps it stands at {}.", grouped(state.steps.get()), loss(last))
        }
        (last, validation) => format!(
            "After {} steps it stands at {} for the last batch and at {} for the test digits.",
            grouped(state.steps.get()),
            loss(last),
            loss(validation)
        ),
    };
    view! {
        <h3>"The bottleneck and the loss"</h3>
        <p>
            "A code of " {live(|settings| settings.model.latent_units())} " saves " <strong>{saved}</strong>
            " of the data. What it can't hold is lost, so the network has to find out what matters most about a digit. It is "
            "told how well it does by one number, the mean squared error: the difference between copy and original, squared, "
            "averaged over all pixels. Adam, a gradient descent that gives every weight its own pace, lowers it batch by "
            "batch, " {live(|settings| settings.batch)} " images at a time. " {now}
        </p>
        <p>
            "Squaring is why the copies are blurred. Where several digits share a code, no sharp drawing is right for all of "
            "them, and the least error on average is their average. More numbers in the code give sharper copies: try 8 or 32 "
            "in the settings."
        </p>
    }
}

#[component]
fn Plane() -> impl IntoView {
    view! {
        <h3>"What the plane shows"</h3>
        <p>
            "Each dot is a digit, put where the encoder sends it; its colour is its label, which the network has never seen. "
            "Digits that look alike end up side by side, and on the way from one group to another the decoder draws "
            "something in between. The gaps are codes that no digit was ever sent to. Nothing in the loss asks the decoder "
            "for anything sensible there, so it doesn't always draw a digit: that is what variational autoencoders mend, by "
            "asking the codes to fill the plane evenly."
        </p>
        <p>
            "Dense layers see pixels as a list. They don't know that two of them are neighbours, nor that a seven "
            "moved by one pixel is still a seven, and have to learn it for every place anew. Convolutions, which slide the "
            "same small pattern over the whole image, would bring that along and need fewer weights for it."
        </p>
    }
}

#[component]
fn Fidelity() -> impl IntoView {
    view! {
        <h3>"Keras' numbers, with Burn"</h3>
        <p>
            "This is a well-known Keras tutorial, built with the Rust library "
            <a href="https://burn.dev">"Burn"</a>
            ". The same layers give the same numbers only when the defaults are the same, and they differ:"
        </p>
        <ul>
            <li>"LeakyReLU's slope is 0.3 in Keras, 0.01 in Burn."</li>
            <li>
                "Adam's ε is 1e-7 in Keras, 1e-5 in Burn, and Keras adds it to √v before the correction for the first steps, "
                "Burn after. Many gradients here are as small as ε, so that alone changes the loss by 2 % within 20 steps. This "
                "page computes w −= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + " {format!("{EPSILON:e}")} ")."
            </li>
            <li>"Weights begin uniform in ±√(6 / (inputs + outputs)) in Keras, in ±1/√inputs in Burn; biases at zero, or like the weights."</li>
        </ul>
        <p>
            "From the same weights and the same batches, each engine of this page stays within 0.01 % of Keras' loss over "
            "twenty steps; the project's tests hold it to that."
        </p>
    }
}
