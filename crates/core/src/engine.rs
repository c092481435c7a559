//! The engines that train, which one the user asked for, and the program that a model needs.

use crate::model::ModelSpec;

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

/// A program that workers run. Each is a file of its own, loaded when a model needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The CPU engine for networks with one hidden layer on each side of the code ([`ModelSpec::is_column_parallel`]): what a
    /// visit of the tutorial needs.
    Cpu,
    /// The CPU engine for every model.
    LayeredCpu,
    /// The WebGPU engine.
    WebGpu,
    /// Burn on WebGPU.
    Burn,
}

impl Program {
    /// The program with which an engine trains a model, and the smallest one.
    pub fn of(engine: Engine, model: &ModelSpec) -> Self {
        match engine {
            Engine::Cpu if model.is_column_parallel() => Self::Cpu,
            Engine::Cpu => Self::LayeredCpu,
            Engine::WebGpu => Self::WebGpu,
            Engine::Burn => Self::Burn,
        }
    }

    /// Whether a worker of this program can do the work of the other: it needs not be replaced.
    pub fn can_replace(self, other: Self) -> bool {
        self == other || (self, other) == (Self::LayeredCpu, Self::Cpu)
    }

    /// The name by which a page finds the program (scripts/dist.mjs).
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::LayeredCpu => "layered",
            Self::WebGpu => "webgpu",
            Self::Burn => "burn",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;

    #[test]
    fn a_model_with_one_hidden_dense_layer_needs_the_small_program_and_any_other_the_large_one() {
        let of = |fragment| Program::of(Engine::Cpu, &presets::model(fragment));
        for fragment in ["", "hidden=64&code=8", "activation=tanh&output=sigmoid&loss=bce-sum"] {
            assert_eq!(of(fragment), Program::Cpu, "{fragment}");
        }
        for fragment in [
            "hidden=512,128",
            "encoder=conv8k3s2",
            "encoder=conv8k3s2,dense16",
            "encoder=dense300,dropout0.2",
            "variational=1",
            "corruption=masking0.2",
        ] {
            assert_eq!(of(fragment), Program::LayeredCpu, "{fragment}");
        }
        assert_eq!(Program::of(Engine::WebGpu, &ModelSpec::default()), Program::WebGpu);
    }

    #[test]
    fn the_large_program_does_the_work_of_the_small_one_and_not_the_reverse() {
        assert!(Program::LayeredCpu.can_replace(Program::Cpu) && Program::Cpu.can_replace(Program::Cpu));
        assert!(!Program::Cpu.can_replace(Program::LayeredCpu));
        assert!(
            !Program::WebGpu.can_replace(Program::Cpu) && !Program::LayeredCpu.can_replace(Program::WebGpu)
        );
    }
}
