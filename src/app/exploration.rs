//! What the person explores beyond the point: errors, neighbourhoods, and a drawing of their own.

use super::state::Image;
use latent_core::{
    drawing::Stroke,
    plane::{Cloud, Contour, Path},
};
use leptos::prelude::*;

/// Images that are shown as the nearest ones.
pub const NEAREST: usize = 5;

/// The classes that most neighbours of each plotted image have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Votes {
    /// Steps of the network whose codes they are.
    pub steps: u64,
    /// The class for each of the first images on the plane.
    pub classes: Vec<u8>,
}

/// Images whose values were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Their indices in the plotted set.
    pub images: Vec<u32>,
    /// `[images, height, width, channels]`.
    pub values: Vec<u8>,
}

impl Listed {
    /// An image, if it is there.
    pub fn get(&self, image: u32) -> Option<&[u8]> {
        let at = self.images.iter().position(|&listed| listed == image)?;
        let values = self.values.len() / self.images.len();
        self.values.get(at * values..(at + 1) * values)
    }
}

/// What the network makes of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Steps that the network had been trained.
    pub steps: u64,
    /// Its code.
    pub code: Vec<f32>,
    /// Its reconstruction.
    pub copy: Image,
}

/// The images along the path.
#[derive(Clone, Debug, PartialEq)]
pub struct Frames {
    /// Their codes: `[frames, units]`.
    pub codes: Vec<f32>,
    /// `[frames, height, width, channels]`.
    pub images: Vec<u8>,
}

/// What moves the point without the person's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// It goes from class to class until somebody acts.
    Tour,
    /// It goes along the path.
    Path,
}

/// A file in the making.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saving {
    /// Its number: another file, or none, in its place means that it was cancelled.
    pub number: u32,
    /// Images that are written.
    pub done: usize,
    /// All images.
    pub all: usize,
}

/// The signals of what is explored. Copy: a part of [`State`](super::state::State).
#[derive(Clone, Copy)]
pub struct Exploration {
    /// Steps of the network that made the codes on the plane.
    pub steps: RwSignal<u64>,
    /// The mean squared error of each plotted image, as far as it is known. Empty unless something shows errors.
    pub errors: RwSignal<Vec<f32>>,
    /// Whether dots are coloured by error instead of class.
    pub shows_errors: RwSignal<bool>,
    /// Whether contours show where the classes are dense.
    pub shows_contours: RwSignal<bool>,
    /// The contours as they came last.
    pub contours: RwSignal<Vec<Contour>>,
    /// Whether the structure panel is open.
    pub is_structure_open: RwSignal<bool>,
    /// What the neighbours of the plotted images are, as it came last.
    pub votes: RwSignal<Option<Votes>>,
    /// The images that the structure panel lists.
    pub shown: RwSignal<Vec<u32>>,
    /// The image that was opened from a list.
    pub inspected: RwSignal<Option<u32>>,
    /// The images nearest to the point, the nearest first.
    pub nearest: RwSignal<Vec<u32>>,
    /// Images nearest to the point and to the drawing, and those that the panel lists, as they came last.
    pub listed: RwSignal<Listed>,
    /// The strokes on the pad.
    pub strokes: RwSignal<Vec<Stroke>>,
    /// The colour of the pen, which only images in colour show.
    pub ink: RwSignal<[u8; 3]>,
    /// The image that was drawn.
    pub drawing: RwSignal<Option<Image>>,
    /// What the network makes of it.
    pub drawn: RwSignal<Option<Drawn>>,
    /// The plotted images nearest to it.
    pub nearest_to_drawn: Memo<Vec<u32>>,
    /// The path through codes.
    pub path: RwSignal<Path>,
    /// Whether its tab is open.
    pub is_path_open: RwSignal<bool>,
    /// The images along the path as they were decoded last, while its tab is open.
    pub frames: RwSignal<Option<Frames>>,
    /// The frame of the path that is looked at.
    pub frame: RwSignal<usize>,
    /// What moves the point.
    pub travel: RwSignal<Option<Travel>>,
    /// The file of the path that is being made.
    pub saving: RwSignal<Option<Saving>>,
}

impl Exploration {
    /// Nothing yet but the path of the link. `cloud` are the plotted images.
    pub fn new(cloud: RwSignal<Cloud>, path: Path) -> Self {
        let drawn = RwSignal::new(None::<Drawn>);
        let nearest_to_drawn = Memo::new(move |_| {
            let nearest = |drawn: &Drawn| cloud.with(|cloud| cloud.nearest(&drawn.code, NEAREST));
            drawn.with(|drawn| drawn.as_ref().map(nearest).unwrap_or_default())
        });
        Self {
            steps: RwSignal::new(0),
            errors: RwSignal::new(Vec::new()),
            shows_errors: RwSignal::new(false),
            shows_contours: RwSignal::new(false),
            contours: RwSignal::new(Vec::new()),
            is_structure_open: RwSignal::new(false),
            votes: RwSignal::new(None),
            shown: RwSignal::new(Vec::new()),
            inspected: RwSignal::new(None),
            nearest: RwSignal::new(Vec::new()),
            listed: RwSignal::new(Listed::default()),
            strokes: RwSignal::new(Vec::new()),
            ink: RwSignal::new([u8::MAX; 3]),
            drawing: RwSignal::new(None),
            drawn,
            nearest_to_drawn,
            path: RwSignal::new(path),
            is_path_open: RwSignal::new(false),
            frames: RwSignal::new(None),
            frame: RwSignal::new(0),
            travel: RwSignal::new(None),
            saving: RwSignal::new(None),
        }
    }

    /// Forgets what is about the plotted images.
    pub fn forget_images(&self) {
        self.errors.set(Vec::new());
        self.contours.set(Vec::new());
        self.votes.set(None);
        self.inspected.set(None);
        self.nearest.set(Vec::new());
        self.listed.set(Listed::default());
        self.frames.set(None);
    }

    /// The images along the path, if they are there as it is now, and of the shape that an image with so many values has.
    pub fn whole_frames(&self, values: usize) -> Option<Frames> {
        let count = self.path.with(Path::frames);
        let is_whole = |frames: &&Frames| count > 0 && frames.images.len() == count * values;
        self.frames.with(|frames| frames.as_ref().filter(is_whole).cloned())
    }
}
