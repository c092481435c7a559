//! The state of the run for scripts and tests: the attributes of the hidden element `#run-state`, in full precision.

use crate::app::state::State;
use leptos::{html, prelude::*};

/// The element. An attribute is empty while its value is not known.
#[component]
pub(super) fn RunState() -> impl IntoView {
    let state = expect_context::<State>();
    let element = NodeRef::<html::Div>::new();
    // One effect for all: they change together, with every message of the trainer.
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let (name, workers) = state.engine.with(|engine| {
            engine.as_ref().map_or(("", None), |engine| (engine.engine.name(), Some(engine.workers)))
        });
        for (attribute, value) in [
            ("data-phase", state.phase.get().name().to_owned()),
            ("data-engine", name.to_owned()),
            ("data-workers", text(workers)),
            ("data-epoch", state.epoch().to_string()),
            ("data-step", state.steps.get().to_string()),
            ("data-looked-at", text(state.looked_at.get())),
            ("data-kept", text(state.checkpoint_steps.get())),
            ("data-saved", text(state.saved_steps.get())),
            ("data-loss", text(state.loss.get())),
            ("data-val-loss", text(state.validation_loss.get())),
            ("data-steps-per-second", text(state.steps_per_second.get())),
        ] {
            // Fails only for a name that is none.
            let _ = element.set_attribute(attribute, &value);
        }
    });
    view! { <div node_ref=element id="run-state" hidden></div> }
}

fn text(number: Option<impl ToString>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
