//! Tests of the learning rate by step.

use super::*;
use crate::settings::MOST_STEPS;
use proptest::prelude::*;

fn parse(text: &str) -> LearningRates {
    LearningRates::parse(text).unwrap()
}

#[test]
fn each_rate_holds_from_its_step_on() {
    let rates = parse("0.5, 0.25@600 ,0.125@700");
    assert_eq!([0, 599, 600, 699, 700].map(|steps| rates.after(steps)), [0.5, 0.5, 0.25, 0.25, 0.125]);
    let next = |steps| rates.next_change(steps).map(|change| change.steps);
    assert_eq!([0, 599, 600, 700].map(next), [Some(600), Some(600), Some(700), None]);
    assert_eq!(rates.to_string(), "0.5,0.25@600,0.125@700");
    assert_eq!(rates.check(), Ok(()));
}

#[test]
fn a_single_number_is_the_rate_of_every_step() {
    assert_eq!(parse("0.0005"), LearningRates::from(0.0005));
    assert_eq!(LearningRates::from(0.0005).to_string(), "0.0005");
}

#[test]
fn a_run_keeps_the_rates_that_it_was_trained_with_and_takes_the_others_from_there_on() {
    let followed =
        |before: &str, steps, others: &str| parse(before).followed_by(steps, &parse(others)).to_string();
    assert_eq!(followed("0.5", 0, "0.25,0.125@9"), "0.25,0.125@9");
    assert_eq!(followed("0.5", 20, "0.25"), "0.5,0.25@20");
    assert_eq!(followed("0.5,0.25@20", 20, "0.125"), "0.5,0.125@20");
    assert_eq!(followed("0.5,0.25@20", 20, "0.5"), "0.5");
    assert_eq!(followed("0.5,0.25@20,0.125@90", 30, "1"), "0.5,0.25@20,1@30");
    assert_eq!(followed("0.5", 20, "1,0.25@10,0.125@20,2@30"), "0.5,0.125@20,2@30");
}

#[test]
fn steps_that_were_trained_with_another_rate_than_planned_are_recorded_as_they_were() {
    let recorded = |planned: &str, steps, rate| {
        let mut rates = parse(planned);
        rates.record(steps, rate);
        rates.to_string()
    };
    assert_eq!(recorded("0.5,0.25@20", 20..25, 0.5), "0.5,0.25@25");
    assert_eq!(recorded("0.5,0.25@20,2@22", 20..25, 0.5), "0.5,2@25");
    assert_eq!(recorded("0.5,0.25@20,2@25", 20..25, 0.25), "0.5,0.25@20,2@25");
    assert_eq!(recorded("0.5,0.25@20", 0..3, 1.0), "1,0.5@3,0.25@20");
}

#[test]
fn a_decimal_comma_is_read_and_changes_are_then_separated_by_semicolons() {
    let same = |typed: &str, text: &str| {
        assert_eq!(LearningRates::parse(typed).map(|rates| rates.to_string()), Ok(text.into()), "{typed}");
    };
    same("0,001", "0.001");
    same("0,001;0,005@600", "0.001,0.005@600");
    same("0.001,0.005@600", "0.001,0.005@600");
}

#[test]
fn each_bad_form_is_refused_with_its_own_sentence() {
    let many = (1..=101)
        .fold("0.5".to_owned(), |text, steps| format!("{text},{}@{steps}", 0.1 + (steps % 2) as f32));
    for (text, sentence) in [
        ("", "lr: nothing is given, and a number from 0.0000001 to 10 is needed"),
        ("fast", "lr: “fast” is not a number from 0.0000001 to 10"),
        ("0", "lr: “0” is not a number from 0.0000001 to 10"),
        ("0.5,", "lr: “” is not a learning rate and the steps before it, such as 0.005@600"),
        ("0.5,0.25", "lr: “0.25” is not a learning rate and the steps before it, such as 0.005@600"),
        (
            "0.5,0.25@soon",
            "lr: “0.25@soon” is not a learning rate and the steps before it, such as 0.005@600",
        ),
        ("0.5,0.25@-1", "lr: “0.25@-1” is not a learning rate and the steps before it, such as 0.005@600"),
        ("0.5,@9", "lr: nothing is given, and a number from 0.0000001 to 10 is needed"),
        ("0.5,11@9", "lr: “11” is not a number from 0.0000001 to 10"),
        ("0.5,0.25@0", "lr: the learning rate can change after 1 to 250000000 steps, and not after 0"),
        (
            "0.5,0.25@250000001",
            "lr: the learning rate can change after 1 to 250000000 steps, and not after 250000001",
        ),
        ("0.5,0.25@9,0.1@9", "lr: a change after 9 steps can't follow one after 9 steps"),
        ("0.5,0.25@9,0.1@3", "lr: a change after 3 steps can't follow one after 9 steps"),
        (&many, "lr: a run can change its learning rate at most 100 times"),
    ] {
        assert_eq!(
            LearningRates::parse(text).map_err(|error| error.to_string()),
            Err(sentence.into()),
            "{text}"
        );
    }
}

