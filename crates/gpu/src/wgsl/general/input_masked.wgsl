fn corrupt(clean: f32, key: vec2u, position: u32, value: u32) -> f32 {
  return select(clean, 0.0, random_word(key, position, value) < step.random[CORRUPTION].w);
}
