//! Choosing files, or a folder.

use crate::app::importer::Importer;
use js_sys::Reflect;
use leptos::{ev, html, prelude::*};
use web_sys::{File, HtmlInputElement};

/// What can be chosen, and why the files before were of no use.
#[component]
pub(super) fn Choose(problem: Option<String>) -> impl IntoView {
    view! {
        <p>
            "Choose images, or drop them anywhere on the page. They stay in this browser: nothing is uploaded. The subfolders of a \
             folder are the classes, and folders called train and test are the split."
        </p>
        {problem.map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        <div class="files">
            <Picker label="Choose files" is_folder=false />
            <Picker label="Choose a folder" is_folder=true />
        </div>
        <p class="hint">
            "PNG, JPEG, GIF, BMP and WebP; ZIP and tar files of them; IDX, NumPy (.npy, .npz) and CSV files such as MNIST’s; \
             CIFAR-10’s "
            <a href="https://www.cs.toronto.edu/~kriz/cifar.html" target="_blank" rel="noreferrer">"binary version"</a>
            "; and sets that were saved here."
        </p>
    }
}

/// A button that opens the browser's chooser.
#[component]
fn Picker(label: &'static str, is_folder: bool) -> impl IntoView {
    let importer = expect_context::<Importer>();
    let input = NodeRef::<html::Input>::new();
    // The macro knows no such attribute.
    Effect::new(move |_| {
        if let Some(input) = input.get().filter(|_| is_folder) {
            // Browsers without folders keep a chooser of files.
            let _ = input.set_attribute("webkitdirectory", "");
        }
    });
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let files =
            input.files().map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect::<Vec<_>>());
        // Otherwise choosing the same files again fires no event.
        input.set_value("");
        let files = files.unwrap_or_default();
        if !files.is_empty() {
            importer.look(files.into_iter().map(|file| (path(&file), file)).collect());
        }
    };
    view! {
        <button type="button" on:click=ask>{label}</button>
        <input
            node_ref=input
            type="file"
            multiple=true
            class="visually-hidden"
            tabindex="-1"
            aria-label=if is_folder { "Folder of images" } else { "Images" }
            on:change=take
        />
    }
}

/// The path of a file within the folder that was chosen, or its name.
fn path(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}
