//! The pairs of keys and values in a fragment, as mail programs, chats and trackers may have changed it.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// What others append to addresses to follow people.
const TRACKERS: [&str; 18] = [
    "_ga",
    "_gl",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "igsh",
    "igshid",
    "li_fat_id",
    "mkt_tok",
    "msclkid",
    "ref",
    "ref_src",
    "si",
    "srsltid",
    "ttclid",
    "wbraid",
    "yclid",
];
/// The beginnings of the names of others.
const TRACKER_FAMILIES: [&str; 6] = ["_hs", "hsa_", "mc_", "mtm_", "pk_", "utm_"];
/// What programs that find links in a text take for a part of them. No value ends so.
const PUNCTUATION: &str = ")]}>.,;:!?'\"*_~|`’”»…。，、）】」";
/// How often a link may have been escaped on its way.
const MOST_ESCAPES: usize = 4;

/// A key and its value.
pub(super) struct Pair {
    /// The key, decoded.
    pub(super) key: String,
    /// The value, decoded until no escape is left: no value but an address has a `%` of its own.
    pub(super) value: String,
    /// The value as it stands in the link.
    pub(super) escaped: String,
}

/// The pairs of a fragment, with or without `#`, without those that trackers added.
pub(super) fn pairs(fragment: &str) -> Vec<Pair> {
    let mut text = Cow::Borrowed(fragment.trim_start_matches('#'));
    // A link that was escaped as a whole has no pair left.
    for _ in 0..MOST_ESCAPES {
        if text.contains('=') || !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned().into();
    }
    while text.contains("&amp;") {
        text = text.replace("&amp;", "&").into();
    }
    let mut pairs: Vec<_> = text.split(['&', '?']).map(pair).filter(|pair| !is_tracker(&pair.key)).collect();
    if let Some(last) = pairs.last_mut() {
        let end = if last.escaped.is_empty() { &mut last.key } else { &mut last.value };
        trim_end(end);
        trim_end(&mut last.escaped);
    }
    pairs.retain(|pair| !(pair.key.is_empty() && pair.value.is_empty()));
    pairs
}

fn pair(text: &str) -> Pair {
    let (key, escaped) = text.split_once('=').unwrap_or((text, ""));
    Pair { key: decoded(key), value: decoded(escaped), escaped: escaped.into() }
}

/// The text without its escapes. A plus is a space, but in an exponent.
fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..MOST_ESCAPES {
        let next = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if next == text {
            break;
        }
        text = next;
    }
    let mut before = ' ';
    let letter = |letter| {
        let is_space = letter == '+' && !matches!(before, 'e' | 'E');
        before = letter;
        if is_space { ' ' } else { letter }
    };
    text.chars().map(letter).collect::<String>().trim().to_owned()
}

fn trim_end(text: &mut String) {
    let end = text.trim_end_matches(|c: char| PUNCTUATION.contains(c) || c.is_whitespace()).len();
    text.truncate(end);
}

fn is_tracker(key: &str) -> bool {
    TRACKERS.contains(&key) || TRACKER_FAMILIES.iter().any(|family| key.starts_with(family))
}
