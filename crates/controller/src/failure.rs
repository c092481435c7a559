//! What a worker's error means, in words.

/// A trap of a WebAssembly program, as browsers begin its message.
const TRAP: &str = "RuntimeError: ";

/// What the message of a worker's error says, in part of a sentence.
///
/// Our programs report a panic by its own message, so a trap at an `unreachable` instruction is what is left: an
/// allocation that failed. Messages that people can read stay as they are.
pub fn plain_failure(message: &str) -> String {
    let lower = message.to_lowercase();
    let is_trap = message.contains(TRAP);
    let is_memory = ["out of memory", "memory.grow", "could not allocate", "allocation failed"];
    if is_memory.iter().any(|phrase| lower.contains(phrase) && !lower.contains("panicked at"))
        || is_trap && lower.contains("unreachable")
    {
        "it ran out of memory".into()
    } else if is_trap || lower.contains("panicked at") || lower.contains("call stack") {
        "it stopped with an internal error".into()
    } else {
        message.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_allocation_reads_as_one() {
        for message in [
            "Uncaught RuntimeError: unreachable",
            "RuntimeError: unreachable executed",
            "RuntimeError: Unreachable code should not be executed (evaluating 'wasm.run()')",
            "Uncaught RangeError: WebAssembly.Memory(): could not allocate memory",
            "RangeError: Out of memory",
            "Uncaught RangeError: Array buffer allocation failed",
        ] {
            assert_eq!(plain_failure(message), "it ran out of memory", "{message}");
        }
    }

    #[test]
    fn any_other_trap_and_a_panic_are_internal_errors() {
        for message in [
            "Uncaught RuntimeError: memory access out of bounds",
            "Uncaught RuntimeError: null function or function signature mismatch",
            "Uncaught RangeError: Maximum call stack size exceeded",
            "Uncaught panicked at crates/cpu/src/lib.rs:7:9: index out of bounds",
        ] {
            assert_eq!(plain_failure(message), "it stopped with an internal error", "{message}");
        }
    }

    #[test]
    fn what_people_can_read_stays() {
        for message in ["it could not be loaded", "Uncaught Error: unreachable executed"] {
            assert_eq!(plain_failure(message), message);
        }
    }
}
