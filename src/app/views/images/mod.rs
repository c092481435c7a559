//! The dialog for the person's own images: choosing files, the recipe, and the sets that the browser keeps.

mod choose;
mod found;
mod sets;

use super::lazy::{Lazy, LazyView};
use crate::app::views::erased::text;
use crate::{
    app::importer::{Arrival, Importer, Step},
    display::import_text,
};
use choose::Choose;
use found::Found;
use latent_protocol::SkippedReport;
use leptos::{html, prelude::*};
use sets::Sets;
use web_sys::{HtmlElement, wasm_bindgen::JsCast};

/// The dialog. It is modal while it is open.
#[component]
pub(super) fn ImagesDialog() -> impl IntoView {
    let importer = expect_context::<Importer>();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match importer.is_open.get() {
            // It fails only where the dialog is open already.
            true => drop(dialog.show_modal()),
            false => dialog.close(),
        }
    });
    let step = shown_step(importer);
    // The button that was pressed is gone with its step, so the first thing to do gets the focus.
    Effect::new(move |before: Option<()>| {
        // A memo that is never read never changes.
        step.with(|_| ());
        if before.is_some() && importer.is_open.get_untracked() {
            request_animation_frame(move || {
                let first = dialog.get_untracked().and_then(|dialog| {
                    dialog
                        .query_selector(".primary:not(:disabled), .files button, button:not(.small)")
                        .ok()
                        .flatten()
                });
                if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                    // It fails on a page that is being closed.
                    let _ = first.focus();
                }
            });
        }
    });
    view! {
        <dialog node_ref=dialog class="images" aria-labelledby="images-title" on:close=move |_| importer.close()>
            <div class="panel-head">
                <h2 id="images-title">"Your own images"</h2>
                <button type="button" class="small" on:click=move |_| importer.close()>"Close"</button>
            </div>
            <Lazy view=LazyView::Images when=importer.is_open />
        </dialog>
    }
}

/// What the dialog shows.
#[component]
pub(super) fn Contents() -> impl IntoView {
    let importer = expect_context::<Importer>();
    importer.follow_dropped();
    let step = shown_step(importer);
    let content = move || match step.get() {
        _ if !importer.is_open.get() => ().into_any(),
        Step::Choose(problem) => view! { <Choose problem /> }.into_any(),
        Step::Look(_) => view! { <Busy what="Looking at the files" /> }.into_any(),
        Step::Found(report) => view! { <Found report /> }.into_any(),
        Step::Import(_) => view! { <Busy what="Importing the images" /> }.into_any(),
        Step::Done(arrival, skipped) => view! { <Done arrival skipped /> }.into_any(),
    };
    view! {
        {content}
        <Sets />
    }
}

/// The step, of which progress is no other: it is shown without making the view anew.
fn shown_step(importer: Importer) -> Memo<Step> {
    Memo::new(move |_| match importer.step.get() {
        Step::Look(_) => Step::Look(0),
        Step::Import(_) => Step::Import(0),
        other => other,
    })
}

/// Work that is under way.
#[component]
fn Busy(what: &'static str) -> impl IntoView {
    let importer = expect_context::<Importer>();
    let percent = move || match importer.step.get() {
        Step::Look(percent) | Step::Import(percent) => percent,
        _ => 100,
    };
    view! {
        <p role="status">{what}</p>
        <progress max="100" value=percent aria-label=what></progress>
        <p>{text(percent)} " %"</p>
        <p><button type="button" on:click=move |_| importer.cancel()>"Cancel"</button></p>
    }
}

/// The set is there.
#[component]
fn Done(arrival: Arrival, skipped: SkippedReport) -> impl IntoView {
    let importer = expect_context::<Importer>();
    let is_linked = arrival == Arrival::OfLink;
    let missing = match arrival {
        Arrival::Chosen | Arrival::OfLink => "",
        Arrival::Missing => "They are the images that were missing.",
        Arrival::NotTheMissing => {
            "They are not the ones that were missing: another size, colour, fit, percentage or seed makes another set."
        }
    };
    let has_run = move || importer.has_run();
    let told = move || match (is_linked, has_run()) {
        (true, _) => "These are the images of the link.",
        (false, true) => {
            "The images are stored in this browser. The current run goes on with its own, and the next one takes these."
        }
        (false, false) => "The images are stored in this browser, and chosen as data.",
    };
    view! {
        <p role="status">{text(told)} " " {missing}</p>
        <Skipped skipped />
        <p>
            {match is_linked {
                true => view! { <button type="button" class="primary" on:click=move |_| importer.open_link()>"Open the link"</button> }.into_any(),
                false => view! { <button type="button" class="primary" on:click=move |_| importer.close()>"Done"</button> }.into_any(),
            }}
            " "
            <button type="button" hidden=move || is_linked || !has_run() on:click=move |_| importer.restart()>"Restart with them"</button>
            " "
            <button type="button" on:click=move |_| importer.cancel()>"Import others"</button>
        </p>
    }
}

/// What was skipped, and why.
#[component]
fn Skipped(skipped: SkippedReport) -> impl IntoView {
    let told = import_text::skipped(&skipped);
    let rows = skipped.listed.into_iter().map(|(path, why)| view! { <li><b>{path}</b> ": " {why}</li> });
    let rows = rows.collect_view();
    (skipped.files > 0).then(|| {
        view! {
            <details class="skipped">
                <summary>{told}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}
