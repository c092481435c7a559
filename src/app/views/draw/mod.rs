//! A drawing of the person's own: its place on the plane, its reconstruction and the images nearest to it, live.

mod pad;

use super::{markup::Markup, structure::Tiles};
use crate::{
    app::{
        exploration::{Drawn, Exploration},
        importer::Importer,
        state::State,
        supervisor::Supervisor,
    },
    display::{
        dataset::capitalized,
        markup,
        numbers::{coordinate, unit_name},
        structure_text,
    },
};
use leptos::{ev, html, prelude::*};
use pad::Pad;
use web_sys::HtmlInputElement;

/// Numbers of a code that the sentence has at most.
const MOST_NUMBERS: usize = 4;

/// What the tab shows.
#[component]
pub(super) fn Draw() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let importer = expect_context::<Importer>();
    let Exploration { strokes, drawing, ink, .. } = state.exploration;
    let input = NodeRef::<html::Input>::new();
    let undo = move |_| {
        strokes.update(|strokes| drop(strokes.pop()));
        if strokes.with_untracked(Vec::is_empty) {
            supervisor.draw(None);
        }
    };
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            importer.draw(file);
        }
        // Otherwise choosing the same file again fires no event.
        input.set_value("");
    };
    let take_ink = move |event: ev::Event| {
        let hex = event_target_value(&event);
        let part = |at: usize| hex.get(at..at + 2).and_then(|part| u8::from_str_radix(part, 16).ok());
        ink.set([1, 3, 5].map(|at| part(at).unwrap_or(u8::MAX)));
    };
    view! {
        <div class="draw">
            <p class="hint">
                "Draw with a mouse, a pen or a finger, or choose a picture of it or drop one on the pad. It stays on this device."
            </p>
            <div class="draw-body">
                <div>
                    <Pad />
                    <div class="tools" role="group" aria-label="Drawing">
                        <button type="button" class="small" disabled=move || strokes.with(Vec::is_empty) on:click=undo>"Undo stroke"</button>
                        <button type="button" class="small" disabled=move || drawing.with(Option::is_none)
                            on:click=move |_| supervisor.clear_drawing()>"Clear"</button>
                        <button type="button" class="small" on:click=ask>"Choose a picture"</button>
                        <input node_ref=input type="file" accept="image/*" class="visually-hidden" tabindex="-1"
                            aria-label="Picture of a drawing" on:change=take />
                        <input type="color" value="#ffffff" aria-label="Colour of the pen" title="Colour of the pen"
                            hidden=move || state.run_settings.with(|settings| settings.model.input.channels == 1) on:change=take_ink />
                    </div>
                </div>
                <Result />
            </div>
        </div>
    }
}

/// What the network makes of the drawing.
#[component]
fn Result() -> impl IntoView {
    let state = expect_context::<State>();
    let Exploration { drawing, drawn, nearest_to_drawn, .. } = state.exploration;
    let pictures = Memo::new(move |_| {
        let shape = state.run_settings.with(|settings| settings.model.input);
        let figure = |values: Option<&[u8]>, alt: &str, caption: &str| {
            format!(
                "<figure>{}<figcaption>{caption}</figcaption></figure>",
                markup::picture(values, shape, alt)
            )
        };
        let read = drawing.with(|image| {
            figure(image.as_deref(), "Your drawing as the network reads it", "As the network reads it")
        });
        let copy = drawn.with(|drawn| {
            let copy = drawn.as_ref().map(|drawn| drawn.copy.as_slice());
            let error =
                drawing.with(|image| structure_text::error_of(image.as_deref(), copy.unwrap_or_default()));
            figure(copy, "Reconstruction of your drawing", &format!("Reconstruction{error}"))
        });
        format!("<div class=\"image-pair\">{read}{copy}</div>")
    });
    let told = move || {
        if drawn.with(Option::is_none) {
            let waits = drawing.with(Option::is_some);
            return if waits { "The network is loading.".to_owned() } else { String::new() };
        }
        let labels: Vec<u8> = state.cloud.with(|cloud| {
            let label = |image: u32| cloud.labels.get(image as usize).copied();
            nearest_to_drawn.with(|nearest| nearest.iter().filter_map(|&image| label(image)).collect())
        });
        state.classes.with(|classes| structure_text::taken_for(classes, state.words(), &labels))
    };
    let place = move || {
        drawn.with(|drawn| {
            let Drawn { steps, code, .. } = drawn.as_ref()?;
            let mut text =
                format!("Its code by {}:", structure_text::network(state.is_pretrained.get(), *steps));
            for (unit, &value) in code.iter().enumerate().take(MOST_NUMBERS) {
                text += &format!(" {} {}", unit_name(unit), coordinate(value));
            }
            Some(text)
        })
    };
    let label =
        Signal::derive(move || format!("{} nearest to your drawing", capitalized(state.words().samples)));
    view! {
        <div class="drawn">
            <Markup html=pictures press=Callback::new(|_| {}) />
            <p class="finding" role="status">{told}</p>
            <p class="hint numbers">{place}</p>
            <Tiles images=nearest_to_drawn label />
        </div>
    }
}
