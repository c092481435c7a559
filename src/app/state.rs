//! The one store: all that the page shows. Views read it; only the [supervisor](super::supervisor) writes it.

use super::{
    comparison::Comparison,
    exploration::{Exploration, Saving},
    own_images::OwnImages,
};
use crate::display::{chart::Earlier, class_colours::ClassColours, dataset};
pub use latent_controller::{EngineInUse, Linked, Replay, Resumable};
use latent_core::{
    data::{DatasetId, OwnSet, Split, Words},
    engine::EngineChoice,
    link::{Link, Part, View},
    plane::{Axes, Cloud, Grid, Plotted, Projection, Range},
    settings::Settings,
    trace::Tiles,
    training::history::History,
};
use latent_protocol::{Download, Pair, Phase};
use leptos::prelude::*;

/// The values of a decoded image, in the order of [`ImageShape`](latent_core::data::ImageShape).
pub type Image = Vec<u8>;

/// The error over both whole sets, measured when the person asked for it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// It is being measured.
    pub is_under_way: bool,
    /// Over the training set.
    pub training: Option<Measured>,
    /// Over the test set.
    pub test: Option<Measured>,
}

/// A measured error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// Steps that the network had been trained.
    pub steps: u64,
    /// Mean squared error.
    pub loss: f64,
}

impl Measures {
    /// The measure of a set.
    pub fn of(&self, set: Split) -> Option<Measured> {
        match set {
            Split::Training => self.training,
            Split::Test => self.test,
        }
    }
}

/// The manifold: a grid of codes and the images there.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The grid.
    pub grid: Grid,
    /// The image of each code: `[codes, height, width, channels]`.
    pub images: Vec<u8>,
}

/// What the layers of the network give.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// What passes through the network, a row of the diagram each.
    pub rows: Vec<Option<Tiles>>,
    /// The weights of the layer that is looked at.
    pub weights: Option<Tiles>,
}

