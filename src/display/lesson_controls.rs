//! Which controls of the page a lesson's task speaks of, as CSS selectors.

use latent_core::lesson::{Condition, Extra, Measure};

/// The controls with which a person makes the condition true. On a phone they may be in a tab that is not shown: it is one of
/// them then. Empty where nothing is to be pressed.
pub fn controls(condition: &Condition) -> String {
    let (tab, control) = match condition {
        Condition::Drag { .. } => ("explore", "#latent-plane".to_owned()),
        Condition::Only(class) => ("explore", format!(".legend li:nth-child({}) button", class + 1)),
        Condition::Shows(extra) => match extra {
            Extra::Errors => ("explore", plane_button("Colour each dot")),
            Extra::Contours => ("explore", plane_button("Lines around")),
            Extra::Prior => ("explore", plane_button("Show one, two")),
            Extra::Manifold => ("explore", plane_button("Show decoded")),
            Extra::Weights => ("settings", FIRST_LAYER.into()),
        },
        Condition::Number(measure, ..) => match measure {
            Measure::Steps => return TRAIN.into(),
            Measure::Loss => return String::new(),
            Measure::Code => ("settings", "#code".into()),
            Measure::Rate => ("settings", "#lr".into()),
            Measure::Batch => ("settings", "#batch".into()),
            Measure::Layers | Measure::Convolutions | Measure::Parameters => {
                ("settings", ".diagram-foot button".into())
            }
            Measure::Kernel => ("settings", FIRST_LAYER.into()),
            Measure::Beta => ("settings", format!("#beta, {DETAILS}")),
            Measure::Noise => ("settings", format!("#corruption-strength, {DETAILS}")),
        },
        Condition::Diverged => ("settings", "#lr".into()),
        Condition::Model(_) => ("settings", "#model-preset".into()),
        Condition::Data(_) => return "#data".into(),
        Condition::Tab(tab) => return format!("#tab-{tab}"),
        Condition::Drawn => return "#tab-draw:not([aria-selected=true]), .pad".into(),
        Condition::Looked => return String::new(),
    };
    format!("#tab-{tab}:not([aria-selected=true]), {control}")
}

/// The button above the plane whose title begins so.
fn plane_button(title: &str) -> String {
    format!(".plane .tools [title^=\"{title}\"]")
}

/// The button that starts training. It has another name while the page trains.
const TRAIN: &str = ".run-controls [aria-label=Train]";
/// The first layer behind the image, in the diagram.
const FIRST_LAYER: &str = ".diagram-rows li:nth-child(2) > .diagram-row";
/// The head of the closed group that has rare settings of a model.
const DETAILS: &str = ".model-fields:not([open]) > summary";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(condition: &str) -> String {
        controls(&Condition::parse(condition).expect("a condition"))
    }

    #[test]
    fn a_task_names_its_control_and_the_tab_that_has_it_on_a_phone() {
        assert_eq!(of("tab runs"), "#tab-runs");
        assert_eq!(of("code = 8"), "#tab-settings:not([aria-selected=true]), #code");
        assert_eq!(of("only 3"), "#tab-explore:not([aria-selected=true]), .legend li:nth-child(4) button");
        assert_eq!(of("steps >= 300"), ".run-controls [aria-label=Train]");
        assert_eq!(of("loss <= 0.05"), "", "it only takes time");
    }
}
