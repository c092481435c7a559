//! The page within another one, and as a QR code.

use super::{
    bar::Icon,
    copy_button::CopyButton,
    dialog::Dialog,
    lazy::{Lazy, LazyView},
};
use crate::{
    app::{address, exporter::Exporter, state::State},
    display::embed_text::{LACKS_NETWORK, SHOWN, SIDES, frame, label},
};
use latent_core::{
    link::{Link, Part},
    picture::QrOutline,
};
use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::HtmlTextAreaElement;

/// What was chosen for another page. It is kept while the dialog is closed.
#[derive(Clone, Copy)]
pub(super) struct Choices {
    shown: RwSignal<Vec<Part>>,
    width: RwSignal<u32>,
    height: RwSignal<u32>,
}

/// The button, and its dialog.
#[component]
pub(super) fn Embed() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let choices = Choices {
        shown: RwSignal::new(SHOWN.to_vec()),
        width: RwSignal::new(900),
        height: RwSignal::new(760),
    };
    view! {
        <button
            type="button"
            class="small embed"
            aria-label="Embed"
            title="Embed the page in another one, or show its QR code"
            aria-haspopup="dialog"
            on:click=move |_| is_open.set(true)
        >
            <Icon path="M8 7l-5 5 5 5M16 7l5 5-5 5" />
            <span aria-hidden="true">"Embed"</span>
        </button>
        <Dialog is_open id="embed" title="Embed and QR code">
            <Lazy view=LazyView::Embed(choices) />
        </Dialog>
    }
}

/// What the dialog shows.
#[component]
pub(super) fn Contents(choices: Choices) -> impl IntoView {
    view! {
        <Address />
        <Frame choices />
    }
}

/// The link to the page as it is, as text and as a QR code.
#[component]
fn Address() -> impl IntoView {
    let (state, exporter) = (expect_context::<State>(), expect_context::<Exporter>());
    // As it is when the dialog opens: a run goes on, and a code that changes cannot be scanned.
    let shared = untrack(|| state.link_to_share());
    let lacks_network = untrack(|| state.lacks_network(&shared));
    let link = StoredValue::new(address::of(&shared));
    let code = RwSignal::new(None::<Result<QrOutline, String>>);
    spawn_local(async move {
        let answer = exporter.qr(link.get_value()).await;
        // The dialog may be closed by now.
        let _ = code.try_set(Some(answer));
    });
    let select = |event: ev::FocusEvent| event_target::<HtmlTextAreaElement>(&event).select();
    let outline = move |QrOutline { path, side }: QrOutline| {
        view! {
            <svg class="qr" role="img" aria-label="QR code of the link" viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
                <rect width=side height=side fill="#fff" />
                <path d=path fill="#000" />
            </svg>
        }
    };
    let problem = |why: String| view! { <p class="problem">{format!("There is no QR code: {why}.")}</p> };
    view! {
        <p class="hint">{if lacks_network { LACKS_NETWORK } else { "" }}</p>
        <label>"Link"<textarea rows="3" readonly prop:value=link.get_value() on:focus=select></textarea></label>
        <p class="answers"><CopyButton label="Copy link" text=Signal::stored(link.get_value()) /></p>
        {move || code.get().map(|code| match code {
            Ok(code) => outline(code).into_any(),
            Err(why) => problem(why).into_any(),
        })}
    }
}

/// HTML for another page: which parts of the page it shows, and how large.
#[component]
fn Frame(choices: Choices) -> impl IntoView {
    let Choices { shown, width, height } = choices;
    let state = expect_context::<State>();
    let link = StoredValue::new(untrack(|| state.link()));
    let html = Memo::new(move |_| {
        let hidden = Part::ALL.into_iter().filter(|part| shown.with(|shown| !shown.contains(part))).collect();
        let link = Link { hidden, ..link.get_value() };
        frame(&address::of(&link), width.get(), height.get())
    });
    let parts = Part::ALL.map(|part| {
        let is_shown = move || shown.with(|shown| shown.contains(&part));
        let change = move |event: ev::Event| {
            let is_chosen = event_target_checked(&event);
            shown.update(|shown| {
                shown.retain(|other| *other != part);
                shown.extend(is_chosen.then_some(part));
            });
        };
        view! { <label class="check"><input type="checkbox" prop:checked=is_shown on:change=change />{label(part)}</label> }
    });
    let side = move |name: &'static str, side: RwSignal<u32>| {
        let change = move |event: ev::Event| {
            // What is no number changes nothing.
            if let Ok(pixels) = event_target_value(&event).trim().parse::<u32>() {
                side.set(pixels.clamp(*SIDES.start(), *SIDES.end()));
            }
        };
        view! {
            <label>{name}<input type="number" min=*SIDES.start() max=*SIDES.end() prop:value=side on:change=change /></label>
        }
    };
    let select = |event: ev::FocusEvent| event_target::<HtmlTextAreaElement>(&event).select();
    view! {
        <h3>"In another page"</h3>
        <fieldset class="parts"><legend>"Beside the plane, show"</legend>{parts}</fieldset>
        <div class="sides">{side("Width in pixels", width)}{side("Height in pixels", height)}</div>
        <label>"HTML"<textarea rows="6" readonly prop:value=html on:focus=select></textarea></label>
        <p class="answers"><CopyButton label="Copy HTML" text=html /></p>
    }
}
