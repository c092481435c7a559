//! The reference of all settings, docs/settings.md: their names, values and defaults in links, files and on the command
//! line.

use crate::{
    data::DatasetId,
    engine::EngineChoice,
    link::Part,
    model::{
        Activation, BETA, DEVIATION, DROPOUT, FILTERS, KERNEL, LATENT_UNITS, Loss, MASKED, MAX_CONVOLUTIONS,
        MAX_HIDDEN_LAYERS, SLOPE, STRIDE, UNITS,
    },
    plane::Plotted,
    settings::{BATCH, EPOCHS, Field, IMAGES, LEARNING_RATE, MOST_CHANGES, NUMERICS, Settings},
};
use std::{fmt::Display, ops::RangeInclusive};

const HEAD: &str = "\
# Settings

One grammar serves links, model files and the command line. This page is made from the code by
`headless settings > docs/settings.md`.

- A link is the part of the address behind `#`: `#v=1&seed=7&hidden=512,128`. It names only what differs from the defaults.
  A value that is not understood keeps its default, and the page says so.
- A model file has each setting as a note in the metadata of safetensors, its name after `latent_playground.`:
  `latent_playground.seed`. A missing note takes its default, an unknown one after `latent_playground.` is refused, and
  other metadata is ignored. `latent_playground` holds the version of the format, 2, and `latent_playground.steps` the
  steps done; `latent_playground.input` is the shape of an image, `28x28x1` by default. Files of version 1 have the same names without the beginning.
- On the command line a setting is an option: `headless train --seed 7 --hidden 512,128`.

## The run
";

const VIEW: &str = "
## The page

Links alone have these.
";

/// The page as Markdown.
pub fn markdown() -> String {
    let defaults = Settings::default();
    let run = Field::ALL.into_iter().chain([Field::Encoder]).map(|field| {
        let option = match field {
            Field::Shuffle => "`--shuffle`, `--no-shuffle`".into(),
            _ => format!("`--{}`", field.key()),
        };
        let (key, default) = (format!("`{}`", field.key()), format!("`{}`", defaults.get(field)));
        [key, option, values(field), default, meaning(field).into()]
    });
    let run = table(["link, file", "command line", "values", "default", "meaning"], run);
    let page = page()
        .map(|(key, values, default, meaning)| [format!("`{key}`"), values, default.into(), meaning.into()]);
    let page = table(["link", "values", "default", "meaning"], page);
    [HEAD, "\n", &run, VIEW, "\n", &page].concat()
}

fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rows = rows.into_iter().map(|row| line(&row));
    [line(&head.map(str::to_owned)), line(&[const { "---" }; N].map(str::to_owned))]
        .into_iter()
        .chain(rows)
        .collect()
}

fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn range<T: Display>(range: &RangeInclusive<T>) -> String {
    format!("{} to {}", range.start(), range.end())
}

fn values(field: Field) -> String {
    let activations = || one_of(Activation::ALL.map(Activation::name));
    let units = format!("{} units", range(&UNITS));
    match field {
        Field::Data => format!(
            "{}; of a person's own images their hash, shape and counts, as `headless import` prints them",
            one_of(DatasetId::ALL.map(DatasetId::name))
        ),
        Field::Hidden => format!("1 to {MAX_HIDDEN_LAYERS} layers of {units}: `512,128`"),
        Field::Encoder => format!(
            "the same layer by layer, `dense512,dense128`, and up to {MAX_CONVOLUTIONS} convolutions before them and dropout \
             behind any layer, `conv32k3s2,dropout0.2,dense16`: {} filters, a kernel (`k`) of {}, a stride (`s`) of {}, \
             dropout {}",
            range(&FILTERS),
            range(&KERNEL),
            range(&STRIDE),
            range(&DROPOUT)
        ),
        Field::Code => range(&LATENT_UNITS),
        Field::Variational | Field::Shuffle => "`0`, `1`".into(),
        Field::Beta => range(&BETA),
        Field::Corruption => {
            format!("`none`, `gaussian0.4` ({}), `masking0.3` ({})", range(&DEVIATION), range(&MASKED))
        }
        Field::Slope => range(&SLOPE),
        Field::Activation | Field::Output => activations(),
        Field::CodeActivation => format!("`hidden` (that of the hidden layers), {}", activations()),
        Field::Loss => one_of(Loss::ALL.map(Loss::name)),
        Field::Batch => range(&BATCH),
        Field::Epochs => range(&EPOCHS),
        Field::LearningRate => {
            format!("{}; then at most {MOST_CHANGES} changes: `0.0005,0.005@600`", range(&LEARNING_RATE))
        }
        Field::Seed => range(&(0..=u64::MAX)),
        Field::TrainingImages => range(&IMAGES),
        Field::Numerics => range(&NUMERICS),
    }
}

