//! The engines that train, and which one the user asked for.

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Our own training step, in SIMD.
    Cpu,
    /// Our own training step as compute passes on WebGPU.
    WebGpu,
    /// Burn's autodiff on WebGPU.
    Burn,
}

impl Engine {
    /// The engine in links and in `data-engine`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
            Self::Burn => "burn",
        }
    }

    /// The engine in sentences and in the page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::WebGpu => "WebGPU",
            Self::Burn => "Burn (WebGPU)",
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
    /// Burn on WebGPU, likewise.
    Burn,
}

impl EngineChoice {
    /// Every choice, in the order of a menu.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Cpu, Self::WebGpu, Self::Burn];

    /// The choice in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => Engine::Cpu.name(),
            Self::WebGpu => Engine::WebGpu.name(),
            Self::Burn => Engine::Burn.name(),
        }
    }

    /// The choice of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}
