//! What keys do wherever the focus is, as long as nobody is typing.

/// Something that a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Trains, or pauses.
    Toggle,
    /// Trains one step.
    Step,
    /// Begins anew.
    Reset,
    /// Shares a link to the page as it is.
    Share,
    /// Shows the list of keys, or hides it.
    Keys,
}

/// Where the focus is, as far as it matters to keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// In a field that takes text or has keys of its own.
    Field,
    /// On something that the space bar presses.
    Pressable,
    /// Anywhere else.
    Elsewhere,
}

impl Focus {
    /// The focus on an element of this name (`BUTTON`, in capitals as browsers tell it).
    pub fn on(element: &str) -> Self {
        match element {
            "INPUT" | "SELECT" | "TEXTAREA" => Self::Field,
            "BUTTON" | "SUMMARY" | "A" => Self::Pressable,
            _ => Self::Elsewhere,
        }
    }
}

/// What a key does there.
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

/// Every key and what it does, for the list that people read.
pub const KEYS: [(&str, &str); 10] = [
    ("Space", "train or pause"),
    (".", "one step"),
    ("r", "reset"),
    ("s", "share a link"),
    ("← → ↑ ↓", "on the plane: move the point, with Shift farther"),
    ("0 … 9", "on the plane: to the middle of a digit"),
    ("+ −", "on the plane: zoom"),
    ("f", "on the plane: fit all digits"),
    ("← → Home End", "on the loss: read it step by step"),
    ("?", "these keys"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_nothing_while_somebody_types() {
        for key in [" ", ".", "r", "?"] {
            for field in ["INPUT", "SELECT", "TEXTAREA"] {
                assert_eq!(shortcut(key, Focus::on(field)), None);
            }
            assert!(shortcut(key, Focus::on("DIV")).is_some());
        }
    }

    #[test]
    fn the_space_bar_presses_what_has_the_focus() {
        assert_eq!(shortcut(" ", Focus::on("BUTTON")), None);
        assert_eq!(shortcut(".", Focus::on("BUTTON")), Some(Shortcut::Step));
        assert_eq!(shortcut("x", Focus::Elsewhere), None);
    }
}
