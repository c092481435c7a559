//! The path through codes: its anchors, the images along it, and what moves the point.

use super::Supervisor;
use crate::app::exploration::{Exploration, Travel};
use latent_core::plane::Path;
use latent_protocol::ExplorerCommand;
use leptos::prelude::*;

impl Supervisor {
    /// Has the explorer decode the path from now on, while its tab is open.
    pub(super) fn follow_path(&self) {
        let supervisor = *self;
        let Exploration { path, is_path_open, frames, frame, .. } = self.state.exploration;
        let codes = Memo::new(move |_| match is_path_open.get() {
            true => path.with(|path| path.codes(path.frames())),
            false => Vec::new(),
        });
        Effect::new(move |has_path: Option<bool>| {
            let codes = codes.get();
            let has_codes = !codes.is_empty();
            if has_codes || has_path == Some(true) {
                supervisor.ask(ExplorerCommand::Path(codes));
            }
            if !has_codes {
                frames.set(None);
            }
            frame.update(|frame| *frame = (*frame).min(path.with_untracked(Path::frames).saturating_sub(1)));
            has_codes
        });
    }

    /// Adds an anchor behind the others, if there is space.
    pub fn add_anchor(&self, code: Vec<f32>) {
        self.state.exploration.path.update(|path| {
            if path.has_space() {
                path.anchors.push(code);
            }
        });
    }

    /// Adds the image that is most typical of a class as an anchor.
    pub fn add_class(&self, class: u8) {
        let code = self.state.cloud.with_untracked(|cloud| cloud.typical_code(class));
        code.into_iter().for_each(|code| self.add_anchor(code));
    }

    /// Moves an anchor to another code.
    pub fn move_anchor(&self, at: usize, code: Vec<f32>) {
        self.state.exploration.path.update(|path| {
            if let Some(anchor) = path.anchors.get_mut(at) {
                *anchor = code;
            }
        });
    }

    /// Takes an anchor away.
    pub fn remove_anchor(&self, at: usize) {
        self.state.exploration.path.update(|path| {
            if at < path.anchors.len() {
                path.anchors.remove(at);
            }
        });
    }

    /// Takes all anchors away.
    pub fn clear_path(&self) {
        self.stop_travel();
        self.state.exploration.path.set(Path::default());
    }

    /// Lets the path lead back to its first anchor, or end at its last.
    pub fn close_path(&self) {
        self.state.exploration.path.update(|path| path.is_closed = !path.is_closed);
    }

    /// Moves the point to a frame of the path.
    pub fn show_frame(&self, frame: usize) {
        let Exploration { path, frame: shown, .. } = self.state.exploration;
        let (codes, units) =
            path.with_untracked(|path| (path.codes(path.frames()), path.anchors.first().map_or(1, Vec::len)));
        if let Some(code) = codes.chunks_exact(units).nth(frame) {
            shown.set(frame);
            self.hold_code();
            self.travel_to(code);
        }
    }

    /// Lets the point travel, or nothing move it any more.
    pub fn travel(&self, travel: Option<Travel>) {
        let travels = self.state.exploration.travel;
        if travels.get_untracked() != travel {
            travels.set(travel);
        }
    }

    pub(super) fn stop_travel(&self) {
        self.travel(None);
    }

    /// Moves the point without taking hold of it.
    pub(in crate::app) fn travel_to(&self, code: &[f32]) {
        let is_another = self.state.code.with_untracked(|shown| shown.len() == code.len() && shown != code);
        if is_another {
            self.move_to(code.to_vec());
        }
    }

    /// Drops a path whose codes the network does not have.
    pub(super) fn fit_path(&self, units: usize) {
        let fits = |path: &Path| path.anchors.iter().all(|anchor| anchor.len() == units);
        if !self.state.exploration.path.with_untracked(fits) {
            self.clear_path();
        }
    }
}
