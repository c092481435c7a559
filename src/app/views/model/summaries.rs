//! The tables of the model's layers.

use crate::{app::state::State, display::numbers::grouped};
use latent_core::model::summary::{self, Summary};
use leptos::prelude::*;

/// Encoder, decoder and autoencoder, layer by layer, as Keras prints them.
#[component]
pub(super) fn Summaries() -> impl IntoView {
    let state = expect_context::<State>();
    let spec = Memo::new(move |_| state.run_settings.with(|settings| settings.model.clone()));
    view! {
        <div class="summaries">
            {move || spec.with(|spec| summary::models(spec).map(table))}
        </div>
    }
}

fn table(model: Summary) -> impl IntoView {
    let total = grouped(model.parameters());
    let rows = model.rows.into_iter().map(|row| {
        view! {
            <tr>
                <th scope="row">{row.layer}</th>
                <td>{row.kind}</td>
                <td>{row.shape.to_string()}</td>
                <td>{grouped(row.parameters)}</td>
            </tr>
        }
    });
    view! {
        <details>
            <summary>{model.name} " " <span class="of">{format!("{total} parameters")}</span></summary>
            <div class="scroller" tabindex="0" role="region" aria-label=format!("Layers of the {}", model.name)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"layer"</th>
                            <th scope="col">"kind"</th>
                            <th scope="col">"output shape"</th>
                            <th scope="col">"parameters"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row" colspan="3">"total"</th>
                            <td>{total}</td>
                        </tr>
                    </tfoot>
                </table>
            </div>
        </details>
    }
}
