//! The menu of data sets.

use super::choice::Choice;
use crate::{
    app::{state::State, supervisor::Supervisor},
    display::dataset::description,
};
use latent_core::{data::DatasetId, settings::Field};
use leptos::prelude::*;

/// The menu, with a sentence on the chosen data set.
#[component]
pub(super) fn DataChoice() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let dataset = Memo::new(move |_| state.settings.with(|settings| settings.data));
    let value = Memo::new(move |_| dataset.get().name().to_owned());
    let choose = Callback::new(move |name: String| {
        supervisor.set(Field::Data, &name).err().map(|error| error.to_string())
    });
    let options = DatasetId::ALL.map(|dataset| (dataset.name(), dataset.title())).to_vec();
    let text = Memo::new(move |_| description(dataset.get()));
    // The question below says what applies to the next run.
    let never = Memo::new(|_| false);
    view! {
        <div class="model-choice">
            <Choice id="data" label="Data" options value choose is_disabled=never pending=never note=Some(text) />
        </div>
    }
}
