use super::*;
use crate::{
    data::{Fit, ImageShape},
    plane::{MOST_ANCHORS, Path, Plotted},
    settings::MOST_CHANGES,
};
use proptest::prelude::*;

#[test]
fn a_value_without_a_key_is_reported() {
    for link in ["#====&&&&", "=5", "&=5&"] {
        let (link, problems) = Link::parse(link);
        assert_eq!((link, problems.len()), (Link::default(), 1));
    }
    assert_eq!(Link::parse("#&&&=&"), (Link::default(), vec![]));
}

#[test]
fn a_link_leads_to_a_step_of_its_run() {
    let (link, problems) = Link::parse("epochs=4&step=940");
    assert_eq!((link.step, problems), (Some(940), vec![]));
    assert_eq!(link.to_fragment(), "v=1&epochs=4&step=940");
    let sentence = |link: &str| Link::parse(link).1[0].to_string();
    assert_eq!(sentence("epochs=4&step=941"), "step: “941” is not a whole number from 1 to 940");
    assert_eq!(sentence("step=-1"), "step: “-1” is not a whole number from 1 to 250000000");
    for wrong in ["step=0", "step=-1", "step=many", "step=", "step=1e2", "epochs=4&step=941"] {
        let (link, problems) = Link::parse(wrong);
        assert_eq!((link.step, problems.len()), (None, 1), "{wrong}");
    }
}

#[test]
fn a_link_sets_what_it_names_and_nothing_else() {
    let (link, problems) = Link::parse("#engine=cpu&epochs=2&batch=64&lr=0.001&seed=7&shuffle=0");
    assert_eq!(problems, []);
    let settings = Settings {
        epochs: 2,
        batch: 64,
        learning_rates: 0.001.into(),
        seed: 7,
        shuffle: false,
        ..Settings::default()
    };
    assert_eq!(link, Link { settings, engine: EngineChoice::Cpu, ..Link::default() });
    assert_eq!(Link::parse(""), (Link::default(), vec![]));
}

#[test]
fn a_link_of_a_persons_own_images_has_their_hash_and_their_recipe() {
    let text = format!("data=own-{}-32x32x3-450-50&seed=4&recipe=cover,20,7,inverted", "ab".repeat(32));
    let (link, problems) = Link::parse(&text);
    assert_eq!(problems, []);
    let shape = ImageShape { height: 32, width: 32, channels: 3 };
    let recipe = Recipe { shape, fit: Fit::Cover, is_inverted: true, validation_percent: 20, seed: 7 };
    assert_eq!((link.recipe, link.settings.model.input), (Some(recipe), shape));
    assert_eq!(link.settings.training_images, 450);
    assert_eq!(Link::parse(&link.to_fragment()), (link.clone(), vec![]));
    // Others need none.
    assert!(!Link { recipe: link.recipe, ..Link::default() }.to_fragment().contains("recipe"));
    assert_eq!(Link::parse("recipe=fill,1,2").1.len(), 1);
}

#[test]
fn what_is_not_understood_is_told_and_the_rest_taken() {
    let (link, problems) = Link::parse("#seed=7&lr=fast&engine=tpu&colour=red&batch");
    assert_eq!(link.settings, Settings { seed: 7, ..Settings::default() });
    assert_eq!(problems.len(), 4);
    assert_eq!(problems[1].to_string(), "engine: “tpu” is not auto, cpu, webgpu or burn");
    let long = format!("#seed=7&x={}", "9".repeat(MAX_BYTES));
    assert_eq!(Link::parse(&long), (Link::default(), vec![LinkError::TooLong]));
}

#[test]
fn only_what_differs_is_written() {
    assert_eq!(Link::default().to_fragment(), "");
    let fragment = "v=1&hidden=512&lr=0.001&seed=7&z=0.42,-1.1";
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, []);
    assert_eq!(link.view.code, Some(vec![0.42, -1.1]));
    assert_eq!(link.to_fragment(), fragment);
}

