//! docs/models.md has a section for each model of the menu, with its link and what it costs.

use latent_core::{link::Link, model::presets};
use latent_tests::path;
use std::fs;

/// A whole number in groups of three numerals.
fn grouped(number: u64) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    format!("{},{:03}", grouped(number / 1_000), number % 1_000)
}

#[test]
fn every_model_of_the_menu_has_its_section_with_link_and_cost() {
    let page = fs::read_to_string(path("docs/models.md")).unwrap();
    let sections: Vec<_> = page.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), presets::ALL.len());
    for (section, preset) in sections.into_iter().zip(presets::ALL) {
        let (title, text) = section.split_once('\n').unwrap();
        assert_eq!(title, preset.name);
        let (model, link) = (preset.model(), Link { settings: preset.settings(), ..Link::default() });
        let fragment = link.to_fragment();
        for part in [
            format!("{} parameters", grouped(model.parameters())),
            format!("{} multiply-adds", grouped(model.multiply_adds(1))),
            format!("`#{fragment}"),
            "```python\n".into(),
        ] {
            assert!(text.contains(&part), "{title}: {part}");
        }
    }
}
