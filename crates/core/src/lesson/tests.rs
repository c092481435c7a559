//! The tests of lessons, compiled under `#[cfg(test)]`.

use super::*;
use crate::settings::{Field, Settings};
use proptest::prelude::*;

const WHOLE: &str = "\
# A comment.
lesson depth
title Does a deeper network learn more?
about Adds a layer,
  and compares.
link hidden=64&lr=0.002
step The decoder mirrors the encoder.
task Press Add layer.
done layers >= 2 and steps >= 300
after It was
  lower.

step Now the point.
show prior errors
task Drag from 3 to 8.
done drag 3 8
after On the way it is neither.
learnt Depth helps.
";

fn whole() -> Lesson {
    parse(WHOLE).unwrap().remove(0)
}

fn seen(settings: &Settings) -> Seen<'_> {
    Seen {
        settings,
        steps: 0,
        loss: None,
        has_failed: false,
        near: None,
        only: None,
        tab: "explore",
        has_drawing: false,
        extras: &[],
    }
}

fn holds(condition: &str, seen: &Seen<'_>) -> bool {
    Condition::parse(condition).unwrap().holds(seen)
}

#[test]
fn a_file_reads_as_its_lessons() {
    let lesson = whole();
    assert_eq!((lesson.name.as_str(), lesson.steps.len()), ("depth", 2));
    assert_eq!(lesson.about, "Adds a layer, and compares.");
    assert_eq!(lesson.link.settings.model.hidden(), [64]);
    let layers = Condition::Number(Measure::Layers, Comparison::AtLeast, 2.0);
    let steps = Condition::Number(Measure::Steps, Comparison::AtLeast, 300.0);
    assert_eq!(lesson.steps[0].done, [layers, steps]);
    assert_eq!((lesson.steps[0].after.as_str(), lesson.learnt.as_str()), ("It was lower.", "Depth helps."));
    assert_eq!(
        (&*lesson.steps[0].shows, &*lesson.steps[1].shows),
        (&[][..], &[Extra::Prior, Extra::Errors][..])
    );
    assert_eq!(lesson.own_link().to_fragment(), "v=1&lesson=depth");
    assert_eq!(parse("").unwrap(), []);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (before, after, told) in [
        (
            "lesson depth",
            "lesson De",
            "line 2: a lesson's name has lower-case letters, numerals and hyphens, at most 40",
        ),
        ("hidden=64", "hidden=x", "line 6: hidden: "),
        ("layers >= 2", "layers > 2", "line 9: “layers > 2” is no condition"),
        ("done drag", "Done drag", "line 16: “Done” is no keyword"),
        ("show prior", "show stars", "line 14: the plane has no “stars” to show"),
        ("done drag 3 8", "", "line 18: the lesson “depth” needs “task”, “done” and “after” in each step"),
        (
            "title Does a deeper network learn more?",
            "",
            "line 18: the lesson “depth” needs a title, “about” and “learnt”",
        ),
        ("lesson depth", "", "line 3: a file begins with “lesson” and a name"),
        ("# A comment", " A comment", "line 1: it continues no line"),
    ] {
        let error = parse(&WHOLE.replacen(before, after, 1)).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
    }
    assert!(parse(&WHOLE.repeat(2)).unwrap_err().to_string().contains("two lessons of the name"));
    assert!(parse(&" ".repeat(LESSON_BYTES + 1)).is_err());
    let one_step = WHOLE.split("\nstep Now").next().unwrap();
    assert!(
        parse(&format!("{one_step}learnt It helps.")).unwrap_err().to_string().contains("two to five steps")
    );
}

#[test]
fn conditions_are_those_of_the_page() {
    let mut settings = Settings::default();
    settings.set(Field::Code, "8").unwrap();
    let now = Seen { steps: 200, loss: Some(0.05), only: Some(1), tab: "runs", ..seen(&settings) };
    for holding in [
        "code = 8",
        "code >= 8",
        "code <= 8",
        "steps >= 200",
        "loss <= 0.06",
        "rate = 0.0005",
        "layers = 1",
        "only 1",
        "convolutions = 0",
        "tab runs",
        "data mnist",
        "model More codes",
        "noise = 0",
        "batch = 256",
        "parameters >= 400000",
    ] {
        assert!(holds(holding, &now), "{holding}");
    }
    for other in [
        "code = 2",
        "code >= 9",
        "code <= 7",
        "steps >= 201",
        "loss >= 0.06",
        "only 2",
        "tab draw",
        "drawn",
        "diverged",
        "model Tutorial",
        "data fashion-mnist",
        "beta >= 0",
        "kernel >= 1",
        "shows errors",
        "drag 1 2",
    ] {
        assert!(!holds(other, &now), "{other}");
    }
    for none in [
        "",
        "code",
        "code 8",
        "code = x",
        "drag 3",
        "drag 3 300",
        "shows stars",
        "model None",
        "only",
        "drawn now",
    ] {
        assert_eq!(Condition::parse(none), None, "{none}");
    }
    let lost = Seen { loss: Some(f32::NAN), extras: &[Extra::Errors], has_drawing: true, ..now };
    for holding in ["diverged", "loss >= 1000", "shows errors", "drawn"] {
        assert!(holds(holding, &lost), "{holding}");
    }
    assert!(holds("diverged", &Seen { has_failed: true, ..now }));
}

