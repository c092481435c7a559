//! What is to be seen on the latent plane: the point, the images there, and what the network makes of them.

use super::Supervisor;
use crate::{
    app::state::{Map, Measured, State, Trace},
    display::class_colours::ClassColours,
};
use latent_controller::Action;
use latent_core::{
    data::Split,
    noise::Key,
    plane::{Axes, Cloud, Grid, Plotted, Range},
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, TraceRequest};
use leptos::prelude::*;

/// Images that are shown beside their reconstructions, as in the tutorial.
const CHOSEN: usize = 5;

impl Supervisor {
    /// Moves the point on the plane, and with it the code whose image is decoded. A point out of sight is brought
    /// into it.
    pub fn explore(&self, code: Vec<f32>) {
        self.stop_travel();
        let plane = self.state.projection_untracked();
        let range = plane.range.showing(plane.axes.point(&code));
        if range != plane.range {
            self.look(range);
        }
        let moved = |before: &Vec<f32>| plane.axes.moved(before, plane.axes.point(&code));
        if self.state.code.with_untracked(moved) != code {
            self.holds_others.set_value(true);
        }
        self.state.is_point_held.set(true);
        self.move_to(code);
    }

    /// Keeps the code from following the images: the person is about to change it.
    pub fn hold_code(&self) {
        self.holds_others.set_value(true);
        self.state.is_point_held.set(true);
    }

    /// Gives the numbers that the plane does not show those of the mean code, until the person has chosen others. With zeros a
    /// long code need not decode to anything like an image.
    fn centre_others(&self) {
        let (axes, held) = (self.state.axes.get_untracked(), self.holds_others.get_value());
        let State { code, cloud, .. } = self.state;
        let centred = cloud.with_untracked(|cloud| {
            let mean = cloud.mean().filter(|_| !held && cloud.units > 2)?;
            Some(code.with_untracked(|code| axes.moved(&mean, axes.point(code))))
        });
        if let Some(centred) = centred.filter(|centred| code.with_untracked(|code| code != centred)) {
            self.move_to(centred);
        }
    }

    /// Has this code's image decoded, for a point that will be there with the next frame.
    pub fn foresee(&self, code: Vec<f32>) {
        self.ask(ExplorerCommand::Decode(code));
    }

    /// Shows this part of the plane until [`Supervisor::look_at_all`].
    pub fn look(&self, range: Range) {
        self.state.is_framed.set(true);
        self.state.range.set(range);
        self.ask_for_map();
    }

    /// Shows a smaller part of the plane, or a larger one, around the same middle.
    pub fn zoom(&self, factor: f32) {
        self.look(self.state.range.get_untracked().zoomed(factor, [0.5; 2]));
    }

    /// Shows all images from now on, wherever they go.
    pub fn look_at_all(&self) {
        self.state.is_framed.set(false);
        self.state.range.set(Range::fitting(&self.points()).unwrap_or_default());
        self.fit();
        self.ask_for_map();
    }

    /// Notes whose network is shown from now on.
    pub(super) fn show_network(&self, run: Option<u32>) {
        if self.shown_run.get_value() != run {
            self.shown_run.set_value(run);
            self.fits_anew.set_value(true);
            self.state.trace.set(Trace::default());
        }
    }

    /// Shows the manifold behind the images, or no more.
    pub fn show_map(&self, shows: bool) {
        self.state.shows_map.set(shows);
        self.ask_for_map();
    }

    /// Moves the point to a code drawn from the prior of a variational model, the standard normal distribution.
    pub fn sample_prior(&self) {
        let word = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        let mut code = self.state.code.get_untracked();
        Key([word(), word()]).normals(0, &mut code);
        self.explore(code);
    }

    /// Has what passes through the layers reported, or no more.
    pub fn trace(&self, request: Option<TraceRequest>) {
        self.ask(ExplorerCommand::Trace(request));
    }

    /// Has the manifold decoded for what is in sight now.
    fn ask_for_map(&self) {
        let State { shows_map, code, map, .. } = self.state;
        let plane = self.state.projection_untracked();
        let grid = shows_map.get_untracked().then(|| code.with_untracked(|code| Grid::over(plane, code)));
        if grid.is_none() {
            map.set(None);
        }
        if self.mapped.get_value() != grid {
            self.mapped.set_value(grid.clone());
            self.ask(ExplorerCommand::Map(grid));
        }
    }

