//! What the trained network makes of MNIST: which digits lie on the plane, five of them beside their
//! reconstructions, the error over both sets, and the share of the data that a code saves.

use super::digit::ThereAndBack;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::numbers::{grouped, percent},
};
use latent_core::{data::Split, plane::Plotted, settings::PIXELS};
use leptos::prelude::*;

/// The panel.
#[component]
pub(super) fn Predictions() -> impl IntoView {
    view! {
        <section class="panel predictions" aria-labelledby="predictions-title">
            <h2 id="predictions-title">"Predictions"</h2>
            <PlottedChoice />
            <Five />
            <Measures />
        </section>
    }
}

#[component]
fn PlottedChoice() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let choices = Plotted::ALL.map(|plotted| {
        let label = match plotted {
            Plotted::Sample => "2,000 test digits",
            Plotted::Test => "all 10,000 test digits",
            Plotted::Training => "all 60,000 training digits",
        };
        view! {
            <label>
                <input
                    type="radio"
                    name="plotted"
                    prop:checked=move || state.plotted.get() == plotted
                    disabled=move || plotted != Plotted::Sample && state.is_pretrained.get()
                    on:change=move |_| supervisor.plot(plotted)
                />
                {label}
            </label>
        }
    });
    let remark = move || {
        let (there, all) = (state.cloud.with(|cloud| cloud.len()), state.plotted.get().count());
        match there {
            _ if state.is_pretrained.get() => {
                "The pretrained decoder has the codes of these 2,000. A network that you train encodes any digit.".into()
            }
            _ if there < all => format!("{} of {} encoded", grouped(there as u64), grouped(all as u64)),
            _ => format!("{} encoded", grouped(all as u64)),
        }
    };
    view! {
        <fieldset class="choice">
            <legend>"On the plane"</legend>
            {choices}
            <p class="hint" role="status">{remark}</p>
        </fieldset>
    }
}

/// Five digits beside their reconstructions.
#[component]
fn Five() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let figure = move |at: usize| {
        let pair = Memo::new(move |_| {
            let digit = *state.chosen.with(|chosen| chosen.get(at).copied()).as_ref()?;
            state.pairs.with(|pairs| pairs.iter().find(|pair| pair.digit == digit).cloned())
        });
        let label = move || pair.with(|pair| pair.as_ref().and_then(|pair| pair.label));
        view! {
            <figure>
                <ThereAndBack pair />
                <figcaption>{move || label().map_or_else(|| "…".into(), |label| label.to_string())}</figcaption>
            </figure>
        }
    };
    view! {
        <div class="five">
            <div class="five-head">
                <h3>"Originals above, reconstructions below"</h3>
                <button type="button" class="small" on:click=move |_| supervisor.choose_others()>"Five others"</button>
            </div>
            <div class="figures">{(0..5).map(figure).collect_view()}</div>
        </div>
    }
}

/// The error over both sets, and what a code saves.
#[component]
fn Measures() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let units = move || state.run_settings.with(|settings| settings.model.latent_units());
    let row = move |set: Split| {
        let of = move |number: fn(f64) -> f64| {
            let measured = state.measures.get().of(set);
            measured.map_or_else(|| "–".into(), |measured| format!("{:.5}", number(measured.loss)))
        };
        let step = move || {
            let measured = state.measures.get().of(set);
            measured.map_or_else(|| "–".into(), |measured| grouped(measured.steps))
        };
        view! {
            <tr>
                <th scope="row">{format!("{} {}", grouped(set.images() as u64), set.name())}</th>
                <td>{move || of(|loss| loss)}</td>
                <td>{move || of(f64::sqrt)}</td>
                <td>{step}</td>
            </tr>
        }
    };
    let is_under_way = move || state.measures.get().is_under_way;
    let can_measure = move || !is_under_way() && !state.is_pretrained.get();
    let title = move || match state.is_pretrained.get() {
        true => "The pretrained decoder has no encoder: train a network to measure its error",
        false => "",
    };
    view! {
        <div class="measures">
            <table>
                <caption class="visually-hidden">"Error over both sets"</caption>
                <thead>
                    <tr>
                        <th scope="col">"images"</th>
                        <th scope="col"><abbr title="mean squared error">"MSE"</abbr></th>
                        <th scope="col"><abbr title="its square root">"RMSE"</abbr></th>
                        <th scope="col">"at step"</th>
                    </tr>
                </thead>
                <tbody>{row(Split::Test)} {row(Split::Training)}</tbody>
            </table>
            <button type="button" class="small" disabled=move || !can_measure() title=title on:click=move |_| supervisor.measure()>
                {move || if is_under_way() { "Measuring" } else { "Measure both sets" }}
            </button>
            <p class="hint" id="saved">
                {move || {
                    let saved = (PIXELS.saturating_sub(units())) as f64 / PIXELS as f64;
                    let numbers = if units() == 1 { "1 number".into() } else { format!("{} numbers", units()) };
                    format!("{numbers} instead of {PIXELS}: {} of the data is saved.", percent(saved))
                }}
            </p>
        </div>
    }
}
