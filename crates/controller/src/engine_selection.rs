//! Which engine trains, and why: decided from what is known of the machine, before anything large is loaded.

use latent_core::engine::{Engine, EngineChoice};

/// What the browser tells of its GPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adapter {
    /// The browser knows no WebGPU.
    NoWebGpu,
    /// The page came over plain http, where browsers have no WebGPU.
    Insecure,
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
///
/// The versions are those of 2026: Chrome has WebGPU on Linux since 144 (Intel, from the 12th generation on) and 147 (NVIDIA),
/// Firefox on Windows since 141 and on Apple silicon since 145 (macOS 26) and 147, Safari since 26.
pub fn advice(adapter: &Adapter, user_agent: &str) -> Option<&'static str> {
    let is = |name: &str| user_agent.contains(name);
    let has_interface = !matches!(adapter, Adapter::NoWebGpu | Adapter::Insecure);
    if matches!(adapter, Adapter::Found { software: false, .. }) {
        return None;
    }
    Some(if matches!(adapter, Adapter::Insecure) {
        "For a GPU, open the page by https or from localhost: browsers have WebGPU nowhere else."
    } else if is("iPhone") || is("iPad") {
        "For a GPU, update to iOS 26 or iPadOS 26, or later."
    } else if is("Firefox/") && (is("Android") || is("Linux")) {
        "For a GPU, take Chrome or Edge: Firefox has no WebGPU on Linux and Android yet."
    } else if is("Firefox/") && is("Macintosh") && !has_interface {
        "For a GPU, take Firefox 147 or later on a Mac with Apple silicon, and Chrome, Edge or Safari 26 on any other Mac."
    } else if is("Firefox/") && !has_interface {
        "For a GPU, take Firefox 141 or later, Chrome or Edge."
    } else if is("Chrome/") && is("Android") && !has_interface {
        "For a GPU, take Chrome 121 or later on Android 12 or later."
    } else if is("Chrome/") && is("Linux") && !is("Android") {
        "For a GPU on Linux, take Chrome 147 or later with a card by NVIDIA, or 144 with an Intel GPU of the 12th generation or \
         later, and see that graphics acceleration is turned on in the settings under System. For other GPUs turn on “Unsafe \
         WebGPU Support” at chrome://flags."
    } else if is("Chrome/") && has_interface {
        "For a GPU, turn on “Use graphics acceleration when available” in the browser's settings under System."
    } else if is("Chrome/") {
        "For a GPU, take Chrome or Edge 113 or later."
    } else if is("Safari/") && !has_interface {
        "For a GPU, take Safari 26 or later."
    } else if has_interface {
        "For a GPU, see that the browser may use it (hardware acceleration) and that its driver is up to date."
    } else {
        "For a GPU, take a current Chrome, Edge, Firefox or Safari."
    })
}

/// The engine for this choice on this machine, and why, in a sentence for people.
pub fn choose(choice: EngineChoice, adapter: &Adapter) -> (Engine, &'static str) {
    let sound = match adapter {
        Adapter::NoWebGpu => Err("this browser has no WebGPU"),
        Adapter::Insecure => Err("browsers have WebGPU only where a page comes by https"),
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

/// How many workers train while the page draws nothing of it: one for each core.
pub fn workers_unseen(cores: usize, query: &str) -> usize {
    workers(cores + 1, query).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_that_is_not_drawn_has_every_core() {
        assert_eq!([0, 1, 2, 3, 4, 64].map(|cores| workers_unseen(cores, "")), [1, 1, 2, 2, 4, 4]);
        assert_eq!(workers_unseen(16, "?workers=1"), 1);
    }

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
        for unsound in [SOFTWARE, Adapter::None, Adapter::NoWebGpu, Adapter::Insecure] {
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
        const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64) ";
        const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) ";
        const CHROME: &str = "AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
        let advised = |adapter: &Adapter, system: &str, agent: &str, words: &str| {
            let told = advice(adapter, &format!("{system}{agent}")).unwrap();
            assert!(told.contains(words), "{system}{agent}: {told}");
        };
        assert_eq!(advice(&GPU, CHROME), None);
        let none = &Adapter::NoWebGpu;
        advised(none, "Windows NT 10.0 ", "Gecko Firefox/120.0", "Firefox 141");
        advised(none, MAC, "Gecko Firefox/140.0", "Firefox 147 or later on a Mac with Apple silicon");
        advised(none, LINUX, "Gecko Firefox/153.0", "no WebGPU on Linux");
        advised(none, "(Android 15; Mobile) ", "Gecko Firefox/153.0", "no WebGPU on Linux and Android");
        advised(none, MAC, "Version/17.0 Safari/605.1", "Safari 26");
        advised(none, "(iPhone; CPU iPhone OS 18_0) ", "CriOS/140 Safari/605.1", "iOS 26");
        advised(none, "Windows NT 10.0 ", "Chrome/110.0 Safari/537.36", "Chrome or Edge 113");
        advised(none, "(Linux; Android 13) ", CHROME, "Chrome 121");
        for adapter in [none, &Adapter::None, &SOFTWARE] {
            advised(
                adapter,
                LINUX,
                CHROME,
                "Chrome 147 or later with a card by NVIDIA, or 144 with an Intel GPU",
            );
        }
        advised(&SOFTWARE, "Windows NT 10.0 ", CHROME, "graphics acceleration");
        advised(&Adapter::Insecure, LINUX, CHROME, "https");
        assert!(!advice(&Adapter::None, "").unwrap().is_empty());
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
