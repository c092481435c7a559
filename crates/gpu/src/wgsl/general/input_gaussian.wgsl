fn corrupt(clean: f32, key: vec2u, position: u32, value: u32) -> f32 {
  return clamp(clean + bitcast<f32>(step.random[CORRUPTION].w) * normal(key, position, value), 0, 1);
}
