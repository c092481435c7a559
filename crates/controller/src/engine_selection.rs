//! Which engine trains, and why: decided from what is known of the machine, before anything large is loaded.

use latent_core::engine::{Engine, EngineChoice};

/// What the browser tells of its GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adapter {
    /// The browser knows no WebGPU, or keeps it from this page.
    NoWebGpu,
    /// There is WebGPU, but no adapter for it.
    None,
    /// An adapter.
    Found {
        /// It computes on the CPU.
        software: bool,
        /// It can measure time on the GPU, without which Burn cannot start in a browser (cubecl-wgpu 0.11 panics).
        timestamps: bool,
    },
}

/// What a person can do to get WebGPU in the browser of this user agent; none where it is there already.
pub fn advice(adapter: &Adapter, user_agent: &str) -> Option<&'static str> {
    let is = |name: &str| user_agent.contains(name);
    match adapter {
        Adapter::Found { software: false, .. } => None,
        Adapter::Found { software: true, .. } | Adapter::None if is("Chrome/") => Some(
            "For a GPU, turn on “Use graphics acceleration when available” in the browser's settings under System.",
        ),
        Adapter::Found { .. } | Adapter::None => Some(
            "For a GPU, see that the browser may use it (hardware acceleration) and that its driver is up to date.",
        ),
        Adapter::NoWebGpu if is("Firefox/") => {
            Some("For a GPU, take Firefox 141 or later on Windows, 145 on macOS, or Chrome or Edge.")
        }
        Adapter::NoWebGpu if is("Chrome/") => Some(
            "For a GPU, take Chrome or Edge 113 or later (121 on Android); on Linux, turn on “Unsafe WebGPU support” \
             at chrome://flags. The page must come by https or from localhost.",
        ),
        Adapter::NoWebGpu if is("Safari/") => Some("For a GPU, take Safari 26 or later."),
        Adapter::NoWebGpu => Some("For a GPU, take a current Chrome, Edge, Firefox or Safari."),
    }
}

/// The engine for this choice on this machine, and why, in a sentence for people.
pub fn choose(choice: EngineChoice, adapter: &Adapter) -> (Engine, &'static str) {
    let sound = match adapter {
        Adapter::NoWebGpu => Err("this browser has no WebGPU"),
        Adapter::None => Err("the browser offers no GPU"),
        Adapter::Found { timestamps: false, .. } if choice == EngineChoice::Burn => {
            Err("the GPU lacks the feature timestamp-query, which Burn needs")
        }
        Adapter::Found { software: true, .. } if choice == EngineChoice::Auto => {
            Err("the browser's WebGPU runs in software, which is slower than the CPU engine")
        }
        Adapter::Found { .. } => Ok(()),
    };
    match (choice, sound) {
        (EngineChoice::Cpu, _) => (Engine::Cpu, "as chosen"),
        (EngineChoice::WebGpu, Ok(())) => (Engine::WebGpu, "as chosen"),
        (EngineChoice::Burn, Ok(())) => (Engine::Burn, "as chosen"),
        (EngineChoice::Auto, Ok(())) => (Engine::Cpu, "until it is known whether the GPU is faster"),
        (_, Err(why)) => (Engine::Cpu, why),
    }
}

/// Whether the GPU is to be tried while the CPU engine trains: it counts as one, and nobody has chosen an engine.
pub fn is_worth_a_try(choice: EngineChoice, adapter: &Adapter) -> bool {
    choice == EngineChoice::Auto && matches!(adapter, Adapter::Found { software: false, .. })
}

/// How many workers train on the CPU, and whether that is to be so (`?workers=2` in the `query`) or only may: then there is
/// one for each core but one, which stays the page's. The engine cuts a step into four parts, so that three workers
/// would be no faster than two.
pub fn workers(cores: usize, query: &str) -> (usize, bool) {
    let items = query.trim_start_matches('?').split('&');
    let asked = items.filter_map(|item| item.strip_prefix("workers=")).find_map(|number| number.parse().ok());
    let count = match asked.unwrap_or(cores.saturating_sub(1)) {
        0 | 1 => 1,
        2 | 3 => 2,
        _ => 4,
    };
    (count, asked.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_stays_the_pages_unless_the_address_says_how_many_workers_there_are() {
        let by_cores = [0, 1, 2, 3, 4, 5, 64].map(|cores| workers(cores, ""));
        assert_eq!(by_cores, [1, 1, 1, 2, 2, 4, 4].map(|count| (count, false)));
        assert_eq!(workers(1, "?bench=cpu&workers=2"), (2, true));
        assert_eq!(workers(16, "?workers=1"), (1, true));
        assert_eq!(workers(3, "?workers=many"), (2, false));
    }

    const GPU: Adapter = Adapter::Found { software: false, timestamps: true };
    const SOFTWARE: Adapter = Adapter::Found { software: true, timestamps: true };
    const UNTIMED: Adapter = Adapter::Found { software: false, timestamps: false };

    #[test]
    fn a_sound_gpu_is_tried_and_nothing_else_is_called_one() {
        assert!(is_worth_a_try(EngineChoice::Auto, &GPU));
        assert!(is_worth_a_try(EngineChoice::Auto, &UNTIMED));
        for unsound in [SOFTWARE, Adapter::None, Adapter::NoWebGpu] {
            assert!(!is_worth_a_try(EngineChoice::Auto, &unsound));
        }
        for choice in [EngineChoice::Cpu, EngineChoice::WebGpu, EngineChoice::Burn] {
            assert!(!is_worth_a_try(choice, &GPU));
        }
        // Until then nobody waits for it.
        assert_eq!(choose(EngineChoice::Auto, &GPU).0, Engine::Cpu);
    }

    #[test]
    fn whoever_lacks_a_gpu_is_told_what_to_do_in_this_browser() {
        assert_eq!(advice(&GPU, "Chrome/140"), None);
        let told = |adapter, agent| advice(adapter, agent).unwrap();
        assert!(told(&Adapter::NoWebGpu, "Mozilla/5.0 Firefox/120.0").contains("Firefox 141"));
        assert!(told(&Adapter::NoWebGpu, "Version/17.0 Safari/605.1").contains("Safari 26"));
        assert!(told(&Adapter::NoWebGpu, "Chrome/110.0 Safari/537.36").contains("Chrome or Edge 113"));
        assert!(told(&SOFTWARE, "Chrome/140.0 Safari/537.36").contains("graphics acceleration"));
        assert!(!told(&Adapter::None, "").is_empty());
    }

    #[test]
    fn the_person_stands_above_the_rule_as_far_as_the_machine_can() {
        assert_eq!(choose(EngineChoice::Cpu, &GPU).0, Engine::Cpu);
        assert_eq!(choose(EngineChoice::WebGpu, &SOFTWARE).0, Engine::WebGpu);
        assert_eq!(choose(EngineChoice::WebGpu, &UNTIMED).0, Engine::WebGpu);
        assert_eq!(choose(EngineChoice::WebGpu, &Adapter::NoWebGpu).0, Engine::Cpu);
        assert_eq!(choose(EngineChoice::Burn, &SOFTWARE).0, Engine::Burn);
    }

    #[test]
    fn burn_needs_timestamps_and_says_so() {
        let (engine, why) = choose(EngineChoice::Burn, &UNTIMED);
        assert_eq!(engine, Engine::Cpu);
        assert!(why.contains("timestamp-query"), "{why}");
    }
}
