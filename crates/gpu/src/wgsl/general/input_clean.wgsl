fn input_value(image: u32, value: u32) -> f32 {
  return clean_value(image, value);
}
