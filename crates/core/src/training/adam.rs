//! Adam in Keras' form: its constants and its step size.

/// Adam's decay of the gradients' mean (Kingma and Ba, 2015; Keras' default).
pub const BETA_1: f64 = 0.9;
/// Adam's decay of the squared gradients' mean.
pub const BETA_2: f64 = 0.999;
/// Keras' ε, added to the square root of the squares' mean.
pub const EPSILON: f32 = 1e-7;

/// Adam's step size at step `t` (1 is the first) in Keras' form, `lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ)`, which multiplies
/// `m / (√v + ε)` (`keras.optimizers.Adam`, "epsilon hat" in Kingma and Ba, section 2).
pub fn adam_rate(learning_rate: f32, t: u64) -> f32 {
    let t = t as f64;
    (f64::from(learning_rate) * (1.0 - BETA_2.powf(t)).sqrt() / (1.0 - BETA_1.powf(t))) as f32
}
