// As the encoder of a denoising model reads it. In training the random numbers are those of a position in the batch, in
// validation those of an image.
fn input_value(image: u32, value: u32) -> f32 {
  let own = step.random[CORRUPTION];
  if (own.z == SUPPLIED) {
    return supplied(own.w, image * layers[0].input.height * layers[0].input.width * layers[0].input.channels + value).x;
  }
  let index = order[step.first + image / 4][image % 4];
  let position = select(step.position + image, index, own.z == BY_IMAGE);
  return corrupt(clean_value(image, value), own.xy, position, value);
}
