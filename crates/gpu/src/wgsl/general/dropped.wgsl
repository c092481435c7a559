// Dropout behind the layer: 0 for a value that is dropped, and 1 / (1 - rate) for any other.
fn factors(layer: Layer, place: Place, block: u32, image: u32) -> vec4f {
  let own = step.random[layer.dropout];
  let first = value_of(layer.output, place, block);
  let in_part = 4 * place.four + image;
  if (own.z == SUPPLIED) {
    return supplied(own.w, layer.output.channels * layer.output.width * layer.output.height * in_part + first);
  }
  return select(vec4f(layer.kept), vec4f(), random_words(own.xy, step.position + in_part, first) < vec4u(layer.threshold));
}
