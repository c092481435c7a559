// Behind each row of a layer's inputs is one more block, (1, 0, 0, 0), and behind each layer's weights are four more
// rows, of which the first is the bias. So a bias is a weight like any other.
const ONE = vec4f(1, 0, 0, 0);

// A dense layer. Positions and sizes are in blocks.
struct Layer {
  input: u32,           // in `activations`: what it reads, [images, inputs + 1]; the first layer reads pixels
  output: u32,          // in `activations`: what it gives, [images, outputs + 1]
  input_gradient: u32,  // in `activations`: the gradient by the pre-activations of the layer before, [images, inputs]
  output_gradient: u32, // in `activations`: the gradient by the pre-activations of this layer, [images, outputs]
  weights: u32,         // in `weights`, `means`, `squares`: [4 * inputs + 4, outputs]
  inputs: u32,
  outputs: u32,
  groups_before: u32,   // workgroups of the layers before it, where one dispatch takes several layers
  units: u32,           // outputs without padding, in numbers
  slope: f32,           // of a piecewise linear activation, for negative arguments
  padding0: u32,
  padding1: u32,
}