    /// Shows other numbers of the code on the plane. Others than a code has, or one twice, are ignored.
    pub fn choose_axes(&self, axes: Axes) {
        if axes.fit(self.state.cloud.with_untracked(|cloud| cloud.units)) {
            self.state.axes.set(axes);
            self.state.exploration.contours.set(Vec::new());
            self.look_at_all();
            self.centre_others();
        }
    }

    /// Puts other images on the plane, and chooses five of them.
    pub fn plot(&self, plotted: Plotted) {
        self.state.plotted.set(plotted);
        self.state.hovered.set(None);
        self.state.nearest.set(None);
        self.state.exploration.forget_images();
        self.ask(ExplorerCommand::Plot(plotted));
        self.choose_others();
    }

    /// Shows only one class, which gets a colour, or all again if that is done already.
    pub fn isolate(&self, kind: u8) {
        let shown = self.state.isolated.get_untracked();
        self.state.colours.update(|colours| colours.give(kind));
        self.state.isolated.set((shown != Some(kind)).then_some(kind));
    }

    /// Notes which image the pointer is over.
    pub fn hover(&self, image: Option<u32>) {
        if self.state.hovered.get_untracked() != image {
            self.state.hovered.set(image);
            self.follow();
        }
    }

    /// Chooses five plotted images at random, or all where there are fewer.
    pub fn choose_others(&self) {
        let count = self.state.plotted.get_untracked().count(self.state.dataset.get_untracked());
        let mut chosen = Vec::with_capacity(CHOSEN);
        while chosen.len() < CHOSEN.min(count) {
            let image = (js_sys::Math::random() * count as f64) as u32;
            if !chosen.contains(&image) {
                chosen.push(image);
            }
        }
        self.state.chosen.set(chosen);
        self.follow();
    }

    /// Measures the error over both whole sets.
    pub fn measure(&self) {
        self.state.measures.update(|measures| measures.is_under_way = true);
        self.ask(ExplorerCommand::Measure);
    }

    /// Shows what the link asks for, once the controller has chosen the network.
    pub(super) fn show_linked_plane(&self) {
        self.move_to(self.state.code.get_untracked());
        match self.state.plotted.get_untracked() {
            Plotted::Sample => self.choose_others(),
            plotted => self.plot(plotted),
        }
    }

    /// Drops the images and codes of a data set that gives way to another, and chooses five images of that.
    pub(super) fn forget_images(&self) {
        let State { cloud, pairs, decoded, map, isolated, hovered, nearest, .. } = self.state;
        cloud.update(|cloud| *cloud = Cloud::empty(cloud.units));
        pairs.set(Vec::new());
        decoded.set(None);
        map.set(None);
        isolated.set(None);
        hovered.set(None);
        nearest.set(None);
        self.state.exploration.forget_images();
        self.state.exploration.shown.set(Vec::new());
        self.clear_drawing();
        self.state.colours.set(ClassColours::first(self.state.classes.with_untracked(Vec::len)));
        self.choose_others();
    }

    /// Makes code and axes fit the latent units of the run's model.
    pub(super) fn fit_code(&self) {
        let State { run_settings, code, axes, cloud, decoded, .. } = self.state;
        let units = run_settings.with_untracked(|settings| settings.model.latent_units());
        if code.with_untracked(Vec::len) == units {
            return;
        }
        let labels = cloud.with_untracked(|cloud| cloud.labels.clone());
        cloud.set(Cloud { labels, ..Cloud::empty(units) });
        axes.set(Axes::of(units));
        decoded.set(None);
        self.state.exploration.forget_images();
        self.state.exploration.drawn.set(None);
        self.fit_path(units);
        self.state.is_point_held.set(false);
        self.holds_others.set_value(false);
        self.state.is_framed.set(false);
        self.move_to(vec![0.0; units]);
    }

    pub(super) fn move_to(&self, code: Vec<f32>) {
        self.ask(ExplorerCommand::Decode(code.clone()));
        self.state.code.set(code);
        self.ask_for_map();
        self.find_nearest();
    }

