//! Gathers the images of all files, with what is known of each: its class and its split.

use crate::{
    array::{Content, ImageArray},
    array_pairs::{Counted, pairs},
    file_kind::{self, FileKind},
    limits,
    path_place::{Place, place, split_of_file, wrapping_folder},
    picture::Format,
    walk::{Skipped, Visitor},
};
use latent_core::data::Split;
use std::collections::BTreeSet;

/// An image as it is taken.
pub(crate) enum Source<'a> {
    /// A picture that is not decoded yet.
    Picture { format: Format, file: &'a [u8] },
    /// All images of an array.
    Array(&'a ImageArray),
}

/// What is kept of each image: its pixels, or only its size.
pub(crate) trait Take {
    /// What is kept.
    type Kept;

    /// What is kept of each image of a source, or why it is skipped.
    fn take(&mut self, source: Source) -> Result<Vec<Self::Kept>, String>;
}

/// An image with what is known of it.
pub(crate) struct Sample<K> {
    pub(crate) kept: K,
    /// The path of its file, as a place in the list of paths.
    path: usize,
    /// Its place within the file.
    index: usize,
    pub(crate) class: Option<String>,
    pub(crate) split: Option<Split>,
}

/// Gathers what a [`Take`] keeps.
pub(crate) struct Gather<T: Take> {
    take: T,
    paths: Vec<String>,
    samples: Vec<Sample<T::Kept>>,
    /// Files of arrays: the path, where its images begin among the samples, and their labels if the file has them.
    arrays: Vec<(usize, usize, Option<Vec<u32>>)>,
    labels: Vec<(String, Vec<u32>)>,
    class_names: Vec<String>,
    pub(crate) skipped: SkippedFiles,
}

/// The files that were skipped: all are counted, the first ones are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SkippedFiles {
    pub(crate) count: usize,
    pub(crate) listed: Vec<Skipped>,
}

impl SkippedFiles {
    fn push(&mut self, skipped: Skipped) {
        self.count += 1;
        if self.listed.len() < limits::MOST_LISTED {
            self.listed.push(skipped);
        }
    }
}

impl<T: Take> Gather<T> {
    pub(crate) fn new(take: T) -> Self {
        Self {
            take,
            paths: Vec::new(),
            samples: Vec::new(),
            arrays: Vec::new(),
            labels: Vec::new(),
            class_names: Vec::new(),
            skipped: SkippedFiles::default(),
        }
    }

    pub(crate) fn take(&mut self) -> &mut T {
        &mut self.take
    }

    fn add(&mut self, path: &str, kept: Vec<T::Kept>) -> usize {
        let (file, first) = (self.paths.len(), self.samples.len());
        self.paths.push(path.to_owned());
        let samples = kept.into_iter().enumerate();
        self.samples.extend(samples.map(|(index, kept)| Sample {
            kept,
            path: file,
            index,
            class: None,
            split: None,
        }));
        first
    }

    /// The images in the order of their paths' bytes, each with its class and its split, and the classes in their order.
    pub(crate) fn finish(mut self) -> (Vec<Sample<T::Kept>>, Vec<String>, SkippedFiles) {
        self.place_pictures();
        self.label_arrays();
        let Self { paths, mut samples, mut skipped, .. } = self;
        if samples.iter().any(|sample| sample.class.is_some()) {
            let unlabelled = samples.iter().filter(|sample| sample.class.is_none()).map(|sample| sample.path);
            for path in unlabelled.collect::<BTreeSet<_>>() {
                let why = "it has no labels, and other images have one".into();
                skipped.push(Skipped { path: paths[path].clone(), why });
            }
            samples.retain(|sample| sample.class.is_some());
        }
        samples.sort_by(|a, b| (paths[a.path].as_bytes(), a.index).cmp(&(paths[b.path].as_bytes(), b.index)));
        let classes: BTreeSet<&str> = samples.iter().filter_map(|sample| sample.class.as_deref()).collect();
        let mut classes: Vec<String> = classes.into_iter().map(str::to_owned).collect();
        // Numbers in their order: 2 before 10.
        if classes.iter().all(|name| name.parse::<u32>().is_ok()) {
            classes.sort_by_key(|name| name.parse::<u32>().unwrap_or_default());
        } else if classes.iter().all(|name| self.class_names.contains(name)) {
            classes.sort_by_key(|name| self.class_names.iter().position(|known| known == name));
        }
        (samples, classes, skipped)
    }