#[test]
fn conditions_of_other_kinds_of_models_are_told_too() {
    let settings = |fragment| Link::parse(fragment).0.settings;
    let convolutional = settings("encoder=conv8k5s2,dropout0.2,dense16");
    let variational = settings("variational=1&beta=4&corruption=masking0.3");
    for holding in ["kernel = 5", "convolutions = 1", "layers = 2"] {
        assert!(holds(holding, &seen(&convolutional)), "{holding}");
    }
    for holding in ["beta >= 4", "noise >= 0.3"] {
        assert!(holds(holding, &seen(&variational)), "{holding}");
    }
}

#[test]
fn a_drag_is_done_when_the_point_was_at_its_start_and_is_at_its_end() {
    let settings = Settings::default();
    let near = |near| Seen { near, ..seen(&settings) };
    let mut walk = Walk::of(whole());
    walk.go_to(1);
    // It ends there and did not begin there.
    assert!(!walk.see(&near(Some(8))));
    assert_eq!(walk.unmet().len(), 1, "it began elsewhere");
    assert!(!walk.see(&near(Some(3))));
    assert!(!walk.see(&near(None)));
    assert!(!walk.see(&near(Some(5))));
    assert!(walk.see(&near(Some(8))));
    assert!(walk.is_done() && !walk.see(&near(Some(8))), "it is told once");
    walk.go_to(1);
    assert!(!walk.is_done() && !walk.see(&near(Some(8))));
}

#[test]
fn a_task_that_asks_to_look_was_done_once_the_person_has_looked() {
    let settings = Settings::default();
    let text = WHOLE.replacen("done layers >= 2 and steps >= 300", "done tab runs and looked", 1);
    let mut walk = Walk::of(parse(&text).unwrap().remove(0));
    assert!(!walk.look(), "there is nothing to look at");
    let [runs, draw] = ["runs", "draw"].map(|tab| Seen { tab, ..seen(&settings) });
    assert!(!walk.see(&runs) && walk.awaits_look() && !walk.is_done());
    assert!(!walk.see(&draw) && !walk.awaits_look() && !walk.look());
    assert!(!walk.see(&runs) && walk.look() && walk.is_done());
    assert!(!walk.look() && !walk.see(&draw) && walk.is_done(), "it stays, and is told once");
    walk.go_to(1);
    assert!(!walk.is_done() && !walk.awaits_look());
}

#[test]
fn a_walk_goes_from_step_to_step_and_stays_within_the_lesson() {
    let mut settings = Settings::default();
    settings.set(Field::Hidden, "64,16").unwrap();
    let now = Seen { steps: 300, ..seen(&settings) };
    let mut walk = Walk::of(whole());
    assert!(!walk.see(&Seen { steps: 299, ..now }), "all conditions hold at once");
    let steps = Condition::Number(Measure::Steps, Comparison::AtLeast, 300.0);
    assert_eq!(walk.unmet(), [steps], "the layers are there already");
    assert!(walk.see(&now));
    assert_eq!(walk.unmet(), []);
    assert!(!walk.is_last());
    walk.go_to(1);
    assert!(walk.is_last() && !walk.is_done());
    walk.go_to(2);
    assert_eq!(walk.index(), 1);
}

#[test]
fn progress_is_remembered_as_text() {
    let mut progress = Progress::default();
    progress.note("depth", 1);
    progress.note("tutorial", 4);
    progress.note("depth", 0);
    assert_eq!(progress.text(), "depth 1,tutorial 4");
    assert_eq!(Progress::parse(&progress.text()), progress);
    assert_eq!(progress.of(&whole()), 1);
    assert_eq!(Progress::parse("depth 99").of(&whole()), 2, "a lesson may have become shorter");
    assert_eq!(Progress::parse("depth x,,A 1, 7,depth -1"), Progress::default());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}|((lesson|title|about|link|step|task|done|#| ) ?[a-z0-9=&> ]{0,12}\n){0,20}") {
        if let Ok(lessons) = parse(&text) {
            for lesson in lessons {
                prop_assert!(is_name(&lesson.name) && STEPS.contains(&lesson.steps.len()));
                prop_assert_eq!(lesson.link.settings.check(), Ok(()));
            }
        }
    }

    #[test]
    fn any_memory_is_read(text in ".*") {
        let progress = Progress::parse(&text);
        prop_assert_eq!(Progress::parse(&progress.text()), progress);
    }
}
