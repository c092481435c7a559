//! The instruction sets, and the choice among the kernels that are compiled for them.

/// The instruction set that the kernels are compiled for. All give the same numbers up to rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// WebAssembly's 128-bit vectors.
    #[cfg(target_arch = "wasm32")]
    Wasm,
    /// x86-64's 128-bit vectors: the same bits as WebAssembly's.
    #[cfg(target_arch = "x86_64")]
    Sse2,
    /// x86-64's 256-bit vectors with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Arrays of four floats, which the compiler vectorises as it can. The same bits as the 128-bit vectors'.
    #[cfg(not(target_arch = "wasm32"))]
    Portable,
}

impl Instructions {
    /// The instruction sets that this machine can run, the fastest first.
    pub fn available() -> Vec<Self> {
        #[cfg(target_arch = "wasm32")]
        let all = vec![Self::Wasm];
        #[cfg(target_arch = "x86_64")]
        let mut all = vec![Self::Sse2, Self::Portable];
        #[cfg(target_arch = "x86_64")]
        if crate::simd::Avx8::is_available() {
            all.insert(0, Self::Avx2);
        }
        #[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
        let all = vec![Self::Portable];
        all
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "wasm32")]
            Self::Wasm => "wasm",
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => "sse2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(not(target_arch = "wasm32"))]
            Self::Portable => "portable",
        }
    }

    /// The fastest that this machine can run.
    pub fn best() -> Self {
        Self::available()[0]
    }
}

/// Calls a function that is generic over these instructions' vectors. The second parameter is the width of the first layer's
/// panels in vectors: as wide as the registers allow, and so that few units are padding.
macro_rules! with_vectors {
    ($instructions:expr, $($function:ident)::+($($argument:expr),*)) => {
        match $instructions {
            #[cfg(target_arch = "wasm32")]
            $crate::Instructions::Wasm => $($function)::+::<$crate::simd::Wasm4, 5>($($argument),*),
            #[cfg(target_arch = "x86_64")]
            $crate::Instructions::Sse2 => $($function)::+::<$crate::simd::Sse4, 5>($($argument),*),
            #[cfg(target_arch = "x86_64")]
            $crate::Instructions::Avx2 => $($function)::+::<$crate::simd::Avx8, 3>($($argument),*),
            #[cfg(not(target_arch = "wasm32"))]
            $crate::Instructions::Portable => $($function)::+::<$crate::simd::Portable4, 5>($($argument),*),
        }
    };
}
pub(super) use with_vectors;
