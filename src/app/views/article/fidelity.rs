//! The section about Keras' numbers.

use latent_core::training::adam::EPSILON;
use leptos::prelude::*;

#[component]
pub(super) fn Fidelity() -> impl IntoView {
    view! {
        <h3>"The same numbers as Keras"</h3>
        <p>
            "This page implements a well-known Keras tutorial with the Rust library " <a href="https://burn.dev">"Burn"</a>
            " and with engines of its own. The same layers give the same numbers only with the same defaults. These differ:"
        </p>
        <ul>
            <li>"The slope of LeakyReLU is 0.3 in Keras and 0.01 in Burn."</li>
            <li>
                "Adam's ε is 1e-7 in Keras and 1e-5 in Burn. Keras adds it to √v before the bias correction, Burn after it. "
                "Many gradients of the tutorial's model are as small as ε, so this alone changes its loss by 2 % within 20 "
                "steps. This page computes w −= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + " {format!("{EPSILON:e}")} ")."
            </li>
            <li>
                "Initial weights are uniform in ±√(6 / (inputs + outputs)) in Keras and in ±1/√inputs in Burn. Initial biases "
                "are zero in Keras. In Burn they are drawn like the weights."
            </li>
        </ul>
        <p>
            "From the same weights and batches, the loss of the tutorial's model stays within 0.01 % of Keras' loss over "
            "twenty steps, on every engine of this page. The project's tests check this. They compare convolutional and "
            "variational models with Keras in the same way, with the same noise."
        </p>
    }
}
