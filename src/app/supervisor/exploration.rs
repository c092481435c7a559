//! What the person explores beyond the point.

use super::Supervisor;
use crate::app::exploration::{Drawn, Exploration, Frames, Listed, NEAREST};
use latent_protocol::{ExplorerCommand, ExplorerEvent};
use leptos::prelude::*;

impl Supervisor {
    /// Has the explorer report from now on what the open parts of the page show.
    pub(super) fn follow_exploration(&self) {
        let supervisor = *self;
        let exploration = self.state.exploration;
        let Exploration { shows_errors, is_structure_open, errors, .. } = exploration;
        Effect::new(move |before: Option<bool>| {
            let measures = shows_errors.get() || is_structure_open.get();
            if before.unwrap_or(false) != measures {
                supervisor.ask(ExplorerCommand::Errors(measures));
                errors.set(Vec::new());
            }
            measures
        });
        let images = Memo::new(move |_| {
            let mut images = exploration.nearest.get();
            images.extend(exploration.nearest_to_drawn.get());
            if is_structure_open.get() {
                images.extend(exploration.shown.get());
            }
            images.sort_unstable();
            images.dedup();
            images
        });
        Effect::new(move |_| supervisor.ask(ExplorerCommand::List(images.get())));
    }

    /// Opens an image of a list: shows it beside its reconstruction, and moves the point to its code.
    pub fn inspect(&self, image: u32) {
        self.state.exploration.inspected.set(Some(image));
        let code = self
            .state
            .cloud
            .with_untracked(|cloud| cloud.points().nth(image as usize).map(|(_, code)| code.to_vec()));
        if let Some(code) = code {
            self.explore(code);
        }
        self.follow();
    }

    /// Has a drawing encoded, now and whenever the network changes; none takes it away.
    pub fn draw(&self, image: Option<Vec<u8>>) {
        let Exploration { drawing, drawn, .. } = self.state.exploration;
        if image.is_none() {
            drawn.set(None);
        }
        drawing.set(image.clone());
        self.ask(ExplorerCommand::Draw(image));
    }

    /// Clears the pad.
    pub fn clear_drawing(&self) {
        self.state.exploration.strokes.set(Vec::new());
        self.draw(None);
    }

    /// The images nearest to the point. Returns the nearest.
    pub(super) fn find_neighbours(&self) -> Option<u32> {
        let found = self
            .state
            .code
            .with_untracked(|code| self.state.cloud.with_untracked(|cloud| cloud.nearest(code, NEAREST)));
        let nearest = self.state.exploration.nearest;
        let first = found.first().copied();
        if nearest.with_untracked(|nearest| *nearest != found) {
            nearest.set(found);
        }
        first
    }

    /// Shows what the explorer answered to all this.
    pub(super) fn told_of_exploration(&self, event: ExplorerEvent) {
        let Exploration { listed, drawn, drawing, frames, .. } = self.state.exploration;
        match event {
            ExplorerEvent::Path { codes, images } => frames.set(Some(Frames { codes, images })),
            ExplorerEvent::Listed { images, values } => listed.set(Listed { images, values }),
            // The pad may have been cleared meanwhile.
            ExplorerEvent::Drawn { steps, code, copy } if drawing.with_untracked(Option::is_some) => {
                drawn.set(Some(Drawn { steps, code, copy }));
            }
            _ => {}
        }
    }
}
