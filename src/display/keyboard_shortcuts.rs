//! The page's keyboard shortcuts, which work unless a field has the focus.

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Starts training, or pauses it.
    Toggle,
    /// Trains one step.
    Step,
    /// Starts a new run.
    Reset,
    /// Copies a link to the page as it is.
    Share,
    /// Shows or hides the list of keys.
    Keys,
}

/// What has the focus, as far as shortcuts depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A field that takes text or has keys of its own.
    Field,
    /// An element that the space bar activates.
    Pressable,
    /// Anything else.
    Elsewhere,
}

impl Focus {
    /// The focus on an element with this tag name, in capitals: `BUTTON`.
    pub fn on(element: &str) -> Self {
        match element {
            "INPUT" | "SELECT" | "TEXTAREA" => Self::Field,
            "BUTTON" | "SUMMARY" | "A" => Self::Pressable,
            _ => Self::Elsewhere,
        }
    }
}

/// What a key means for shortcuts, case aside. Where a layout has other letters than ASCII's, it is the letter at the key's place
/// (`code`, such as `KeyR`) on a keyboard that has them.
pub fn meaning(key: &str, code: &str) -> String {
    match code.strip_prefix("Key") {
        Some(letter) if !key.is_ascii() => letter.to_ascii_lowercase(),
        _ => key.to_ascii_lowercase(),
    }
}

/// The shortcut of a key, if it has one while the focus is there. `key` is what [`meaning`] gives.
pub fn shortcut(key: &str, focus: Focus) -> Option<Shortcut> {
    match (key, focus) {
        (_, Focus::Field) | (" ", Focus::Pressable) => None,
        (" ", _) => Some(Shortcut::Toggle),
        (".", _) => Some(Shortcut::Step),
        ("r", _) => Some(Shortcut::Reset),
        ("s", _) => Some(Shortcut::Share),
        ("?", _) => Some(Shortcut::Keys),
        _ => None,
    }
}

/// Every key of the page and what it does, for the list that the page shows.
pub const KEYS: [(&str, &str); 10] = [
    ("Space", "train or pause"),
    (".", "train one step"),
    ("r", "reset; once something was trained: go to Reset, which Enter presses"),
    ("s", "copy a link"),
    ("← → ↑ ↓", "on the plane: move the point; with Shift: move it farther"),
    ("0 … 9", "on the plane: go to a typical image of a class"),
    ("+ −", "on the plane: zoom"),
    ("f", "on the plane: fit all codes"),
    ("← → Home End", "on the loss chart: read another step"),
    ("?", "show these keys"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_with_the_focus_gets_every_key() {
        for key in [" ", ".", "r", "?"] {
            for field in ["INPUT", "SELECT", "TEXTAREA"] {
                assert_eq!(shortcut(key, Focus::on(field)), None);
            }
            assert!(shortcut(key, Focus::on("DIV")).is_some());
        }
    }

    #[test]
    fn keys_mean_the_same_in_capitals_and_on_other_layouts() {
        assert_eq!([meaning("R", "KeyR"), meaning("к", "KeyR"), meaning("К", "KeyR")], ["r"; 3]);
        // Dvorak has p at the place of r, and French keyboards é among the numerals.
        assert_eq!([meaning("p", "KeyR"), meaning("é", "Digit2"), meaning(" ", "Space")], ["p", "é", " "]);
    }

    #[test]
    fn the_space_bar_activates_the_button_with_the_focus() {
        assert_eq!(shortcut(" ", Focus::on("BUTTON")), None);
        assert_eq!(shortcut(".", Focus::on("BUTTON")), Some(Shortcut::Step));
        assert_eq!(shortcut("x", Focus::Elsewhere), None);
    }
}
