//! The menu of data sets, and the button for the person's own images.

use super::choice::Choice;
use crate::{
    app::{importer::Importer, state::State, supervisor::Supervisor},
    display::dataset::description,
};
use latent_core::{data::DatasetId, settings::Field};
use leptos::prelude::*;

/// The menu, with a sentence on the chosen data set.
#[component]
pub(super) fn DataChoice() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let importer = expect_context::<Importer>();
    let dataset = Memo::new(move |_| state.settings.with(|settings| settings.data));
    let value = Memo::new(move |_| dataset.get().text());
    let choose = Callback::new(move |name: String| {
        supervisor.set(Field::Data, &name).err().map(|error| error.to_string())
    });
    let options = Signal::derive(move || {
        let served = DatasetId::ALL.map(|dataset| (dataset.text(), dataset.title().to_owned()));
        let own = state.own_images.get().into_iter().map(|images| (images.set.text(), images.title));
        served.into_iter().chain(own).collect::<Vec<_>>()
    });
    let text = Memo::new(move |_| description(dataset.get()));
    // The question below says what applies to the next run.
    let never = Memo::new(|_| false);
    view! {
        <div class="model-choice">
            <Choice id="data" label="Data" options value choose is_disabled=never pending=never note=Some(text) />
            <button type="button" class="small" on:click=move |_| importer.open()>"Your own images…"</button>
        </div>
    }
}