#[test]
fn rates_that_arrive_whole_are_checked_as_their_text_is() {
    let change = |steps, rate| RateChange { steps, rate };
    for changes in [
        vec![change(0, 0.5)],
        vec![change(9, 0.5), change(9, 0.25)],
        vec![change(9, 0.5), change(3, 0.25)],
        vec![change(9, f32::NAN)],
        vec![change(MOST_STEPS + 1, 0.5)],
        (1..=101).map(|steps| change(steps, 0.5)).collect(),
    ] {
        let rates = LearningRates { first: 0.5, changes };
        assert!(rates.check().is_err(), "{rates}");
    }
    assert!(LearningRates::from(f32::INFINITY).check().is_err());
}

#[test]
fn a_learning_rate_that_is_set_while_training_holds_from_the_next_step_on() {
    let mut settings = Settings::default();
    settings.adjust(0, Field::LearningRate, "0.5").unwrap();
    settings.adjust(20, Field::LearningRate, "0.25").unwrap();
    settings.adjust(30, Field::LearningRate, "0.125,1@90").unwrap();
    settings.adjust(30, Field::Epochs, "3").unwrap();
    assert_eq!(settings.get(Field::LearningRate), "0.5,0.25@20,0.125@30,1@90");
    assert_eq!(settings.epochs, 3);
}

#[test]
fn a_change_of_the_learning_rate_beyond_the_last_that_is_supported_is_refused() {
    let mut settings = Settings::default();
    for steps in 1..=MOST_CHANGES as u64 {
        settings.adjust(steps, Field::LearningRate, if steps % 2 == 0 { "0.5" } else { "0.25" }).unwrap();
    }
    let before = settings.clone();
    let refusal = settings.adjust(101, Field::LearningRate, "0.25").unwrap_err();
    assert_eq!(refusal, SettingError::LearningRates(LearningRatesError::TooMany));
    assert_eq!(settings, before);
}

/// Any rates within the limits.
fn rates() -> impl Strategy<Value = LearningRates> {
    let changes = prop::collection::btree_map(1..=MOST_STEPS, 1e-7f32..=10.0, 0..MOST_CHANGES);
    (1e-7f32..=10.0, changes).prop_map(|(first, changes)| {
        let changes = changes.into_iter().map(|(steps, rate)| RateChange { steps, rate }).collect();
        LearningRates { first, changes }
    })
}

proptest! {
    #[test]
    fn rates_read_back_what_they_write(rates in rates()) {
        prop_assert_eq!(rates.check(), Ok(()));
        prop_assert_eq!(LearningRates::parse(&rates.to_string()), Ok(rates));
    }

    #[test]
    fn any_text_is_refused_or_read_to_rates_within_the_limits(text in "[0-9.,@e +-]{0,60}") {
        if let Ok(rates) = LearningRates::parse(&text) {
            prop_assert_eq!(rates.check(), Ok(()));
        }
    }

    #[test]
    fn a_run_that_goes_on_with_others_has_each_step_from_one_of_the_two(
        before in rates(), others in rates(), steps in 0..=MOST_STEPS, at in 0..=MOST_STEPS,
    ) {
        let rates = before.followed_by(steps, &others);
        prop_assert_eq!(rates.after(at), if at < steps { before.after(at) } else { others.after(at) });
    }

    #[test]
    fn what_is_recorded_is_the_rate_of_its_steps_and_of_no_others(
        planned in rates(), start in 0..MOST_STEPS, count in 1u64..100_000, rate in 1e-7f32..=10.0, at in 0..=MOST_STEPS,
    ) {
        let mut rates = planned.clone();
        rates.record(start..start + count, rate);
        let is_recorded = (start..start + count).contains(&at);
        prop_assert_eq!(rates.after(at), if is_recorded { rate } else { planned.after(at) });
        prop_assert_eq!(rates.after(start + count - 1), rate);
    }
}

#[test]
fn what_held_has_no_change_that_no_step_was_trained_with() {
    let mut settings = Settings::default();
    settings.set(Field::LearningRate, "0.0005,0.005@600,0.001@4000").unwrap();
    let held = |steps| settings.learning_rates.held(steps);
    assert_eq!([600, 601].map(|steps| held(steps).changes().len()), [0, 1]);
    assert_eq!((held(4_001), held(0)), (settings.learning_rates.clone(), 0.0005.into()));
}
