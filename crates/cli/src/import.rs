//! `headless import`: from a person's own images to a set that `train --data` and the page take.

use crate::{
    Failure,
    files::{Output, at, print},
};
use latent_core::data::{DatasetId, ImageShape};
use latent_import::{
    Fit, ImageSet, Imported, InputFile, Part, ReadSeek, Recipe, Skipped, Survey, import, survey,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Files that were skipped and are listed.
const MOST_LISTED: usize = 10;

/// What to import, and how.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A folder whose subfolders are classes, a ZIP or tar file of one, pictures, IDX, .npy, .npz or CSV files, or CIFAR-10's
    /// binary batches. Folders and files called train, test or val are the split.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Side of the images in pixels, or height and width as in 32x48: at most 64.
    #[arg(long, value_name = "PIXELS", default_value_t = Recipe::default().sides())]
    size: String,
    /// Keep colours. Otherwise images become grey.
    #[arg(long, visible_alias = "color")]
    colour: bool,
    /// How a picture of another shape fills an image: contain, cover or stretch.
    #[arg(long, value_name = "WAY", default_value = Fit::Contain.name(), value_parser = fit)]
    fit: Fit,
    /// Exchange light and dark, as for dark drawings on white paper.
    #[arg(long)]
    invert: bool,
    /// The percentage of the images that is kept for validation where the files name none.
    #[arg(long, value_name = "PERCENT", default_value_t = Recipe::default().validation_percent)]
    validation: u8,
    /// Which images those are, and the order of all.
    #[arg(long, value_name = "NUMBER", default_value_t = Recipe::default().seed)]
    seed: u64,
    /// Save the set here, as a ZIP file. Without it, only what was found is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn fit(name: &str) -> Result<Fit, String> {
    let names = Fit::ALL.map(Fit::name).join(", ");
    Fit::from_name(name).ok_or_else(|| format!("the ways are {names}"))
}

impl Options {
    fn recipe(&self) -> Result<Recipe, Failure> {
        let wrong = || Failure::Size(self.size.clone());
        let [height, width] = Recipe::parse_sides(&self.size).ok_or_else(wrong)?;
        let shape = ImageShape { height, width, channels: if self.colour { 3 } else { 1 } };
        Ok(Recipe {
            shape,
            fit: self.fit,
            is_inverted: self.invert,
            validation_percent: self.validation,
            seed: self.seed,
        })
    }
}

/// Imports, saves and reports.
pub(crate) fn import_images(options: &Options) -> Result<(), Failure> {
    let recipe = options.recipe()?;
    let files = listed(&options.files)?;
    let several = options.files.len() > 1;
    let Some(out) = &options.out else { return report_survey(&survey(opened(&files), several, 0)?) };
    let output = Output::to(out)?;
    let Imported { set, skipped_files, skipped } = import(opened(&files), several, &recipe)?;
    output.write(&set.to_file()?.bytes)?;
    let report = |line: String| output.report(line);
    report(format!("{} images of {} pixels", set.training.len() + set.test.len(), set.shape))?;
    report(format!("{} to train on, {} to validate with", set.training.len(), set.test.len()))?;
    report(classes(&counts(&set)))?;
    report_skipped(skipped_files, &skipped, report)?;
    report(format!("saved in {}: {}", out.display(), DatasetId::Own(set.own_set()).text()))
}

/// A file, and its path within what was given.
struct Listed {
    file: PathBuf,
    path: String,
}

/// The files of all arguments, those of a folder in the order of their paths.
fn listed(arguments: &[PathBuf]) -> Result<Vec<Listed>, Failure> {
    let mut files = Vec::new();
    for argument in arguments {
        let name = argument.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if argument.is_dir() {
            // The one folder that is given wraps everything.
            let prefix = if arguments.len() > 1 { format!("{name}/") } else { String::new() };
            list_folder(argument, &prefix, &mut files)?;
        } else {
            files.push(Listed { file: argument.clone(), path: name });
        }
    }
    Ok(files)
}

fn list_folder(folder: &Path, prefix: &str, files: &mut Vec<Listed>) -> Result<(), Failure> {
    let mut entries = at(folder, fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (file, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let kind = at(&file, entry.file_type())?;
        if kind.is_dir() {
            list_folder(&file, &format!("{prefix}{name}/"), files)?;
        } else if file.is_file() {
            files.push(Listed { path: format!("{prefix}{name}"), file });
        }
    }
    Ok(())
}

fn opened(files: &[Listed]) -> impl Iterator<Item = InputFile<'static>> + '_ {
    files.iter().map(|Listed { file, path }| {
        let reader = fs::File::open(file).map(|file| Box::new(file) as Box<dyn ReadSeek>);
        InputFile { path: path.clone(), reader }
    })
}

/// The images of each class.
fn counts(set: &ImageSet) -> Vec<(String, usize)> {
    let labels = || [&set.training, &set.test].into_iter().flat_map(|part: &Part| &part.labels);
    let count = |class: usize| labels().filter(|&&label| usize::from(label) == class).count();
    set.classes.iter().enumerate().map(|(class, name)| (name.clone(), count(class))).collect()
}

fn classes(classes: &[(String, usize)]) -> String {
    let names = classes.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ");
    match classes.len() {
        0 => "no classes: the images have no labels".into(),
        1 => format!("1 class: {names}"),
        number => format!("{number} classes: {names}"),
    }
}

fn report_survey(survey: &Survey) -> Result<(), Failure> {
    print(format!("{} images", survey.images))?;
    if survey.test_images > 0 {
        print(format!("{} of them to validate with", survey.test_images))?;
    }
    print(classes(&survey.classes))?;
    for ([width, height], count) in survey.sizes.iter().take(MOST_LISTED) {
        print(format!("{count} of {height} × {width} pixels"))?;
    }
    report_skipped(survey.skipped_files, &survey.skipped, print)
}

fn report_skipped(
    files: usize,
    skipped: &[Skipped],
    report: impl Fn(String) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if files > 0 {
        report(format!("{files} {} skipped", if files == 1 { "file" } else { "files" }))?;
    }
    for Skipped { path, why } in skipped.iter().take(MOST_LISTED) {
        report(format!("  {path}: {why}"))?;
    }
    Ok(())
}
