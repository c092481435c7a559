//! The menu of data sets, and the button for the person's own images.

use super::Icon;
use crate::app::views::erased::text;
use crate::{
    app::{importer::Importer, state::State, supervisor::Supervisor},
    display::dataset::description,
};
use latent_core::{data::DatasetId, settings::Field};
use leptos::{ev, prelude::*};
use web_sys::HtmlSelectElement;

/// The menu and the button.
#[component]
pub(super) fn DataMenu() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let importer = expect_context::<Importer>();
    let dataset = Memo::new(move |_| state.settings.with(|settings| settings.data));
    let choose = move |event: ev::Event| {
        let select: HtmlSelectElement = event_target(&event);
        if let Err(refusal) = supervisor.set(Field::Data, &select.value()) {
            supervisor.notify(format!("{refusal}."));
        }
        // The menu shows what the settings have, also after a refusal.
        select.set_value(&dataset.get_untracked().text());
    };
    let options = move || {
        let served = DatasetId::ALL.map(|dataset| (dataset.text(), dataset.title().to_owned()));
        let own = state.own_images.get().into_iter().map(|images| (images.set.text(), images.title));
        let option = |(name, label): (String, String)| {
            let of = name.clone();
            let is_selected = move || dataset.get().text() == of;
            view! { <option value=name prop:selected=is_selected>{label}</option> }
        };
        served.into_iter().chain(own).map(option).collect_view()
    };
    view! {
        <div class="data-menu">
            <label for="data" class="visually-hidden">"Data"</label>
            <select id="data" class="small" title=move || description(dataset.get()) on:change=choose>{text(options)}</select>
            <button
                type="button"
                class="small square"
                aria-label="Your own images…"
                title="Your own images…"
                on:click=move |_| importer.open()
            >
                <Icon path="M12 5v14M5 12h14" />
            </button>
        </div>
    }
}