#[test]
fn a_point_that_does_not_fit_the_code_is_told() {
    for link in ["z=1,2,3", "code=1&z=1,2", "axes=1,3", "code=3&axes=2,2"] {
        let (link, problems) = Link::parse(link);
        assert_eq!((link.view.code, link.view.axes), (None, None));
        assert_eq!(problems.len(), 1);
    }
    assert_eq!(Link::parse("z=inf,0").1.len(), 1);
    assert_eq!(Link::parse("axes=0,1").1.len(), 1);
}

#[test]
fn a_model_has_a_path_or_an_https_address() {
    for address in
        ["a.safetensors", "../m/a%20b.safetensors", "/a.safetensors", "https://a.example/b.safetensors"]
    {
        assert_eq!(Link::parse(&format!("model={address}")).0.model.as_deref(), Some(address));
    }
    for (escaped, address) in [
        ("https%3A%2F%2Fa.example%2Fb.safetensors", "https://a.example/b.safetensors"),
        ("a%2520b.safetensors", "a%2520b.safetensors"),
        ("a.safetensors).", "a.safetensors"),
    ] {
        assert_eq!(Link::parse(&format!("model={escaped}")).0.model.as_deref(), Some(address));
    }
    let refused = [
        "",
        "a.onnx",
        "//a.example/b.safetensors",
        "http://a.example/b.safetensors",
        "data:,a.safetensors",
        "javascript:alert(1)//.safetensors",
        "a b.safetensors",
        "<b>.safetensors",
        "blob:https://a/b.safetensors",
        "javascript%3Aalert(1)//.safetensors",
        "%2F%2Fa.example/b.safetensors",
    ];
    for address in refused {
        let (link, problems) = Link::parse(&format!("model={address}"));
        assert_eq!((link.model, problems.len()), (None, 1), "{address}");
    }
}

#[test]
fn a_link_opens_a_lesson_by_its_name() {
    let (link, problems) = Link::parse("hide=article&lesson=code-size");
    assert_eq!((link.lesson.as_deref(), problems), (Some("code-size"), vec![]));
    assert_eq!(link.to_fragment(), "v=1&hide=article&lesson=code-size");
    for wrong in ["lesson=", "lesson=A lesson", "lesson=../x", "lesson=<b>"] {
        let (link, problems) = Link::parse(wrong);
        assert_eq!((link.lesson, problems.len()), (None, 1), "{wrong}");
    }
}

/// Whether a mangled link means what it meant.
fn assert_whole(fragment: &str) {
    let (link, problems) = Link::parse(fragment);
    assert_eq!(problems, [], "{fragment}");
    assert_eq!(link.to_fragment(), "v=1&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1", "{fragment}");
}

#[test]
fn a_link_survives_the_programs_that_it_passes_through() {
    for fragment in [
        "#v=1&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1",
        "#v=1&hidden=64%2C16&lr=0.001&seed=7&z=0.42%2C-1.1",
        "#v=1&hidden=64%2c16&lr=0.001&seed=7&z=0.42%2c-1.1",
        "#v%3D1%26hidden%3D64%2C16%26lr%3D0.001%26seed%3D7%26z%3D0.42%2C-1.1",
        "#v=1&hidden=64%252C16&lr=0.001&seed=7&z=0.42%252C-1.1",
        "#v=1&amp;hidden=64,16&amp;lr=0.001&amp;seed=7&amp;z=0.42,-1.1",
        "#v=1&hidden=64,%2016&lr=0.001&seed=7&z=0.42,%20-1.1",
        "#v=1&hidden=64,+16&lr=0.001&seed=7&z=0.42,+-1.1",
        "#v=1&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1)",
        "#v=1&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1%22%3E.",
        "#v=1&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1&)",
    ] {
        assert_whole(fragment);
    }
}

#[test]
fn what_trackers_add_is_neither_reported_nor_shared() {
    assert_whole("v=1&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1&utm_source=chat&fbclid=Iw%3D%3D");
    assert_whole("v=1&gclid=x&hidden=64,16&lr=0.001&seed=7&z=0.42,-1.1?utm_medium=mail");
}

