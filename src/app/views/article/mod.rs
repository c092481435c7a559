//! The article below the panels, with the numbers of the current run, and the footer with the sources.

mod bottleneck;
mod fidelity;

use crate::app::views::erased::text;
use crate::{
    app::state::State,
    display::{
        dataset::{Source, capitalized, example, source, with_article},
        model_kind_text::{
            decoder_layers, encoder_layers, gaps, noise_in_training, place_on_the_plane, variational_code,
        },
        model_text::{activations, numbers},
        numbers::grouped,
    },
};
use bottleneck::Bottleneck;
use fidelity::Fidelity;
use latent_core::{data::DatasetId, settings::Settings};
use leptos::prelude::*;

/// The article and the footer.
#[component]
pub(super) fn Article() -> impl IntoView {
    let source = word(|dataset| match dataset.is_own() {
        true => "The images stay in this browser.".into(),
        false => "The images are loaded from the site of this page.".into(),
    });
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
                "benchmark shows that the GPU is faster. " {source} " No image, setting "
                "or result leaves your device."
            </p>
        </article>
        <Sources />
    }
}

/// Where the images come from.
#[component]
fn Sources() -> impl IntoView {
    let state = expect_context::<State>();
    let sentence = move || {
        let dataset = state.dataset.get();
        source(dataset).map(|Source { address, authors, licence, licence_address }| view! {
            "Data: " <a href=address>"the " {dataset.title()} " database"</a> " by " {authors} ", licensed under "
            <a href=licence_address>{licence}</a> ", repacked into shards."
        })
    };
    view! {
        <footer class="foot">
            <p><a href="./measure.html">"Measure this device"</a></p>
            <p>{text(sentence)}</p>
        </footer>
    }
}

/// A value of the current run's settings, within a sentence.
fn live(of: fn(&Settings) -> String) -> impl IntoView {
    let state = expect_context::<State>();
    view! { <strong>{text(move || state.run_settings.with(of))}</strong> }
}

/// A word for the run's data set, within a sentence.
fn word(of: fn(DatasetId) -> String) -> impl IntoView {
    let state = expect_context::<State>();
    text(move || of(state.dataset.get()))
}

fn sample() -> impl IntoView {
    word(|dataset| dataset.words().sample.into())
}

fn one_sample() -> impl IntoView {
    word(|dataset| with_article(dataset.words().sample))
}

#[component]
fn Autoencoders() -> impl IntoView {
    let state = expect_context::<State>();
    // Each sentence ends with a space, so that one that is left out leaves none.
    let sentences = move || {
        state.run_settings.with(|settings| {
            let model = &settings.model;
            let sentences = [variational_code(model), activations(model), noise_in_training(model)];
            sentences.into_iter().filter(|text| !text.is_empty()).map(|text| text + " ").collect::<String>()
        })
    };
    view! {
        <p>
            "A discriminative model learns to tell classes apart: given an image, it answers “" {word(|dataset| example(dataset)[0].into())}
            "”. A generative model learns what the images look like: it can draw " {word(|dataset| example(dataset)[1].into())}
            ". An autoencoder is a simple step "
            "towards generative models. It needs no labels, because it only learns to reproduce its input."
        </p>
        <p>
            "The difficulty is the narrow layer in the middle. The " <em>"encoder"</em> " maps the "
            {live(|settings| settings.model.input.values().to_string())} " values of an image ("
            {live(|settings| settings.model.input.to_string())} ") through " {live(|settings| encoder_layers(&settings.model))}
            " to a " <em>"code"</em> " of " {live(|settings| numbers(settings.model.latent_units()))} ". The "
            <em>"decoder"</em> " maps the code back to an image, " {live(|settings| decoder_layers(&settings.model))} ". " {text(sentences)}
            "The model has " {live(|settings| grouped(settings.model.parameters()))}
            " parameters. The encoder alone places an image on the plane. The decoder alone draws an image for any point of it."
        </p>
    }
}

#[component]
fn Plane() -> impl IntoView {
    let state = expect_context::<State>();
    let place = move || state.run_settings.with(|settings| place_on_the_plane(&settings.model));
    let gaps = move || state.run_settings.with(|settings| gaps(&settings.model));
    let colour = move || match state.classes.with(Vec::is_empty) {
        true => "",
        false => "Its colour is its label, which the network never sees.",
    };
    view! {
        <h3>"What the plane shows"</h3>
        <p>
            "Each dot is " {one_sample()} ". " {text(place)} " " {text(colour)} " " {word(|dataset| capitalized(dataset.words().samples))} " that look alike have codes close to each other. "
            "Between two groups the decoder draws intermediate shapes. The gaps are codes that no " {sample()} " is mapped to. The loss "
            "demands nothing of the decoder there, so it does not always draw " {one_sample()} ". " {text(gaps)}
        </p>
        <p>
            "Dense layers treat an image as a list of pixels. They do not know which pixels are neighbours, or that a "
            {word(|dataset| example(dataset)[0].into())} " shifted by one pixel is still one, and learn it for every position "
            "separately. Convolutions apply the same "
            "small filter everywhere in the image. They have this knowledge built in, and need fewer weights."
        </p>
    }
}
