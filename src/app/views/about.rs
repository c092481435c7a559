//! What this is, below the fold, and whom it owes what.

use leptos::prelude::*;

/// The article and the footer.
#[component]
pub(super) fn About() -> impl IntoView {
    view! {
        <article class="about" aria-labelledby="about-title">
            <h2 id="about-title">"How it works"</h2>
            <p>
                "An autoencoder learns to copy images through a bottleneck. Here the encoder takes the 784 pixels of a "
                "handwritten digit to 300 numbers and those to just 2; the decoder goes the same way back, from 2 to 300 to "
                "784. A LeakyReLU follows every layer, Adam lowers the mean squared error between image and copy, and "
                "nobody ever tells the network which digit is which."
            </p>
            <p>
                "The two numbers are a place on the plane. Each dot is a test digit, put where the encoder sends it; its "
                "colour is its label, which the network has never seen. Digits that look alike end up side by side, and "
                "between two groups the decoder draws something in between: drag there and see. Two numbers can't hold "
                "everything, so the copies stay blurred and some kinds share a place."
            </p>
            <p>
                "Training runs in a worker on this device, on the GPU by WebGPU where the browser offers one, otherwise on "
                "the CPU. The images are fetched once from where this page came from; no image, setting or result is sent "
                "anywhere."
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