/// The signals of the page. Copy: every view takes it from the context.
#[derive(Clone, Copy)]
pub struct State {
    /// The settings of the form. Learning rates and epochs are those of the run, unless a model was chosen for the next run,
    /// which brings its learning rate.
    pub settings: RwSignal<Settings>,
    /// Fields of the form whose text was refused: what they show is not what is set.
    pub refused: RwSignal<Vec<&'static str>>,
    /// The settings that the run under way was started with, learning rates and epochs as they are now.
    pub run_settings: RwSignal<Settings>,
    /// The data set of the run under way.
    pub dataset: Memo<DatasetId>,
    /// The names of its classes, in the order of the labels.
    pub classes: Memo<Vec<String>>,
    /// The colours of the classes.
    pub colours: RwSignal<ClassColours>,
    /// The sets of the person's own images that the browser keeps.
    pub own_images: RwSignal<Vec<OwnImages>>,
    /// The set of own images that the link, a model or a saved run is about, and that the browser did not have.
    pub missing_images: RwSignal<Option<OwnSet>>,
    /// The engine that the person asks for.
    pub engine_choice: RwSignal<EngineChoice>,
    /// The engine that the page takes; `None` until the adapter has been looked at.
    pub engine: RwSignal<Option<EngineInUse>>,
    /// What the trainer is doing.
    pub phase: RwSignal<Phase>,
    /// Steps done.
    pub steps: RwSignal<u64>,
    /// Steps of the newest checkpoint of this run, which is what a failure leaves.
    pub checkpoint_steps: RwSignal<Option<u64>>,
    /// Steps of the checkpoint that the browser has saved last.
    pub saved_steps: RwSignal<Option<u64>>,
    /// What an earlier visit has saved, until the person answers the offer to go on with it.
    pub resumable: RwSignal<Option<Resumable>>,
    /// The last step's training loss.
    pub loss: RwSignal<Option<f32>>,
    /// The last epoch's validation loss.
    pub validation_loss: RwSignal<Option<f32>>,
    /// Training speed over the last seconds; `None` while not training.
    pub steps_per_second: RwSignal<Option<f64>>,
    /// How much of the data has arrived.
    pub download: RwSignal<Download>,
    /// Bytes of the engine that have arrived, and that are to come (0: nobody knows), while it loads.
    pub engine_bytes: RwSignal<Option<(usize, usize)>>,
    /// A newer release of the page is there, and waits to be taken.
    pub release_waits: RwSignal<bool>,
    /// The losses of this run.
    pub history: RwSignal<History>,
    /// Earlier runs of this visit.
    pub earlier: RwSignal<Earlier>,
    /// What the person explores beyond the point.
    pub exploration: Exploration,
    /// The codes of the plotted images.
    pub cloud: RwSignal<Cloud>,
    /// The visible range of the plane.
    pub range: RwSignal<Range>,
    /// The person has chosen what is in sight; otherwise it follows the images.
    pub is_framed: RwSignal<bool>,
    /// Whether the manifold is shown behind the images.
    pub shows_map: RwSignal<bool>,
    /// Whether circles show the prior of a variational model.
    pub shows_prior: RwSignal<bool>,
    /// The manifold as it was decoded last.
    pub map: RwSignal<Option<Map>>,
    /// Which numbers of a code the plane shows.
    pub axes: RwSignal<Axes>,
    /// The person has taken hold of the point; before, it stays in the middle of what is in sight.
    pub is_point_held: RwSignal<bool>,
    /// The code whose image is shown: the point on the plane, and the numbers that the plane doesn't show.
    pub code: RwSignal<Vec<f32>>,
    /// The image decoded there.
    pub decoded: RwSignal<Option<Image>>,
    /// Parts of the page that the link leaves out.
    pub hidden: StoredValue<Vec<Part>>,
    /// The pretrained decoder is shown, and not the network of the run.
    pub is_pretrained: RwSignal<bool>,
    /// The steps of the moments of the run that can be looked at, ascending.
    pub moments: RwSignal<Vec<u64>>,
    /// The step that is looked at, if that is not the newest one.
    pub looked_at: RwSignal<Option<u64>>,
    /// The film of the training that is being made. None: there is none any more, if it was cancelled.
    pub film: RwSignal<Option<Saving>>,
    /// The number of the newest one.
    pub film_number: StoredValue<u32>,
    /// Which images lie on the plane.
    pub plotted: RwSignal<Plotted>,
    /// The only class that is shown on the plane, if not all are.
    pub isolated: RwSignal<Option<u8>>,
    /// The plotted images that are shown beside their reconstructions.
    pub chosen: RwSignal<Vec<u32>>,
    /// The plotted image whose code is nearest to the one shown.
    pub nearest: RwSignal<Option<u32>>,
    /// The plotted image under the pointer.
    pub hovered: RwSignal<Option<u32>>,
    /// Chosen, nearest and hovered images there and back, as they came last.
    pub pairs: RwSignal<Vec<Pair>>,
    /// What the layers gave when they were traced last.
    pub trace: RwSignal<Trace>,
    /// The error over whole sets.
    pub measures: RwSignal<Measures>,
    /// What an action has done, for a moment.
    pub answer: RwSignal<Option<String>>,
    /// A link that the browser did not copy.
    pub to_copy: RwSignal<Option<String>>,
    /// The name of the lesson that is open.
    pub lesson: RwSignal<Option<String>>,
    /// The model that the link brings, until another run begins.
    pub linked: RwSignal<Option<Linked>>,
    /// The name of a file whose model may take the place of the trained one, if the person says so.
    pub offered: RwSignal<Option<String>>,
    /// The step that the link is about, until the person answers the offer to replay the training up to there.
    pub replay: RwSignal<Option<Replay>>,
    /// The step to which the run is being replayed.
    pub replays_to: RwSignal<Option<u64>>,
    /// Whether the run began with its seed, so that its settings alone lead to its weights.
    pub is_from_seed: RwSignal<bool>,
    /// Numbers of the earlier runs that can be opened again.
    pub earlier_runs: RwSignal<Vec<u32>>,
    /// The number of the run that *Undo* opens.
    pub undo_to: RwSignal<Option<u32>>,
    /// The run that gave way to a lesson, until it is opened again or not wanted any more.
    pub before_lesson: RwSignal<Option<u32>>,
    /// The number of the run under way, which it keeps.
    pub run: RwSignal<u32>,
    /// The pinned run beside it.
    pub comparison: Comparison,
    /// What the person should read: errors, and parts of a link that were not understood. Newest last.
    pub notices: RwSignal<Vec<String>>,
}

