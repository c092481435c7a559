//! A person's own images that links, files and saved runs are about, and that this browser may not have.

use latent_core::{
    data::{DatasetId, OwnSet, Split},
    link::Link,
    settings::Field,
};

/// A set that is not there, in a sentence: with what helps a person to recognise it.
pub(crate) fn missing(data: DatasetId) -> String {
    format!(
        "{} own images of {} pixels",
        data.images(Split::Training) + data.images(Split::Test),
        data.shape()
    )
}

/// Has a link whose images are not in this browser show the default data set instead. Gives the set that it is about.
pub fn replace_missing_images(link: &mut Link, own_sets: &[OwnSet]) -> Option<OwnSet> {
    let set = link.settings.data.own().filter(|set| !own_sets.contains(set))?;
    // The default data set has a name that every setting takes.
    let _ = link.settings.set(Field::Data, DatasetId::default().name());
    Some(set)
}

/// Says so.
pub fn missing_images(set: OwnSet) -> String {
    format!(
        "This link is about somebody's {}, which are not in this browser. If you have them, choose them under Data. Until then \
         the page shows {}.",
        missing(DatasetId::Own(set)),
        DatasetId::default().title()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_goes_by_its_images_where_they_are_and_by_the_default_where_they_are_not() {
        let fragment = format!("data=own-{}-32x32x3-450-50&seed=4&hidden=64", "ab".repeat(32));
        let (mut link, problems) = Link::parse(&fragment);
        assert_eq!(problems, []);
        let set = link.settings.data.own().unwrap();
        assert_eq!(replace_missing_images(&mut link, &[set]), None);
        assert_eq!(link.settings.data, DatasetId::Own(set));
        assert_eq!(replace_missing_images(&mut link, &[]), Some(set));
        assert_eq!(link, Link::parse("seed=4&hidden=64").0);
        assert_eq!(replace_missing_images(&mut link, &[]), None);
        assert!(
            missing_images(set)
                .starts_with("This link is about somebody's 500 own images of 32 × 32 × 3 pixels,")
        );
    }
}
