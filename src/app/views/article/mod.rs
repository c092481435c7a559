//! The article below the panels, with the numbers of the current run, and the footer with the sources.

mod bottleneck;
mod fidelity;

use crate::{
    app::state::State,
    display::{
        dataset::{SAMPLE, SAMPLES, capitalized, dataset},
        model_text::{activations, hidden_units, numbers},
        numbers::grouped,
    },
};
use bottleneck::Bottleneck;
use fidelity::Fidelity;
use latent_core::settings::Settings;
use leptos::prelude::*;

/// The article and the footer.
#[component]
pub(super) fn Article() -> impl IntoView {
    view! {
        <article class="about" aria-labelledby="about-title">
            <h2 id="about-title">"How it works"</h2>
            <Autoencoders />
            <Bottleneck />
            <Plane />
            <Fidelity />
            <h3>"Where it runs"</h3>
            <p>
                "Training runs in workers on this device. It starts on the CPU and moves to the GPU, through WebGPU, when a "
                "benchmark shows that the GPU is faster. The images are loaded from the site of this page. No image, setting "
                "or result leaves your device."
            </p>
        </article>
        <footer class="foot">
            <p>
                "Data: "
                <a href="https://web.archive.org/web/2024/http://yann.lecun.com/exdb/mnist/">"the " {dataset().title} " database"</a>
                " by Yann LeCun, Corinna Cortes and Christopher J.C. Burges, licensed under "
                <a href="https://creativecommons.org/licenses/by-sa/3.0/">"CC BY-SA 3.0"</a> ", repacked into shards."
            </p>
        </footer>
    }
}

/// A value of the current run's settings, within a sentence.
fn live(text: fn(&Settings) -> String) -> impl IntoView {
    let state = expect_context::<State>();
    view! { <strong>{move || state.run_settings.with(text)}</strong> }
}

#[component]
fn Autoencoders() -> impl IntoView {
    let state = expect_context::<State>();
    let activations = move || state.run_settings.with(|settings| activations(&settings.model));
    view! {
        <p>
            "A discriminative model learns to tell classes apart: given an image, it answers “seven”. A generative model "
            "learns what the images look like: it can draw a seven that nobody has written. An autoencoder is a simple step "
            "towards generative models. It needs no labels, because it only learns to reproduce its input."
        </p>
        <p>
            "The difficulty is the narrow layer in the middle. The " <em>"encoder"</em> " maps the "
            {live(|settings| settings.model.input.values().to_string())} " values of an image ("
            {live(|settings| settings.model.input.to_string())} ") through hidden layers of " {live(|settings| hidden_units(&settings.model))}
            " units to a " <em>"code"</em> " of " {live(|settings| numbers(settings.model.latent_units()))} ". The "
            <em>"decoder"</em> " maps the code back to an image, through the same layers in reverse order. " {activations}
            " The model has " {live(|settings| grouped(settings.model.parameters()))}
            " parameters. The encoder alone places an image on the plane. The decoder alone draws an image for any point of it."
        </p>
    }
}

#[component]
fn Plane() -> impl IntoView {
    view! {
        <h3>"What the plane shows"</h3>
        <p>
            "Each dot is a " {SAMPLE} ". Its place is its code, computed by the encoder. Its colour is its label, which the "
            "network never sees. " {capitalized(SAMPLES)} " that look alike have codes close to each other. Between two groups "
            "the decoder draws intermediate shapes. The gaps are codes that no " {SAMPLE} " is mapped to. The loss demands "
            "nothing of the decoder there, so it does not always draw a " {SAMPLE} ". Variational autoencoders address this: "
            "their loss also makes the codes fill the plane evenly."
        </p>
        <p>
            "Dense layers treat an image as a list of pixels. They do not know which pixels are neighbours, or that a seven "
            "shifted by one pixel is still a seven, and learn it for every position separately. Convolutions apply the same "
            "small filter everywhere in the image. They have this knowledge built in, and need fewer weights."
        </p>
    }
}
