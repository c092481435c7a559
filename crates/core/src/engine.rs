//! The engines that train, and which one the user asked for.

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

/// Which engine the user chose.
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