#[test]
fn a_model_is_described_layer_by_layer() {
    let fragment =
        "v=1&hidden=512,128&slope=0.1&activation=tanh&code-activation=linear&output=sigmoid&loss=bce";
    let (link, problems) = Link::parse(&fragment.replace("hidden=512,128", "encoder=dense512,dense128"));
    assert_eq!((link.to_fragment().as_str(), problems), (fragment, vec![]));
}

#[test]
fn every_kind_of_model_reads_back_in_any_order() {
    let fragment = "v=1&encoder=conv32k3s2,dropout0.2,dense16&code=3&variational=1&beta=0.5&output=sigmoid\
                    &loss=bce-sum&corruption=masking0.3";
    for order in [
        fragment.to_owned(),
        "beta=0.5&variational=1&latent=3&loss=bce-sum&output=sigmoid&corruption=masking0.3\
         &encoder=conv32k3s2,dropout0.2,dense16"
            .into(),
    ] {
        let (link, problems) = Link::parse(&order);
        assert_eq!((link.to_fragment().as_str(), problems), (fragment, vec![]));
    }
    // A weight of a divergence that the model does not have is reported.
    assert_eq!(Link::parse("beta=4").1.len(), 1);
}

#[test]
fn a_loss_that_the_output_cannot_have_is_left_out() {
    let (link, problems) = Link::parse("loss=bce&activation=relu");
    assert_eq!(link.to_fragment(), "v=1&activation=relu");
    assert_eq!(
        problems[0].to_string(),
        "loss: bce needs the output activation sigmoid, and the model's is leaky_relu"
    );
    assert_eq!(Link::parse("loss=bce&output=sigmoid").1, []);
}

#[test]
fn a_learning_rate_that_changes_on_the_way_is_part_of_the_link() {
    for fragment in ["lr=0.0005,0.005@20", "lr=0.0005%2C0.005%4020", "lr=0.0005,+5e-3@20)."] {
        let (link, problems) = Link::parse(fragment);
        assert_eq!(problems, [], "{fragment}");
        assert_eq!(link.to_fragment(), "v=1&lr=0.0005,0.005@20");
    }
    let (link, problems) = Link::parse("seed=3&lr=0.5,0.25@20,0.125@10");
    assert_eq!(link.to_fragment(), "v=1&seed=3");
    assert_eq!(problems[0].to_string(), "lr: a change after 10 steps can't follow one after 20 steps");
}

#[test]
fn the_longest_record_of_learning_rates_fits_into_a_link_beside_everything_else() {
    let changes =
        (0..MOST_CHANGES).map(|at| format!(",{}@{}", 0.000_012_345_679 * (at + 2) as f32, 50_000_000 + at));
    let rates: String = changes.collect();
    let mut link = Link::parse(&format!("code=32&lr=0.000012345679{rates}")).0;
    assert_eq!(link.settings.learning_rates.changes().len(), MOST_CHANGES);
    link.view.code = Some(vec![-49.1234; 32]);
    assert!(link.to_fragment().len() < MAX_BYTES * 3 / 4);
    assert_eq!(Link::parse(&link.to_fragment()), (link, vec![]));
}

#[test]
fn a_path_has_whole_codes_and_is_left_out_where_a_link_would_be_too_long() {
    let (link, problems) = Link::parse("path=0.5,-1,2,3&loop=1");
    assert_eq!(problems, []);
    assert_eq!(link.view.path, Path { anchors: vec![vec![0.5, -1.0], vec![2.0, 3.0]], is_closed: true });
    assert_eq!(link.to_fragment(), "v=1&path=0.5,-1,2,3&loop=1");
    // A first anchor alone is kept, too, and a code of other length comes in any order.
    assert_eq!(Link::parse("path=1,2,3&code=3").0.to_fragment(), "v=1&code=3&path=1,2,3");
    for wrong in
        ["path=1,2,3", "path=1", "path=inf,0", "path=", "loop=2", &format!("path={}1", "1,".repeat(17))]
    {
        let (link, problems) = Link::parse(wrong);
        assert_eq!((link.view.path, problems.len()), (Path::default(), 1), "{wrong}");
    }
    let mut link = Link::parse("code=32").0;
    link.view.path.anchors = vec![vec![-99_999.123; 32]; MOST_ANCHORS];
    assert!(link.to_fragment().len() < MAX_BYTES && link.to_fragment().contains("path="));
    link.model = Some(format!("{}.safetensors", "m".repeat(MAX_BYTES / 4 - 20)));
    link.view.code = Some(vec![-99_999.123; 32]);
    link.hidden = Part::ALL.to_vec();
    let changes: String = (1..=MOST_CHANGES).map(|at| format!(",0.00001234567@{at}")).collect();
    link.settings.set(Field::LearningRate, &format!("0.0005{changes}")).unwrap();
    let fragment = link.to_fragment();
    assert!(fragment.len() <= MAX_BYTES && !fragment.contains("path="), "{fragment}");
}

