//! A modal dialog.

use leptos::{html, prelude::*};

/// A modal dialog with a title and a button that closes it. Its content is in the page only while it is open.
#[component]
pub(super) fn Dialog(
    /// Whether it is open. The dialog changes it when it is closed.
    is_open: RwSignal<bool>,
    /// Its element's id, which its style goes by.
    id: &'static str,
    title: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match is_open.get() {
            // It fails only where the dialog is open already.
            true => drop(dialog.show_modal()),
            false => dialog.close(),
        }
    });
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <dialog node_ref=dialog id=id class="dialog" aria-labelledby=labelled_by on:close=move |_| is_open.set(false)>
            <div class="panel-head">
                <h2 id=title_id>{title}</h2>
                <button type="button" class="small" on:click=move |_| is_open.set(false)>"Close"</button>
            </div>
            {move || is_open.get().then(|| children())}
        </dialog>
    }
}
