//! What the images of a layer's weights show, in words.

use super::numbers::grouped;
use latent_core::trace::Weighed;

/// What the picture shows, for whoever does not see it.
pub fn label(weighed: Weighed, shown: usize) -> String {
    let of = |all: usize, one: &str, many: &str| {
        let all_of_them = format!("{} {}", grouped(all as u64), if all == 1 { one } else { many });
        let which = if shown < all { format!("{shown} of {all_of_them}") } else { all_of_them };
        format!("The weights of {which}, each an image")
    };
    match weighed {
        Weighed::UnitsThatRead(units) | Weighed::UnitsThatDraw(units) => of(units, "unit", "units"),
        Weighed::FiltersThatRead(filters) => of(filters, "filter", "filters"),
        Weighed::Pairs(pairs) => of(pairs, "pair of channels", "pairs of channels"),
        Weighed::Matrix([rows, columns]) => format!("The weights, {rows} × {columns}, as one image"),
    }
}

/// What the picture shows, below it. `is_missing` says that the pretrained network's encoder is not there.
pub fn hint(weighed: Weighed, is_missing: bool) -> &'static str {
    if is_missing {
        return "The pretrained encoder is not loaded. Train a network of your own to see this layer.";
    }
    match weighed {
        Weighed::UnitsThatRead(_) | Weighed::FiltersThatRead(_) => {
            "What each looks for in an image: white is the largest positive weight, black the largest negative one, mid-grey zero. \
             Shapes appear as it learns."
        }
        Weighed::UnitsThatDraw(_) => {
            "What each unit before this layer draws into the image: white makes it lighter, black darker."
        }
        Weighed::Pairs(_) => {
            "The first kernels, one for each pair of channels: white is positive, black negative."
        }
        Weighed::Matrix(_) => "Every weight, or the first of many: white is positive, black negative.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{
        model::presets,
        trace::{weighed, weight_tiles},
        weights::Weights,
    };

    #[test]
    fn every_layer_with_weights_has_words_and_pictures() {
        for preset in presets::ALL {
            let model = preset.model();
            let weights = Weights::initial(&model, 1);
            for index in 0..model.layers().len() {
                let (weighed, tiles) = (weighed(&model, index), weight_tiles(&model, &weights, index));
                assert_eq!(weighed.is_some(), tiles.is_some(), "{} {index}", preset.name);
                let (Some(weighed), Some(tiles)) = (weighed, tiles) else { continue };
                let all = match weighed {
                    Weighed::UnitsThatRead(all)
                    | Weighed::FiltersThatRead(all)
                    | Weighed::UnitsThatDraw(all)
                    | Weighed::Pairs(all) => all,
                    Weighed::Matrix(_) => 1,
                };
                assert_eq!(tiles.count(), all.min(40), "{} {index}", preset.name);
            }
        }
    }

    #[test]
    fn the_picture_is_told_in_words() {
        assert_eq!(label(Weighed::UnitsThatRead(300), 40), "The weights of 40 of 300 units, each an image");
        assert_eq!(label(Weighed::FiltersThatRead(1), 1), "The weights of 1 filter, each an image");
        assert_eq!(label(Weighed::Matrix([2, 300]), 1), "The weights, 2 × 300, as one image");
    }
}