impl State {
    /// The page before anything has happened. The supervisor fills in what the link says of the run.
    pub fn new(link: Link, own_images: Vec<OwnImages>) -> Self {
        let Link { settings, engine: engine_choice, view, hidden, .. } = link;
        let units = settings.model.latent_units();
        let run_settings = RwSignal::new(settings.clone());
        let dataset = Memo::new(move |_| run_settings.with(|settings| settings.data));
        let own_images = RwSignal::new(own_images);
        let cloud = RwSignal::new(Cloud::empty(units));
        let classes = Memo::new(move |_| own_images.with(|sets| classes(dataset.get(), sets)));
        let [nearest, hovered] = [RwSignal::new(None), RwSignal::new(None)];
        Self {
            refused: RwSignal::new(Vec::new()),
            run_settings,
            dataset,
            classes,
            colours: RwSignal::new(ClassColours::first(classes.with_untracked(Vec::len))),
            own_images,
            missing_images: RwSignal::new(None),
            settings: RwSignal::new(settings),
            engine_choice: RwSignal::new(engine_choice),
            engine: RwSignal::new(None),
            phase: RwSignal::new(Phase::Idle),
            steps: RwSignal::new(0),
            checkpoint_steps: RwSignal::new(None),
            saved_steps: RwSignal::new(None),
            resumable: RwSignal::new(None),
            loss: RwSignal::new(None),
            validation_loss: RwSignal::new(None),
            steps_per_second: RwSignal::new(None),
            download: RwSignal::new(Download::default()),
            engine_bytes: RwSignal::new(None),
            release_waits: RwSignal::new(false),
            history: RwSignal::new(History::default()),
            earlier: RwSignal::new(Earlier::default()),
            exploration: Exploration::new(cloud, view.path),
            cloud,
            range: RwSignal::new(Range::default()),
            is_framed: RwSignal::new(false),
            shows_map: RwSignal::new(view.shows_map),
            shows_prior: RwSignal::new(view.shows_prior),
            map: RwSignal::new(None),
            axes: RwSignal::new(view.axes.unwrap_or_else(|| Axes::of(units))),
            is_point_held: RwSignal::new(view.code.is_some()),
            code: RwSignal::new(view.code.unwrap_or_else(|| vec![0.0; units])),
            decoded: RwSignal::new(None),
            plotted: RwSignal::new(view.plotted),
            hidden: StoredValue::new(hidden),
            is_pretrained: RwSignal::new(false),
            moments: RwSignal::new(Vec::new()),
            looked_at: RwSignal::new(None),
            film: RwSignal::new(None),
            film_number: StoredValue::new(0),
            isolated: RwSignal::new(None),
            chosen: RwSignal::new(Vec::new()),
            nearest,
            hovered,
            pairs: RwSignal::new(Vec::new()),
            trace: RwSignal::new(Trace::default()),
            measures: RwSignal::new(Measures::default()),
            answer: RwSignal::new(None),
            to_copy: RwSignal::new(None),
            offered: RwSignal::new(None),
            lesson: RwSignal::new(None),
            linked: RwSignal::new(None),
            replay: RwSignal::new(None),
            replays_to: RwSignal::new(None),
            is_from_seed: RwSignal::new(true),
            earlier_runs: RwSignal::new(Vec::new()),
            undo_to: RwSignal::new(None),
            before_lesson: RwSignal::new(None),
            run: RwSignal::new(0),
            comparison: Comparison::new(dataset, nearest, hovered),
            notices: RwSignal::new(Vec::new()),
        }
    }

