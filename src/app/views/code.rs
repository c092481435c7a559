//! The run as a program for another library.

use super::{copy_button::CopyButton, dialog::Dialog};
use crate::app::{exporter::Exporter, files, state::State, supervisor::Supervisor};
use latent_core::dialect::Dialect;
use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::{HtmlElement, wasm_bindgen::JsCast};

/// The button, and its dialog.
#[component]
pub(super) fn Code() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let dialect = RwSignal::new(Dialect::Keras);
    view! {
        <button type="button" aria-haspopup="dialog" on:click=move |_| is_open.set(true)>"Programs"</button>
        <Dialog is_open id="programs" title="Programs">
            <Program dialect />
        </Dialog>
    }
}

/// The program for the library whose tab is chosen.
#[component]
fn Program(dialect: RwSignal<Dialect>) -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let exporter = expect_context::<Exporter>();
    let (text, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    Effect::new(move |_| {
        let (settings, dialect_asked) = (state.run_settings.get(), dialect.get());
        spawn_local(async move {
            let answer = exporter.program(settings, dialect_asked).await;
            // Another tab may have been chosen, or the dialog closed.
            if dialect.try_get_untracked() == Some(dialect_asked) {
                let (program, why) = match answer {
                    Ok(program) => (program, None),
                    Err(why) => (String::new(), Some(format!("The program could not be written: {why}."))),
                };
                let _ = text.try_set(program);
                let _ = problem.try_set(why);
            }
        });
    });
    let save = move |_| {
        let (name, program) = (dialect.get_untracked().file(), text.get_untracked());
        if files::offer(name, "text/plain", program.as_bytes()).is_err() {
            problem.set(Some("The browser did not save the file.".into()));
        }
    };
    let is_empty = move || text.with(String::is_empty);
    view! {
        <p class="hint">
            "This model and its training as a program for another library. It also runs by itself, with random weights. To start \
             from the weights of this model, save the model, and put its file beside the program, under the name \
             model.safetensors."
        </p>
        <Tabs dialect />
        <div
            id="code-program"
            role="tabpanel"
            aria-labelledby=move || tab_id(dialect.get())
            aria-busy=move || is_empty().to_string()
            class="program"
            tabindex="0"
        >
            <pre><code>{text}</code></pre>
        </div>
        <p class="problem" role="alert">{problem}</p>
        <p class="answers">
            <CopyButton label="Copy" text />
            <button type="button" class="small" disabled=is_empty on:click=save>{move || format!("Save {}", dialect.get().file())}</button>
            <button type="button" class="small" on:click=move |_| supervisor.save()>"Save model"</button>
        </p>
    }
}

fn tab_id(dialect: Dialect) -> String {
    format!("code-{}", dialect.name())
}

/// A tab for each library. Arrow keys go from one to the next, as tabs do.
#[component]
fn Tabs(dialect: RwSignal<Dialect>) -> impl IntoView {
    let choose = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => Dialect::ALL.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let at = Dialect::ALL.iter().position(|it| *it == dialect.get_untracked()).unwrap_or_default();
        let next = Dialect::ALL[(at + step) % Dialect::ALL.len()];
        dialect.set(next);
        let tab = document().get_element_by_id(&tab_id(next));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
            // It fails on a page that is being closed.
            let _ = tab.focus();
        }
    };
    let tabs = Dialect::ALL.map(|it| {
        view! {
            <button
                type="button"
                role="tab"
                class="small"
                id=tab_id(it)
                aria-controls="code-program"
                aria-selected=move || (dialect.get() == it).to_string()
                tabindex=move || if dialect.get() == it { "0" } else { "-1" }
                on:click=move |_| dialect.set(it)
            >
                {it.title()}
            </button>
        }
    });
    view! { <div role="tablist" aria-label="Library" class="dialects" on:keydown=choose>{tabs}</div> }
}
