//! The controls of the path under *Morph*, as HTML text.

use super::{
    dataset::{class_name, sample_of},
    markup::escaped,
    numbers::{coordinate, unit_name},
};
use latent_core::{
    data::Words,
    plane::{Axes, Path, anchor_letter},
};

/// The buttons that add anchors, and the list of anchors.
///
/// `near` has the class of the image nearest to each anchor, as far as it is known.
pub fn anchors(classes: &[String], words: Words, axes: Axes, path: &Path, near: &[Option<u8>]) -> String {
    let full = if path.has_space() { "" } else { " disabled" };
    let add = |key: &str, label: &str, name: &str| {
        let (label, name) = (escaped(label), escaped(name));
        format!(
            "<button type=\"button\" class=\"small\" data-key=\"{key}\" aria-label=\"{label}\" title=\"{label}\"{full}>{name}</button>"
        )
    };
    // Others than numbers are named without an article.
    let of_class = |class: u8| {
        let name = class_name(classes, class);
        add(&format!("class {class}"), &format!("Add {}", sample_of(classes, words, class)), &name)
    };
    let buttons: String = (0..classes.len().min(256)).map(|class| of_class(class as u8)).collect();
    let item = |(at, anchor): (usize, &Vec<f32>)| {
        let near = near.get(at).copied().flatten().filter(|_| !classes.is_empty());
        let near = near.map_or_else(String::new, |class| {
            format!(" near {}", escaped(&sample_of(classes, words, class)))
        });
        item(at, &near, anchor, axes)
    };
    let items: String = (0..).zip(&path.anchors).map(item).collect();
    let list = match items.is_empty() {
        true => items,
        false => format!(
            "<ol class=\"anchors\" aria-label=\"Anchors\">{items}<li><button type=\"button\" class=\"small\" data-key=\"clear\">Clear\
             </button></li></ol>"
        ),
    };
    format!(
        "<div class=\"add-anchors\" role=\"group\" aria-label=\"Add an anchor\"><span class=\"hint\">Add:</span>{buttons}{}</div>{list}",
        add("point", "Add the place of the circle", "the circle")
    )
}

/// An anchor of the list: its letter, what it is near, its place, and what can be done with it.
fn item(at: usize, near: &str, anchor: &[f32], axes: Axes) -> String {
    let letter = anchor_letter(at);
    let unit = |unit: usize| {
        anchor
            .get(unit)
            .map_or_else(String::new, |&value| format!("{} {}", unit_name(unit), coordinate(value)))
    };
    let places: Vec<String> = [Some(axes.right), axes.up].into_iter().flatten().map(unit).collect();
    let place = places.join(", ");
    format!(
        "<li><b>{letter}</b>{near} <span class=\"numbers\">{place}</span> <button type=\"button\" class=\"small\" data-key=\"move {at}\" \
         aria-label=\"{letter}: Move to the circle\" title=\"Move {letter} to where the circle is on the plane\">Move to the circle</button>\
         <button type=\"button\" class=\"small square\" data-key=\"remove {at}\" aria-label=\"Remove {letter}\" title=\"Remove {letter}\">×\
         </button></li>"
    )
}

/// The buttons of a path that leads somewhere, and how far its file is: images that are written, and all.
pub fn actions(is_playing: bool, is_closed: bool, is_ready: bool, saving: Option<(usize, usize)>) -> String {
    let play = if is_playing { "Pause the morph" } else { "Play the morph" };
    // A button that was pressed keeps the focus, which a disabled one loses.
    let state = if saving.is_some() || !is_ready { " aria-disabled=\"true\"" } else { "" };
    let progress = saving.map_or_else(String::new, |(done, all)| {
        format!(
            "<progress max=\"{all}\" value=\"{done}\" aria-label=\"Images written\"></progress><span class=\"hint numbers\">{done} of {all}\
             </span><button type=\"button\" class=\"small\" data-key=\"cancel\">Cancel</button>"
        )
    });
    format!(
        "<div class=\"tools\" role=\"group\" aria-label=\"Morph\"><button type=\"button\" class=\"small\" data-key=\"play\">{play}</button>\
         <button type=\"button\" class=\"small\" data-key=\"loop\" aria-pressed=\"{is_closed}\" title=\"From the last anchor back to the first\">\
         Back to A</button><button type=\"button\" class=\"small\" data-key=\"png\"{state}>Save as PNG</button><button type=\"button\" \
         class=\"small\" data-key=\"gif\"{state}>Save as GIF</button>{progress}</div>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{data::DatasetId, plane::MOST_ANCHORS};

    fn controls(classes: &[String], path: &Path) -> String {
        anchors(classes, DatasetId::Mnist.words(), Axes::of(2), path, &[Some(8), None])
    }

    #[test]
    fn each_class_and_the_point_can_be_added_until_there_is_no_space() {
        let digits = DatasetId::Mnist.spec().classes;
        let text = controls(&digits, &Path::default());
        assert!(text.contains("data-key=\"class 7\" aria-label=\"Add a 7\""), "{text}");
        assert!(
            text.contains("aria-label=\"Add the place of the circle\"")
                && !text.contains("disabled")
                && !text.contains("<ol")
        );
        let full = Path { anchors: vec![vec![0.5, -1.0]; MOST_ANCHORS], is_closed: false };
        let text = controls(&digits, &full);
        assert_eq!(text.matches(" disabled>").count(), 11);
        assert!(text.contains("<b>H</b> <span class=\"numbers\">z₁ 0.500, z₂ −1.000</span>"), "{text}");
        assert!(text.contains("<b>A</b> near an 8 <span") && text.contains("<b>B</b> <span"), "{text}");
        assert!(text.contains("data-key=\"remove 7\" aria-label=\"Remove H\""));
        let named = controls(&["<b>".to_owned(), "b\" onclick=\"".into()], &Path::default());
        assert!(!named.contains("<b>") && !named.contains("\" onclick=\""), "{named}");
    }

    #[test]
    fn a_file_in_the_making_shows_how_far_it_is_and_can_be_cancelled() {
        let text = actions(true, false, true, Some((3, 37)));
        assert!(
            text.contains("value=\"3\"") && text.contains(">Cancel<") && text.contains(">Pause the morph<")
        );
        assert_eq!(text.matches("aria-disabled").count(), 2);
        let text = actions(false, true, true, None);
        assert!(text.contains("aria-pressed=\"true\"") && text.contains(">Play the morph<"));
        assert!(!text.contains("aria-disabled") && !text.contains("Cancel"));
        assert_eq!(actions(false, true, false, None).matches("aria-disabled").count(), 2);
    }
}