    /// Whether the link leaves this part of the page in.
    pub fn shows(&self, part: Part) -> bool {
        self.hidden.with_value(|hidden| !hidden.contains(&part))
    }

    /// An image of a class of the run's data set, in a sentence.
    pub fn sample_of(&self, label: u8) -> String {
        self.classes.with(|classes| dataset::sample_of(classes, self.words(), label))
    }

    /// The names of the classes of a data set.
    pub fn classes_of(&self, dataset: DatasetId) -> Vec<String> {
        self.own_images.with(|sets| classes(dataset, sets))
    }

    /// The words for the images of the run's data set.
    pub fn words(&self) -> Words {
        self.dataset.get().words()
    }

    /// The link to the page as it is now. Without a word about the point as long as nobody has moved it.
    ///
    /// While a lesson is open, it is the link to the lesson.
    pub fn link(&self) -> Link {
        let (engine, hidden) = (self.engine_choice.get(), self.hidden.get_value());
        if let lesson @ Some(_) = self.lesson.get() {
            return Link { lesson, engine, hidden, ..Link::default() };
        }
        let view = View {
            code: self.is_point_held.get().then(|| self.code.get()),
            axes: Some(self.axes.get()),
            plotted: self.plotted.get(),
            shows_map: self.shows_map.get(),
            shows_prior: self.shows_prior.get(),
            path: self.exploration.path.get(),
        };
        let settings = self.settings.get();
        let model = self.linked.get().map(|linked| linked.address);
        let recipe = self.own_images.with(|sets| {
            sets.iter()
                .find(|images| Some(images.set) == settings.data.own())
                .and_then(|images| images.recipe)
        });
        Link { settings, recipe, engine, step: None, view, hidden, model, lesson: None }
    }

    /// The link to the run as it is now, with the step up to which whoever opens it can replay the training. A run that began
    /// with a file cannot be replayed.
    pub fn link_to_share(&self) -> Link {
        let link = self.link();
        if link.lesson.is_some() {
            return link;
        }
        let step = Some(self.steps.get()).filter(|&steps| steps > 0 && self.is_from_seed.get());
        // The link is about the run, and not about changes that wait for a new one.
        let settings = if step.is_some() { self.run_settings.get() } else { self.settings.get() };
        Link { settings, step, ..link }
    }

    /// Whether a link leads to an untrained network, though there is a trained one here: it began with a file, which links do not
    /// have.
    pub fn lacks_network(&self, link: &Link) -> bool {
        !self.is_from_seed.get() && link.model.is_none() && link.lesson.is_none()
    }

    /// Whether the run's model gives a distribution for each image.
    pub fn is_variational(&self) -> bool {
        self.run_settings.with(|settings| settings.model.is_variational())
    }

    /// Epochs begun, as people count them: 1 while the first is trained, 0 before.
    pub fn epoch(&self) -> u64 {
        let per_epoch = self.run_settings.with(Settings::steps_per_epoch) as u64;
        self.steps.get().div_ceil(per_epoch)
    }

    /// The same, without running the caller again when it changes.
    pub fn epoch_untracked(&self) -> u64 {
        untrack(|| self.epoch())
    }

    /// The point on the plane: the shown code's numbers on its axes.
    pub fn point(&self) -> [f32; 2] {
        let axes = self.axes.get();
        self.code.with(|code| axes.point(code))
    }

    /// The plane as it is seen.
    pub fn projection(&self) -> Projection {
        Projection { axes: self.axes.get(), range: self.range.get() }
    }

    /// The plane as it is seen, without running the caller again when that changes.
    pub fn projection_untracked(&self) -> Projection {
        Projection { axes: self.axes.get_untracked(), range: self.range.get_untracked() }
    }
}

/// The names of a data set's classes.
fn classes(dataset: DatasetId, own_images: &[OwnImages]) -> Vec<String> {
    match dataset.own() {
        None => dataset.spec().classes,
        Some(set) => own_images
            .iter()
            .find(|images| images.set == set)
            .map_or_else(Vec::new, |images| images.classes.clone()),
    }
}
