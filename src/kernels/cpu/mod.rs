//! The training step in SIMD: no Burn, no browser.