    /// Class and split of pictures, by their folders.
    fn place_pictures(&mut self) {
        let is_array: BTreeSet<usize> = self.arrays.iter().map(|&(path, ..)| path).collect();
        let paths = || {
            self.paths
                .iter()
                .enumerate()
                .filter(|(at, _)| !is_array.contains(at))
                .map(|(_, path)| path.as_str())
        };
        let wrapping = wrapping_folder(paths()).map(str::to_owned);
        for sample in self.samples.iter_mut().filter(|sample| !is_array.contains(&sample.path)) {
            let Place { class, split } = place(&self.paths[sample.path], wrapping.as_deref());
            (sample.class, sample.split) = (class, split);
        }
    }

    /// Labels and split of arrays, by the files of labels.
    fn label_arrays(&mut self) {
        let Self { paths, samples, arrays, labels, class_names, skipped, .. } = self;
        let ends = arrays.iter().map(|&(path, first, _)| {
            first + samples[first..].iter().take_while(|it| it.path == path).count()
        });
        let ends: Vec<usize> = ends.collect();
        let without = |at: &usize| arrays[*at].2.is_none();
        let unlabelled: Vec<usize> = (0..arrays.len()).filter(without).collect();
        let images = unlabelled
            .iter()
            .map(|&at| Counted { path: &paths[arrays[at].0], count: ends[at] - arrays[at].1 });
        let images: Vec<Counted> = images.collect();
        let counted: Vec<Counted> =
            labels.iter().map(|(path, labels)| Counted { path, count: labels.len() }).collect();
        let found = pairs(&images, &counted);
        for (at, (path, _)) in labels.iter().enumerate() {
            if !found.contains(&Some(at)) {
                let why = "no images belong to its labels: their numbers differ, or several could be meant";
                skipped.push(Skipped { path: path.clone(), why: why.into() });
            }
        }
        let mut of_array: Vec<Option<&[u32]>> = arrays.iter().map(|(.., labels)| labels.as_deref()).collect();
        for (&at, labels_at) in unlabelled.iter().zip(found) {
            of_array[at] = labels_at.map(|at| labels[at].1.as_slice());
        }
        for ((&(path, first, _), &end), labels) in arrays.iter().zip(&ends).zip(of_array) {
            let split = split_of_file(&paths[path]);
            for (index, sample) in samples[first..end].iter_mut().enumerate() {
                sample.split = split;
                let label = labels.and_then(|labels| labels.get(index));
                sample.class = label.map(|&label| match class_names.get(label as usize) {
                    Some(name) => name.clone(),
                    None => label.to_string(),
                });
            }
        }
    }
}

impl<T: Take> Visitor for Gather<T> {
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), String> {
        match file_kind::read(path, &bytes)? {
            FileKind::Picture(format) => {
                let kept = self.take.take(Source::Picture { format, file: &bytes })?;
                self.add(path, kept);
            }
            FileKind::Array(Content::Images(mut array)) => {
                drop(bytes);
                let kept = self.take.take(Source::Array(&array))?;
                let file = self.paths.len();
                let first = self.add(path, kept);
                self.arrays.push((file, first, array.labels.take()));
            }
            FileKind::Array(Content::Labels(labels)) => self.labels.push((path.to_owned(), labels)),
            FileKind::Array(Content::ClassNames(names)) => self.class_names = names,
        }
        Ok(())
    }

    fn skipped(&mut self, skipped: Skipped) {
        self.skipped.push(skipped);
    }
}
