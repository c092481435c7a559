//! What was found, and the recipe by which it becomes a set.

use super::Skipped;
use crate::app::views::erased::text;
use crate::{
    app::{
        importer::Importer,
        state::State,
        views::{
            canvas::put_pixels,
            settings::{Choice, fixed},
        },
    },
    display::{
        dataset::capitalized,
        image_grid::{cell_side, image_grid},
        import_text,
    },
};
use latent_core::{
    data::{Fit, Recipe},
    math::read_whole,
};
use latent_protocol::SurveyReport;
use leptos::{ev, html, prelude::*};
use web_sys::HtmlInputElement;

/// Pictures in a row.
const COLUMNS: usize = 8;

/// The report, the pictures, the recipe and what it costs.
#[component]
pub(super) fn Found(report: SurveyReport) -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let (images, classes) = (report.images, report.classes.len());
    let cost = Memo::new(move |_| {
        let recipe = importer.recipe.get();
        recipe.check().map_err(|error| capitalized(&format!("{error}.")))?;
        import_text::possible(images, classes)?;
        state.settings.with(|settings| import_text::cost(images, recipe.shape, &settings.model))
    });
    let told = move || cost.get().unwrap_or_else(|problem| problem);
    view! {
        <p role="status">{import_text::found(&report)} " " {import_text::classes(&report.classes)}</p>
        <Skipped skipped=report.skipped />
        <Pictures />
        <RecipeFields has_split={report.test_images > 0} />
        <p class="hint" class:problem=move || cost.with(Result::is_err)>{text(told)}</p>
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
    let shown = move |part: fn(&Recipe) -> String| Signal::derive(move || recipe.with(part));
    // What cannot be read leaves the field as it was.
    let take = move |set: fn(&mut Recipe, &str) -> Option<()>| {
        Callback::new(move |text: String| {
            importer.change(|recipe| {
                let _ = set(recipe, &text);
            });
        })
    };
    let fit = Memo::new(move |_| recipe.with(|recipe| recipe.fit.name().to_owned()));
    let choose_fit = Callback::new(move |name: String| {
        let fit = Fit::from_name(&name)?;
        importer.change(|recipe| recipe.fit = fit);
        None
    });
    let fits = Fit::ALL.map(|fit| match fit {
        Fit::Contain => (fit.name(), "Whole picture on black"),
        Fit::Cover => (fit.name(), "Middle of the picture"),
        Fit::Stretch => (fit.name(), "Stretched"),
    });
    let never = Memo::new(|_| false);
    view! {
        <div class="fields">
            <NumberField id="images-size" label="Size in pixels (at most 64)" value=shown(Recipe::sides)
                take=take(|recipe, text| {
                    [recipe.shape.height, recipe.shape.width] = Recipe::parse_sides(text)?;
                    Some(())
                }) />
            <Choice id="images-fit" label="Fit" options=fixed(fits) value=fit choose=choose_fit is_disabled=never pending=never />
            <div hidden=has_split>
                <NumberField id="images-percent" label="Percent for validation"
                    value=shown(|recipe| recipe.validation_percent.to_string())
                    take=take(|recipe, text| {
                        recipe.validation_percent = read_whole(text)?;
                        Some(())
                    }) />
            </div>
            <NumberField id="images-seed" label="Seed" value=shown(|recipe| recipe.seed.to_string())
                take=take(|recipe, text| {
                    recipe.seed = read_whole(text)?;
                    Some(())
                }) />
            <Check id="images-colour" label="Colour" value=Signal::derive(move || recipe.with(|recipe| recipe.shape.channels == 3))
                change=Callback::new(move |is_on| importer.change(|recipe| recipe.shape.channels = if is_on { 3 } else { 1 })) />
            <Check id="images-invert" label="Exchange light and dark" value=Signal::derive(move || recipe.with(|recipe| recipe.is_inverted))
                change=Callback::new(move |is_on| importer.change(|recipe| recipe.is_inverted = is_on)) />
        </div>
    }
}

/// A field for numbers, which shows what was understood once it is left.
#[component]
fn NumberField(
    id: &'static str,
    label: &'static str,
    value: Signal<String>,
    take: Callback<String>,
) -> impl IntoView {
    let change = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        take.run(input.value().trim().to_owned());
        input.set_value(&value.get_untracked());
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id type="text" inputmode="numeric" autocomplete="off" prop:value=value on:change=change />
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
