//! docs/settings.md is what the code says.

use latent_core::{reference::markdown, settings::Field};
use latent_tests::path;
use std::fs;

#[test]
fn the_page_of_settings_is_made_from_the_code() {
    let page = fs::read_to_string(path("docs/settings.md")).unwrap();
    assert!(page == markdown(), "run `headless settings > docs/settings.md`");
    for field in Field::ALL {
        assert!(page.contains(&format!("| `{}` |", field.key())), "{}", field.key());
    }
}