#[test]
fn an_exponent_keeps_its_plus() {
    assert_eq!(Link::parse("lr=1e+0").0.settings.learning_rates, 1.0.into());
}

proptest! {
    #[test]
    fn any_link_gives_settings_within_their_limits(fragment in ".*") {
        prop_assert_eq!(Link::parse(&fragment).0.settings.check(), Ok(()));
    }

    #[test]
    fn what_was_understood_is_written_so_that_it_is_understood_in_full(
        fragment in "([a-z=&?#%0-9A-F,.:;)/+-]|hidden=|encoder=dense|conv8k3s2,|dropout0.5|variational=1|beta=|corruption=masking0.5\
                     |loss=bce|output=sigmoid|model=|\\.safetensors|lesson=|z=|lr=0.5,|@9|&axes=|%3D|%26|%252C|&amp;|utm_a=){0,40}",
    ) {
        let written = Link::parse(&fragment).0.to_fragment();
        let (again, problems) = Link::parse(&written);
        prop_assert_eq!(problems, []);
        prop_assert_eq!(again.to_fragment(), written);
    }

    #[test]
    fn any_values_of_known_keys_are_taken_or_told(key in 0usize..Field::ALL.len(), value in "[0-9eE.,+-]*|[a-z]*") {
        let (link, _) = Link::parse(&format!("{}={value}", Field::ALL[key].key()));
        prop_assert_eq!(link.settings.check(), Ok(()));
    }

    #[test]
    fn a_link_reads_back_what_it_says(
        seed: u64, batch in 1usize..4096, units in 2usize..=32, at in -50.0f32..50.0, right in 0usize..2,
        map: bool, prior: bool, plotted in 0usize..3, anchors in 0usize..=MOST_ANCHORS, hidden in proptest::sample::subsequence(Part::ALL.to_vec(), 0..7),
    ) {
        let mut settings = Settings { seed, batch, ..Settings::default() };
        settings.model.latent = settings.model.latent.with_units(units);
        let code: Vec<f32> = (0..units).map(|unit| ((at + unit as f32) * 1e4).round() / 1e4).collect();
        let axes = Some(Axes { right, up: Some(1 - right) }).filter(|axes| axes.right == 1);
        let plotted = Plotted::ALL[plotted];
        let path = Path { is_closed: map && anchors > 0, anchors: vec![code.clone(); anchors] };
        let view = View { code: Some(code), axes, plotted, shows_map: map, shows_prior: prior, path };
        let model = map.then(|| "models/seven.safetensors".into());
        let link = Link { settings, recipe: None, engine: EngineChoice::Cpu, view, hidden, model, step: None, lesson: None };
        let (read, problems) = Link::parse(&link.to_fragment());
        prop_assert_eq!(problems, []);
        prop_assert_eq!(&read.settings, &link.settings);
        prop_assert_eq!(read.to_fragment(), link.to_fragment());
        prop_assert_eq!((read.view.shows_map, read.view.shows_prior), (map, prior));
        prop_assert_eq!(&read.view.path.anchors.len(), &link.view.path.anchors.len());
        prop_assert_eq!(read.view.path.is_closed, link.view.path.is_closed);
        prop_assert_eq!((read.view.axes, read.hidden), (link.view.axes, link.hidden));
        prop_assert_eq!(read.model, link.model);
    }
}
