//! Reads files of lessons. Takes any text and trusts none of it.

use super::{Condition, Extra, Lesson, LessonError, Step};
use crate::link::Link;
use std::ops::RangeInclusive;

/// The size of a file at most, in bytes.
pub const LESSON_BYTES: usize = 200_000;
/// Steps of a lesson.
pub const STEPS: RangeInclusive<usize> = 2..=5;
/// Bytes of a name at most.
const NAME_BYTES: usize = 40;

/// Whether a text can be the name of a lesson.
pub fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=NAME_BYTES).contains(&text.len()) && text.bytes().all(is_letter)
}

/// A line with those that continue it: its number, its keyword and its text.
struct Line {
    number: usize,
    keyword: String,
    text: String,
}

/// The lessons of a file, in its order.
pub fn parse(text: &str) -> Result<Vec<Lesson>, LessonError> {
    if text.len() > LESSON_BYTES {
        return Err(wrong(1, format!("the file has more than {LESSON_BYTES} bytes")));
    }
    let mut lessons: Vec<Lesson> = Vec::new();
    let mut end = 1;
    for Line { number, keyword, text } in lines(text)? {
        if keyword == "lesson" {
            check_whole(end, lessons.last())?;
            lessons.push(begun(number, text, &lessons)?);
        } else {
            let lesson = lessons.last_mut();
            let lesson =
                lesson.ok_or_else(|| wrong(number, "a file begins with “lesson” and a name".into()))?;
            take(lesson, number, &keyword, text)?;
        }
        end = number;
    }
    check_whole(end, lessons.last())?;
    Ok(lessons)
}

fn wrong(line: usize, what: String) -> LessonError {
    LessonError { line, what }
}

fn lines(text: &str) -> Result<Vec<Line>, LessonError> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            let before = lines.last_mut();
            let before = before.ok_or_else(|| wrong(number, "it continues no line".into()))?;
            before.text = format!("{} {}", before.text, line.trim()).trim_start().into();
            continue;
        }
        let (keyword, text) = line.split_once(' ').unwrap_or((line, ""));
        lines.push(Line { number, keyword: keyword.trim().into(), text: text.trim().into() });
    }
    Ok(lines)
}

fn begun(number: usize, name: String, others: &[Lesson]) -> Result<Lesson, LessonError> {
    if !is_name(&name) {
        let what = "a lesson's name has lower-case letters, numerals and hyphens, at most 40";
        return Err(wrong(number, what.into()));
    }
    if others.iter().any(|other| other.name == name) {
        return Err(wrong(number, format!("there are two lessons of the name “{name}”")));
    }
    let [title, about, learnt] = [const { String::new() }; 3];
    Ok(Lesson { name, title, about, link: Link::default(), steps: Vec::new(), learnt })
}

/// Takes a line of a lesson.
fn take(lesson: &mut Lesson, number: usize, keyword: &str, text: String) -> Result<(), LessonError> {
    let out_of_place = || wrong(number, format!("“{keyword}” follows “step”"));
    if text.is_empty() {
        return Err(wrong(number, format!("“{keyword}” has no text")));
    }
    match keyword {
        "title" => lesson.title = text,
        "about" => lesson.about = text,
        "link" => {
            let (link, problems) = Link::parse(&text);
            if let Some(problem) = problems.first() {
                return Err(wrong(number, problem.to_string()));
            }
            lesson.link = link;
        }
        "learnt" => lesson.learnt = text,
        "step" => lesson.steps.push(Step { text, ..Step::default() }),
        "task" => lesson.steps.last_mut().ok_or_else(out_of_place)?.task = text,
        "done" => {
            let step = lesson.steps.last_mut().ok_or_else(out_of_place)?;
            for part in text.split(" and ") {
                let unknown = || wrong(number, format!("“{part}” is no condition"));
                step.done.push(Condition::parse(part).ok_or_else(unknown)?);
            }
        }
        "after" => lesson.steps.last_mut().ok_or_else(out_of_place)?.after = text,
        "show" => {
            let step = lesson.steps.last_mut().ok_or_else(out_of_place)?;
            for word in text.split_whitespace() {
                let unknown = || wrong(number, format!("the plane has no “{word}” to show"));
                step.shows.push(Extra::named(word).ok_or_else(unknown)?);
            }
        }
        _ => return Err(wrong(number, format!("“{keyword}” is no keyword"))),
    }
    Ok(())
}

/// Whether a lesson has everything that it needs.
fn check_whole(end: usize, lesson: Option<&Lesson>) -> Result<(), LessonError> {
    let Some(lesson) = lesson else { return Ok(()) };
    let is_whole =
        |step: &Step| ![&step.task, &step.after].iter().any(|text| text.is_empty()) && !step.done.is_empty();
    let missing = match lesson {
        Lesson { title, about, learnt, .. } if [title, about, learnt].iter().any(|text| text.is_empty()) => {
            "a title, “about” and “learnt”"
        }
        Lesson { steps, .. } if !STEPS.contains(&steps.len()) => "two to five steps",
        Lesson { steps, .. } if !steps.iter().all(is_whole) => "“task”, “done” and “after” in each step",
        _ => return Ok(()),
    };
    Err(wrong(end, format!("the lesson “{}” needs {missing}", lesson.name)))
}
