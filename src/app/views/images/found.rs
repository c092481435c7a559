//! What was found, and the recipe by which it becomes a set.

use super::Skipped;
use crate::{
    app::{importer::Importer, state::State, views::canvas::put_pixels},
    display::{
        image_grid::{cell_side, image_grid},
        import_text,
    },
};
use latent_core::data::{Fit, Recipe};
use latent_protocol::SurveyReport;
use leptos::{ev, html, prelude::*};
use web_sys::{HtmlInputElement, HtmlSelectElement};

/// Pictures in a row.
const COLUMNS: usize = 8;

/// The report, the pictures, the recipe and what it costs.
#[component]
pub(super) fn Found(report: SurveyReport) -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let images = report.images;
    let cost = Memo::new(move |_| {
        let recipe = importer.recipe.get();
        recipe.check().map_err(|error| format!("{error}."))?;
        state.settings.with(|settings| import_text::cost(images, recipe.shape, &settings.model))
    });
    let told = move || cost.get().unwrap_or_else(|problem| problem);
    view! {
        <p role="status">{import_text::found(&report)} " " {import_text::classes(&report.classes)}</p>
        <Skipped skipped=report.skipped />
        <Pictures />
        <RecipeFields has_split={report.test_images > 0} />
        <p class="hint" class:problem=move || cost.with(Result::is_err)>{told}</p>
        <p>
            <button type="button" class="primary" disabled=move || cost.with(Result::is_err) on:click=move |_| importer.import()>
                "Import"
            </button>
            " "
            <button type="button" on:click=move |_| importer.cancel()>"Choose others"</button>
        </p>
    }
}

/// Some of the pictures as the recipe makes them.
#[component]
fn Pictures() -> impl IntoView {
    let importer = expect_context::<Importer>();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        importer.samples.with(|samples| {
            let Some((Recipe { shape, .. }, images)) = samples else { return };
            let mut images = images.clone();
            let rows = images.len().div_ceil(COLUMNS * shape.values());
            images.resize(rows * COLUMNS * shape.values(), 0);
            let pixels = image_grid(&images, *shape, COLUMNS, [255; 3], 1.0);
            let size = [COLUMNS, rows].map(|cells| (cells * cell_side(*shape)) as u32);
            // Drawing fails only on a page that is being closed.
            let _ = put_pixels(&canvas, size, &pixels);
        });
    });
    view! { <canvas node_ref=canvas class="pictures" role="img" aria-label="Some of the images as they will be"></canvas> }
}

/// The fields of the recipe.
#[component]
fn RecipeFields(has_split: bool) -> impl IntoView {
    let importer = expect_context::<Importer>();
    let recipe = importer.recipe;
    let number = |event: &ev::Event| event_target::<HtmlInputElement>(event).value().trim().to_owned();
    // What cannot be read leaves the field as it was.
    let take_size = move |event: ev::Event| {
        if let Some([height, width]) = Recipe::parse_sides(&number(&event)) {
            importer.change(|recipe| (recipe.shape.height, recipe.shape.width) = (height, width));
        }
        event_target::<HtmlInputElement>(&event).set_value(&recipe.with_untracked(Recipe::sides));
    };
    let take_percent = move |event: ev::Event| {
        if let Ok(percent) = number(&event).parse() {
            importer.change(|recipe| recipe.validation_percent = percent);
        }
        let percent = recipe.with_untracked(|recipe| recipe.validation_percent);
        event_target::<HtmlInputElement>(&event).set_value(&percent.to_string());
    };
    let take_seed = move |event: ev::Event| {
        if let Ok(seed) = number(&event).parse() {
            importer.change(|recipe| recipe.seed = seed);
        }
        event_target::<HtmlInputElement>(&event)
            .set_value(&recipe.with_untracked(|recipe| recipe.seed).to_string());
    };
    let choose_fit = move |event: ev::Event| {
        if let Some(fit) = Fit::from_name(&event_target::<HtmlSelectElement>(&event).value()) {
            importer.change(|recipe| recipe.fit = fit);
        }
    };
    let fits = Fit::ALL.map(|fit| {
        let label = match fit {
            Fit::Contain => "The whole picture on black",
            Fit::Cover => "The middle of the picture",
            Fit::Stretch => "Stretched",
        };
        view! { <option value=fit.name() prop:selected=move || recipe.with(|recipe| recipe.fit == fit)>{label}</option> }
    });
    view! {
        <div class="fields">
            <div class="field">
                <label for="images-size">"Size in pixels (at most 64)"</label>
                <input id="images-size" type="text" inputmode="numeric" autocomplete="off"
                    prop:value=move || recipe.with(Recipe::sides) on:change=take_size />
            </div>
            <div class="field">
                <label for="images-fit">"Fit"</label>
                <select id="images-fit" on:change=choose_fit>{fits}</select>
            </div>
            <div class="field" hidden=has_split>
                <label for="images-percent">"Percent for validation"</label>
                <input id="images-percent" type="text" inputmode="numeric" autocomplete="off"
                    prop:value=move || recipe.with(|recipe| recipe.validation_percent.to_string()) on:change=take_percent />
            </div>
            <div class="field">
                <label for="images-seed">"Seed of the order"</label>
                <input id="images-seed" type="text" inputmode="numeric" autocomplete="off"
                    prop:value=move || recipe.with(|recipe| recipe.seed.to_string()) on:change=take_seed />
            </div>
            <Check id="images-colour" label="Colour" value=Signal::derive(move || recipe.with(|recipe| recipe.shape.channels == 3))
                change=Callback::new(move |is_on| importer.change(|recipe| recipe.shape.channels = if is_on { 3 } else { 1 })) />
            <Check id="images-invert" label="Exchange light and dark" value=Signal::derive(move || recipe.with(|recipe| recipe.is_inverted))
                change=Callback::new(move |is_on| importer.change(|recipe| recipe.is_inverted = is_on)) />
        </div>
    }
}

#[component]
fn Check(
    id: &'static str,
    label: &'static str,
    value: Signal<bool>,
    change: Callback<bool>,
) -> impl IntoView {
    view! {
        <div class="field check">
            <label>
                <input
                    id=id
                    type="checkbox"
                    prop:checked=value
                    on:change=move |event| change.run(event_target_checked(&event))
                />
                {label}
            </label>
        </div>
    }
}
