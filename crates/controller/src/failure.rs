//! What a worker's error means, in words.

/// A trap of a WebAssembly program, as browsers begin its message.
const TRAP: &str = "RuntimeError: ";

/// What the message of a worker's error says, in part of a sentence.
///
/// Errors that nobody has caught, a trap, and a value of JavaScript as Rust prints it, say how the program ended and not why, so
/// they count as internal errors. Messages that people can read, among them those of our own programs, stay as they are.
pub fn plain_failure(message: &str) -> String {
    let lower = message.to_ascii_lowercase();
    let is_ours = message.starts_with("it ");
    let says_memory = ["out of memory", "memory.grow", "could not allocate", "allocation failed"];
    if !is_ours && says_memory.iter().any(|phrase| lower.contains(phrase)) {
        "it ran out of memory".into()
    } else if is_of_a_program(message) || message.contains(TRAP) || message.contains("JsValue(") {
        "it stopped with an internal error".into()
    } else {
        message.into()
    }
}

/// Whether a message begins with the name of an error, as browsers write what nobody has caught: `Uncaught TypeError: …`.
fn is_of_a_program(message: &str) -> bool {
    let message = message.strip_prefix("Uncaught ").unwrap_or(message);
    let name = message.split_once(':').map(|(name, _)| name).unwrap_or_default();
    !name.contains(' ') && ["Error", "Exception"].iter().any(|kind| name.ends_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_allocation_reads_as_one() {
        for message in [
            "Uncaught RangeError: WebAssembly.Memory(): could not allocate memory",
            "RangeError: WebAssembly.Memory.grow(): Unable to grow instance memory",
            "RangeError: Out of memory",
            "Uncaught RangeError: Array buffer allocation failed",
        ] {
            assert_eq!(plain_failure(message), "it ran out of memory", "{message}");
        }
    }

    #[test]
    fn a_trap_is_an_internal_error() {
        for message in [
            "Uncaught RuntimeError: unreachable",
            "RuntimeError: unreachable executed",
            "Uncaught RuntimeError: memory access out of bounds",
            "Uncaught RangeError: Maximum call stack size exceeded",
            "Uncaught Error: unreachable executed",
            "TypeError: can't access property \"request\", navigator.locks is undefined",
            "an error in the program at src/app/address.rs:9: called `Result::unwrap()` on an `Err` value: JsValue(SecurityError: …)",
        ] {
            assert_eq!(plain_failure(message), "it stopped with an internal error", "{message}");
        }
    }

    #[test]
    fn what_people_can_read_stays() {
        for message in [
            "it could not be loaded",
            "it ran out of memory (20 MB were asked for)",
            "the server answers 404: Error: not found",
        ] {
            assert_eq!(plain_failure(message), message);
        }
    }
}
