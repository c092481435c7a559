// Updates four weights with their gradient: Adam in Keras' form (core, training/adam.rs).
fn adam(at: u32, gradient: vec4f) {
  let mean_before = means[at];
  let square_before = squares[at];
  let mean = mean_before + ONE_MINUS_BETA_1 * (gradient - mean_before);
  let square = square_before + ONE_MINUS_BETA_2 * (gradient * gradient - square_before);
  means[at] = mean;
  squares[at] = square;
  weights[at] -= step.rate * mean / (sqrt(square) + EPSILON);
}
