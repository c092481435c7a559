//! Which classes have colours of their own: at most ten, since people cannot tell more apart.

/// The classes by their colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassColours {
    /// The class that has each colour.
    classes: Vec<u8>,
    /// The colour that is given away next.
    next: usize,
}

impl ClassColours {
    /// How many colours there are.
    pub const MOST: usize = 10;

    /// The first of so many classes have the colours. Images without classes have the first one.
    pub fn first(classes: usize) -> Self {
        let coloured = classes.clamp(1, Self::MOST) as u8;
        Self { classes: (0..coloured).collect(), next: 0 }
    }

    /// The colour of a class, if it has one.
    pub fn of(&self, class: u8) -> Option<usize> {
        self.classes.iter().position(|&other| other == class)
    }

    /// Gives a class that has no colour the one that another class has had for the longest time.
    pub fn give(&mut self, class: u8) {
        if self.of(class).is_none() {
            self.classes[self.next] = class;
            self.next = (self.next + 1) % self.classes.len();
        }
    }

    /// The name of the colour of a class in the style sheet, and of the class of its elements.
    pub fn name(&self, class: u8) -> String {
        Self::name_of(self.of(class))
    }

    /// The name of a colour. Of none, that of other classes.
    pub fn name_of(colour: Option<usize>) -> String {
        colour.map_or_else(|| "class-other".into(), |colour| format!("class-{colour}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_classes_have_colours_and_the_others_share_one() {
        let colours = ClassColours::first(40);
        assert_eq!([0, 9, 10, 39].map(|class| colours.of(class)), [Some(0), Some(9), None, None]);
        assert_eq!([colours.name(3), colours.name(12)], ["class-3", "class-other"]);
        assert_eq!([1, 2].map(|class| ClassColours::first(2).of(class)), [Some(1), None]);
        assert_eq!(ClassColours::first(0).of(0), Some(0));
    }

    #[test]
    fn a_class_takes_the_colour_that_was_given_away_first() {
        let mut colours = ClassColours::first(40);
        for class in [12, 13, 12, 5] {
            colours.give(class);
        }
        assert_eq!([12, 13, 5, 0, 1].map(|class| colours.of(class)), [Some(0), Some(1), Some(5), None, None]);
        for class in 20..30 {
            colours.give(class);
        }
        assert_eq!(
            [20, 27, 28, 29, 12].map(|class| colours.of(class)),
            [Some(2), Some(9), Some(0), Some(1), None]
        );
    }
}
