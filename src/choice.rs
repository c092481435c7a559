//! Which engine trains, and why: decided from what is known of the machine, before anything large is loaded.

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Our own training step, in SIMD.
    Cpu,
    /// Burn on WebGPU.
    WebGpu,
}

impl Engine {
    /// The engine in links and in `data-engine`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }
}

/// Which engine the person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The page decides.
    #[default]
    Auto,
    /// The CPU engine.
    Cpu,
    /// The WebGPU engine, a software adapter too.
    WebGpu,
}

impl EngineChoice {
    /// Every choice, in the order of a menu.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Cpu, Self::WebGpu];

    /// The choice in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => Engine::Cpu.name(),
            Self::WebGpu => Engine::WebGpu.name(),
        }
    }

    /// The choice of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

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
        /// It can measure time on the GPU, without which Burn can't start on the web (cubecl-wgpu 0.11 panics).
        timestamps: bool,
    },
}

/// The engine for this choice on this machine, and why, in a sentence for people.
pub fn choose(choice: EngineChoice, adapter: &Adapter) -> (Engine, &'static str) {
    let sound = match adapter {
        Adapter::NoWebGpu => Err("this browser has no WebGPU"),
        Adapter::None => Err("the browser offers no GPU"),
        Adapter::Found { timestamps: false, .. } => {
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
        (EngineChoice::Auto, Ok(())) => (Engine::WebGpu, "the browser offers a GPU"),
        (_, Err(why)) => (Engine::Cpu, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GPU: Adapter = Adapter::Found { software: false, timestamps: true };
    const SOFTWARE: Adapter = Adapter::Found { software: true, timestamps: true };
    const UNTIMED: Adapter = Adapter::Found { software: false, timestamps: false };

    #[test]
    fn a_sound_gpu_is_taken_and_nothing_else_is_called_one() {
        let auto = |adapter| choose(EngineChoice::Auto, &adapter).0;
        assert_eq!(auto(GPU), Engine::WebGpu);
        for unsound in [SOFTWARE, UNTIMED, Adapter::None, Adapter::NoWebGpu] {
            assert_eq!(auto(unsound), Engine::Cpu);
        }
    }

    #[test]
    fn the_person_stands_above_the_rule_as_far_as_the_machine_can() {
        assert_eq!(choose(EngineChoice::Cpu, &GPU).0, Engine::Cpu);
        assert_eq!(choose(EngineChoice::WebGpu, &SOFTWARE).0, Engine::WebGpu);
        assert_eq!(choose(EngineChoice::WebGpu, &UNTIMED), choose(EngineChoice::Auto, &UNTIMED));
        assert_eq!(choose(EngineChoice::WebGpu, &Adapter::NoWebGpu).0, Engine::Cpu);
    }
}