fn meaning(field: Field) -> &'static str {
    match field {
        Field::Data => {
            "The data set. A model file without it is of MNIST. At the command line, a folder with its files will do, too."
        }
        Field::Hidden => "Units of the encoder's hidden layers. The decoder mirrors them.",
        Field::Encoder => {
            "The encoder's hidden layers. Files have this, links have `hidden` where all layers are dense; both read either."
        }
        Field::Code => {
            "Units of the code: the dimensions of the latent space. `latent` is another name for it."
        }
        Field::Variational => {
            "Whether the code is drawn from a normal distribution: a variational autoencoder."
        }
        Field::Beta => "The weight of the divergence in a variational model's loss.",
        Field::Corruption => {
            "What is done to the images that the encoder reads in training: normal noise of this standard deviation, or this share of the values set to 0. The loss compares with the clean images."
        }
        Field::Slope => "The slope of every LeakyReLU for negative arguments.",
        Field::Activation => "The activation of the hidden layers, by its name in Keras.",
        Field::CodeActivation => "The activation of the code.",
        Field::Output => "The activation of the reconstruction.",
        Field::Loss => {
            "The loss: mean squared error or binary cross-entropy, as a mean or a sum over the pixels. Binary cross-entropy needs the output `sigmoid`."
        }
        Field::Batch => "Images in a step.",
        Field::Epochs => "Times that the training set is gone through.",
        Field::LearningRate => {
            "Adam's learning rate. Behind a comma, `rate@steps` is a rate that holds once so many steps are done."
        }
        Field::Seed => "The seed, from which initial weights and the order of the images follow.",
        Field::Shuffle => "Whether every epoch has an order of its own, or that of the file.",
        Field::TrainingImages => "Images of the training set that are used, from its start.",
        Field::Numerics => {
            "The order in which engines add up sums. It keeps old links and files at their losses."
        }
    }
}

fn page() -> impl Iterator<Item = (&'static str, String, &'static str, &'static str)> {
    let plotted = one_of(Plotted::ALL.map(Plotted::name));
    let engines = one_of(EngineChoice::ALL.map(EngineChoice::name));
    let text = str::to_owned;
    [
        ("v", text("1"), "1", "The version of the grammar."),
        (
            "recipe",
            text("a way, a percentage and a seed: `contain,10,1`; `,inverted` behind it"),
            "",
            "How pictures became a person's own images, for whoever is to import the same ones.",
        ),
        ("engine", engines, "`auto`", "What trains."),
        (
            "step",
            text("a step of the run: `940`"),
            "",
            "The step up to which whoever opens the link can replay the run.",
        ),
        (
            "z",
            text("as many numbers as the code has units: `0.42,-1.1`"),
            "",
            "The code whose image is decoded.",
        ),
        (
            "axes",
            text("two numbers of the code: `1,2`"),
            "`1,2`",
            "What the plane shows to the right and up.",
        ),
        (
            "path",
            text("up to eight codes, one after another: `0.42,-1.1,3,0.5`"),
            "",
            "The anchors of the path under *Morph*.",
        ),
        ("loop", text("`0`, `1`"), "`0`", "Whether the path leads back to its first anchor."),
        ("digits", plotted, "`sample`", "The images that lie on the plane."),
        ("map", text("`0`, `1`"), "`1`", "Whether decoded images lie behind them."),
        ("prior", text("`0`, `1`"), "`0`", "Whether circles show the prior of a variational model."),
        (
            "hide",
            one_of(Part::ALL.map(Part::name)),
            "",
            "Parts of the page that are left out, separated by commas.",
        ),
        (
            "model",
            text("a path from the page or an https address, ending in `.safetensors`"),
            "",
            "A model to start from, if the user agrees.",
        ),
        (
            "lesson",
            text("the name of a lesson: `tutorial`"),
            "",
            "A lesson to open. Its scene takes the place of what the link says of the run.",
        ),
    ]
    .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Link;

    #[test]
    fn links_understand_every_key_of_the_page() {
        for (key, ..) in page() {
            let problems = Link::parse(&format!("{key}=")).1;
            assert!(
                !problems.iter().any(|problem| problem.to_string().contains("is not a setting")),
                "{key}"
            );
        }
    }
}