    fn find_nearest(&self) {
        let (nearest, found) = (self.state.nearest, self.find_neighbours());
        if nearest.get_untracked() != found {
            nearest.set(found);
            self.follow();
        }
    }

    /// Has the chosen images, the nearest, the opened one and the one under the pointer taken there and back.
    pub(super) fn follow(&self) {
        let State { chosen, nearest, hovered, exploration, .. } = self.state;
        let mut images = chosen.get_untracked();
        let single =
            [nearest.get_untracked(), hovered.get_untracked(), exploration.inspected.get_untracked()];
        images.extend(single.into_iter().flatten());
        self.ask(ExplorerCommand::Follow(images));
    }

    pub(super) fn ask(&self, command: ExplorerCommand) {
        self.act(Action::Explore(command));
    }

    /// Shows what the explorer answered.
    pub(super) fn explored(&self, event: ExplorerEvent) {
        let State { cloud, decoded, pairs, .. } = self.state;
        match event {
            ExplorerEvent::Ready
            | ExplorerEvent::Alive
            | ExplorerEvent::Moments(_)
            | ExplorerEvent::NoPretrained(_) => {}
            ExplorerEvent::Labels(labels) => cloud.update(|cloud| {
                cloud.labels = labels;
                cloud.codes.clear();
            }),
            ExplorerEvent::Codes { units, steps, codes, errors } => {
                // Those of a network that has been replaced meanwhile are of no use.
                if cloud.with_untracked(|cloud| cloud.units) == units {
                    self.state.exploration.steps.set(steps);
                    self.state.exploration.errors.set(errors);
                    let fits_anew = self.fits_anew.get_value() && !self.state.is_framed.get_untracked();
                    self.fits_anew.set_value(false);
                    cloud.update(|cloud| cloud.codes = codes);
                    if fits_anew {
                        self.state.range.set(Range::default());
                    }
                    self.fit();
                    self.centre_others();
                    self.find_nearest();
                }
            }
            ExplorerEvent::Decoded { image, .. } => decoded.set(Some(image)),
            ExplorerEvent::Pairs(followed) => pairs.set(followed),
            ExplorerEvent::Mapped { grid, images } => {
                if self.state.shows_map.get_untracked() {
                    self.state.map.set(Some(Map { grid, images }));
                }
            }
            event @ (ExplorerEvent::Listed { .. }
            | ExplorerEvent::Drawn { .. }
            | ExplorerEvent::Path { .. }) => self.told_of_exploration(event),
            ExplorerEvent::Recalled { steps, units, codes } => self.recalled(steps, units, codes),
            ExplorerEvent::Traced { rows, weights } => self.state.trace.set(Trace { rows, weights }),
            ExplorerEvent::Measured { steps, set, loss } => self.measured(set, Measured { steps, loss }),
            ExplorerEvent::Failed(_) => self.state.measures.update(|measures| measures.is_under_way = false),
        }
    }

    fn measured(&self, set: Split, measured: Measured) {
        self.state.measures.update(|measures| match set {
            Split::Test => measures.test = Some(measured),
            Split::Training => (measures.training, measures.is_under_way) = (Some(measured), false),
        });
    }

    /// The images on the plane: pairs, side by side.
    fn points(&self) -> Vec<f32> {
        let axes = self.state.axes.get_untracked();
        self.state
            .cloud
            .with_untracked(|cloud| cloud.points().flat_map(|(_, code)| axes.point(code)).collect())
    }

    /// A range that shows the cloud, unless the person has chosen another. A point that nobody holds stays in its
    /// middle.
    fn fit(&self) {
        if self.state.is_framed.get_untracked() {
            return;
        }
        let State { range, axes, code, .. } = self.state;
        let axes = axes.get_untracked();
        let fitted = range.get_untracked().fitted(&self.points());
        if fitted != range.get_untracked() {
            range.set(fitted);
            self.ask_for_map();
            if !self.state.is_point_held.get_untracked() {
                self.move_to(code.with_untracked(|code| axes.moved(code, fitted.centre)));
            }
        }
    }
}
