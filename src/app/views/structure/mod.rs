//! The structure of the code: which classes are confused, which images are hard, and which lie near one another.

mod slowed;
mod tiles;

use slowed::slowed;
pub(super) use tiles::Tiles;

use super::{
    layout::{Layout, Tab},
    markup::Markup,
};
use crate::{
    app::{exploration::Exploration, state::State, supervisor::Supervisor},
    display::{markup, structure_text},
};
use latent_core::plane::{
    Confusion,
    errors::{class_errors, hardest},
};
use leptos::prelude::*;

/// Images that are listed at first, and more at a press.
const LISTED: usize = 24;
/// Classes that the table has at most: those that are confused most.
const MOST_CLASSES: usize = 12;

/// What the tab shows. It is computed while it is in sight.
#[component]
pub(super) fn Structure() -> impl IntoView {
    let (layout, state) = (expect_context::<Layout>(), expect_context::<State>());
    let Exploration { is_structure_open, .. } = state.exploration;
    let is_open = Memo::new(move |_| layout.shows(Tab::Structure));
    Effect::new(move |_| is_structure_open.set(is_open.get()));
    view! { <Show when=move || is_open.get()><Open /></Show> }
}

/// Whether somebody is about to press something in this part of the page, whose contents would move under them: a pointer or the
/// keyboard is in it while the network trains. The calling memo runs again when training stops.
fn is_entered(state: State, part: &str) -> bool {
    let inside = format!("{part}:hover, {part}:has(:focus-visible)");
    state.phase.get().is_active() && document().query_selector(&inside).is_ok_and(|part| part.is_some())
}

#[component]
fn Open() -> impl IntoView {
    let (state, supervisor) = (expect_context::<State>(), expect_context::<Supervisor>());
    let exploration = state.exploration;
    let (errors, votes) = (slowed(exploration.errors), slowed(exploration.votes));
    // The cell of the table whose images are listed, else the hardest are; and how many at most.
    let cell = RwSignal::new(None::<(u8, u8)>);
    let most = RwSignal::new(LISTED as u64);
    let confusion = Memo::new(move |_| {
        let classes = state.classes.with(Vec::len);
        state.cloud.with(|cloud| {
            votes.with(|votes| {
                let votes = votes.as_ref().map(|votes| votes.classes.as_slice()).unwrap_or_default();
                Confusion::new(classes, &cloud.labels, votes)
            })
        })
    });
    // The images of the list, and how many there are. While somebody is about to press an image they stay where they are, unless
    // the person has asked for others.
    let asked = StoredValue::new((0, None));
    let selected = Memo::new(move |before: Option<&(Vec<u32>, usize)>| {
        let asks = (most.get(), cell.get());
        let is_same = asked.get_value() == asks && is_entered(state, ".listed");
        asked.set_value(asks);
        let (most, cell) = asks;
        let most = most as usize;
        let all = errors.with(Vec::len);
        if let Some(before) = before.filter(|before| is_same && !before.0.is_empty() && all > 0) {
            return before.clone();
        }
        let Some(both) = cell else { return errors.with(|errors| (hardest(errors, most), errors.len())) };
        let mut images: Vec<u32> = votes.with(|votes| {
            let votes = votes.iter().flat_map(|votes| votes.classes.iter().copied());
            let labels = state.cloud.with(|cloud| cloud.labels.clone());
            (0u32..).zip(labels.into_iter().zip(votes)).filter(|it| it.1 == both).map(|it| it.0).collect()
        });
        let all = images.len();
        images.truncate(most);
        (images, all)
    });
    Effect::new(move |_| exploration.shown.set(selected.with(|selected| selected.0.clone())));
    let press = Callback::new(move |key: String| {
        let mut words = key.split(' ').skip(1).map_while(|word| word.parse().ok());
        match (tiles::image_of(&key), key.as_str()) {
            (Some(image), _) => supervisor.inspect(image),
            (_, "more") => most.update(|most| *most += LISTED as u64),
            _ => {
                most.set(LISTED as u64);
                cell.set(words.next().zip(words.next()));
            }
        }
    });
    let table = Memo::new(move |_| {
        let all = state.classes.with(Vec::len);
        if all < 2 {
            return String::new();
        }
        let shown = confusion.with(|confusion| confusion.hardest(MOST_CLASSES));
        let caption = votes.with(|votes| match votes {
            None => "The neighbours are looked up.".to_owned(),
            Some(votes) => {
                let images = [votes.classes.len(), state.cloud.with(|cloud| cloud.len())];
                let text = structure_text::table_caption(state.words(), images, shown.len(), all);
                // With many images it takes a while, and the network may have trained on.
                match votes.steps == exploration.steps.get() {
                    true => text,
                    false => format!("{text} At {}.", structure_text::network(false, votes.steps)),
                }
            }
        });
        state.classes.with(|names| confusion.with(|it| markup::confusion_table(names, &shown, it, &caption)))
    });
    let by_class = Memo::new(move |_| {
        let names = state.classes.get();
        let means =
            state.cloud.with(|cloud| errors.with(|errors| class_errors(names.len(), &cloud.labels, errors)));
        if names.is_empty() { String::new() } else { markup::class_errors(&names, &means) }
    });
    let list = Memo::new(move |_| {
        let (images, all) = selected.get();
        let title = match cell.get() {
            None => format!("Hardest {}", state.words().samples),
            Some((label, vote)) => {
                state.classes.with(|names| structure_text::cell(names, label, vote, all as u32))
            }
        };
        let button = |key: &str, name: &str, is_there: bool| match is_there {
            true => format!("<button type=\"button\" class=\"small\" data-key=\"{key}\">{name}</button>"),
            false => String::new(),
        };
        format!(
            "<section class=\"listed\" aria-labelledby=\"listed-title\"><div class=\"panel-head\"><h3 id=\"listed-title\">{}</h3>{}</div>{}{}{}\
             </section>",
            markup::escaped(&title),
            button("hardest", "Hardest", cell.get().is_some()),
            tiles::opened(state),
            tiles::tiles(state, &images),
            button("more", "Show more", images.len() < all),
        )
    });
    let held = move || {
        let (images, steps) = (errors.with(Vec::len), exploration.steps.get());
        let network = structure_text::network(state.is_pretrained.get(), steps);
        match images {
            0 => format!("Waiting for the images of {network}."),
            _ => {
                let compared = votes.with(|votes| votes.as_ref().map_or(0, |votes| votes.classes.len()));
                structure_text::over(state.words(), [compared, images], &network)
            }
        }
    };
    let finding = move || {
        let (words, plotted) = (state.words(), state.cloud.with(|cloud| cloud.len()));
        state
            .classes
            .with(|names| confusion.with(|it| structure_text::most_confused(names, words, it, plotted)))
    };
    view! {
        <p class="hint" role="status">{held}</p>
        <p class="finding">{finding}</p>
        <div class="structure-body">
            <div>
                <Markup html=table press />
                <Markup html=by_class press />
            </div>
            <Markup html=list press />
        </div>
    }
}
