//! What it takes to show the page within another one.

use latent_core::link::Part;

/// Width and height of a frame in pixels: the least and the most.
pub const SIDES: std::ops::RangeInclusive<u32> = 200..=4000;

/// The parts that a frame shows unless others are chosen: what trains, and what is learnt.
pub const SHOWN: [Part; 2] = [Part::Controls, Part::Chart];

/// What is said of a link to a run that began with a file.
pub const LACKS_NETWORK: &str = "This link opens untrained: the run began with a model file, and a link has settings only. Send the file, \
    too: Save model, under Files, saves it.";

/// A part's name beside its checkbox.
pub fn label(part: Part) -> &'static str {
    match part {
        Part::Header => "Title and buttons",
        Part::Controls => "Training",
        Part::Chart => "Loss",
        Part::Settings => "Settings",
        Part::Predictions => "Predictions",
        Part::Model => "Model",
        Part::Article => "Explanation",
    }
}

/// HTML that shows an address within another page, in a frame of so many pixels. The frame has no `sandbox`, which would take its
/// workers and its storage.
pub fn frame(address: &str, width: u32, height: u32) -> String {
    let address = address.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let [width, height] = [width, height].map(|side| side.clamp(*SIDES.start(), *SIDES.end()));
    format!(
        r#"<iframe src="{address}" width="{width}" height="{height}" title="Latent Playground" loading="lazy" allow="clipboard-write; fullscreen" style="max-width: 100%; border: 0"></iframe>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_leave_its_attribute() {
        let frame = frame(r#"https://example.org/?a="x"&b=<c#v=1&code=8"#, 900, 700);
        let address = "https://example.org/?a=&quot;x&quot;&amp;b=&lt;c#v=1&amp;code=8";
        assert!(
            frame.starts_with(&format!(r#"<iframe src="{address}" width="900" height="700" "#)),
            "{frame}"
        );
        assert!(!frame.contains("sandbox"));
    }

    #[test]
    fn a_frame_has_a_size_that_can_be_seen() {
        assert!(frame("a", 0, 90_000).contains(r#"width="200" height="4000""#));
    }

    #[test]
    fn every_part_has_a_label_of_its_own() {
        let labels = Part::ALL.map(label);
        assert!(labels.iter().enumerate().all(|(at, label)| !labels[..at].contains(label)));
    }
}
