//! The sentences below the plane: what is seen there, and what the words of its buttons mean while they are on.

use super::dataset::with_article;
use latent_core::data::Words;

/// What the plane shows beside the dots.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shows {
    /// Decoded images all over it.
    pub manifold: bool,
    /// Lines around the images of each class.
    pub contours: bool,
    /// Circles of the prior.
    pub prior: bool,
}

/// The sentences. `is_pretrained` says that the network was trained beforehand.
pub fn hint(words: Words, is_pretrained: bool, shows: Shows) -> String {
    let dots = match is_pretrained {
        true => {
            "Pretrained: the codes of a network after 20 epochs. Drag to explore, or press Train to train your own.".into()
        }
        false => format!(
            "The latent plane: each dot is {} at its code. Drag to decode any point; point at a dot to see its image.",
            with_article(words.sample)
        ),
    };
    let explained = [
        (
            shows.manifold,
            " Manifold: all that the decoder can draw, here for a grid of points behind the dots.",
        ),
        (
            shows.contours,
            " Contours: lines around half and nine tenths of the dots of each class. What none encloses is empty.",
        ),
        (
            shows.prior,
            " Prior: the normal distribution that training draws codes towards, as circles of 1, 2 and 3 standard deviations.",
        ),
    ];
    explained.iter().filter(|(is_shown, _)| *is_shown).fold(dots, |text, (_, words)| text + words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::data::DatasetId;

    #[test]
    fn what_is_switched_on_is_explained_by_its_name_and_nothing_else_is() {
        let words = DatasetId::default().words();
        let said = |shows| hint(words, false, shows);
        assert!(said(Shows::default()).starts_with("The latent plane: each dot is a digit at its code."));
        for (name, shows) in [
            ("Manifold:", Shows { manifold: true, ..Shows::default() }),
            ("Contours:", Shows { contours: true, ..Shows::default() }),
            ("Prior:", Shows { prior: true, ..Shows::default() }),
        ] {
            let explained = ["Manifold:", "Contours:", "Prior:"].map(|other| said(shows).contains(other));
            assert_eq!(explained, ["Manifold:", "Contours:", "Prior:"].map(|other| other == name));
            assert!(hint(words, true, shows).starts_with("Pretrained:"));
        }
    }
}
