// What four pixels contribute: the loss' gradient by their pre-activations, not yet multiplied by `step.scale`, and
// their losses. `compare` computes both from the pre-activations and the image. Where the mask is 0 both are 0.
struct PixelLoss {
  gradient: vec4f,
  loss: vec4f,
}
