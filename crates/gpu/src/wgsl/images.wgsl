// From lists to outputs, errors, and the gradients at outputs and code: 49 invocations an image.
var<private> point: vec4f;
var<private> share: vec4f; // the gradient by the code, and the squared errors

fn compare_block(pixels_at: u32, gradient_at: u32, basis: mat4x4f, there: f32) {
  let output = leaky(basis * point);
  let e = (output - unpack4x8unorm(pixels[pixels_at])) * there;
  let gradient = e * step.scale * leaky_slope(output);
  activations[gradient_at] = gradient;
  share += vec4f((gradient * basis).xyz, dot(e, e));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let image = id.x / MEMBERS;
  let member = id.x % MEMBERS;
  if (image >= 4 * image_blocks()) { return; }
  point = point_of(image);
  let list = units_of_image(image);
  add_four(basis_of(1 + u32(activations[list].y)) + member, 1);
  add_units(list, member);

  let there = f32(image < step.images); // rows beyond the batch get the gradient 0
  let pixels_at = four_images(image / 4)[image % 4] + member;
  let gradient_at = layers[OUTPUT].output_gradient + PIXELS4 * image + member;
  compare_block(pixels_at, gradient_at, sum0, there);
  compare_block(pixels_at + MEMBERS, gradient_at + MEMBERS, sum1, there);
  compare_block(pixels_at + 2 * MEMBERS, gradient_at + 2 * MEMBERS, sum2, there);
  compare_block(pixels_at + 3 * MEMBERS, gradient_at + 3 * MEMBERS, sum3, there);
  activations[shares_of_image(image) + member] = share;
}
