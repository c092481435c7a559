// Mistakes that a port of the models is likely to make, each as replacements in the sources. A replacement's text occurs exactly
// once in its file.

const LAYER_PLAN = 'crates/cpu/src/layered/layer_plan.rs';
const NETWORK = 'crates/cpu/src/layered/network.rs';
const CODE = 'crates/cpu/src/layered/code.rs';
const PASS = 'crates/cpu/src/layered/pass.rs';
const ADAM = 'crates/cpu/src/adam.rs';

/** The kernels of transposed convolutions become what `body` makes of `kernel`, on their way in and out. */
const kernelsOfTransposes = (body) => [
  {
    file: NETWORK,
    from: 'use std::marker::PhantomData;',
    to: `use std::marker::PhantomData;

fn changed(layer: &super::layer_plan::LayerPlan, mut kernel: Vec<f32>) -> Vec<f32> {
    if let super::layer_plan::Kind::Transpose(geometry) = &layer.kind {
        let (large, small) = (geometry.large().channels, geometry.small().channels);
        ${body}
    }
    kernel
}`,
  },
  {
    file: NETWORK,
    from: '.pack(&tensors.kernel.values, &mut packed[layer.kernel.clone()]);',
    to: '.pack(&changed(layer, tensors.kernel.values.clone()), &mut packed[layer.kernel.clone()]);',
  },
  {
    file: NETWORK,
    from: 'tensors.kernel.values = layer.layout::<F>().unpack(&packed[layer.kernel.clone()]);',
    to: 'tensors.kernel.values = changed(layer, layer.layout::<F>().unpack(&packed[layer.kernel.clone()]));',
  },
];

/** A convolution, or a transpose, of stride 2 has a row and a column of padding before its large map. */
const padded = (layer, kind) => [{
  file: LAYER_PLAN,
  from: `LayerKind::${layer}(convolution) => Kind::${kind}(Geometry::new(convolution)),`,
  to: `LayerKind::${layer}(mut convolution) => {
                if convolution.stride == 2 {
                    convolution.before = [1; 2];
                }
                Kind::${kind}(Geometry::new(convolution))
            }`,
}];

export const MISTAKES = [
  { name: "stride-2 'same' padded 1 and 0", edits: padded('Conv2d', 'Convolution') },
  { name: 'transpose shifted by one pixel', edits: padded('Conv2dTranspose', 'Transpose') },
  {
    name: "transpose's kernel not turned",
    edits: kernelsOfTransposes('kernel = kernel.rchunks(large * small).flatten().copied().collect();'),
  },
  {
    name: "transpose's kernel as [.., in, out] where in = out",
    edits: kernelsOfTransposes(`if large == small {
            let swapped = |at: usize| at / (large * small) * large * small + at % small * small + at / small % large;
            kernel = (0..kernel.len()).map(|at| kernel[swapped(at)]).collect();
        }`),
  },
  {
    // The derivative follows from the value's sign, so that exact zeros become tiny positive values.
    name: 'derivative 1 at exactly 0',
    edits: [{
      file: 'crates/cpu/src/activation.rs',
      from: 'sum.where_positive(sum, sum * F::splat(self.negative_slope))',
      to: `{
            let not_negative = (sum - F::splat(1e-15)).where_positive(sum, F::splat(1e-25));
            (F::splat(-1e-15) - sum).where_positive(sum * F::splat(self.negative_slope), not_negative)
        }`,
    }],
  },
  {
    name: 'textbook Adam (ε inside the bias correction)',
    edits: [
      { file: ADAM, from: '    rate: f32,\n}', to: '    rate: f32,\n    epsilon: f32,\n}' },
      {
        file: ADAM,
        from: 'Self { rate: adam_rate(learning_rate, t) }',
        to: 'Self { rate: adam_rate(learning_rate, t), epsilon: EPSILON * (1.0 - BETA_2.powf(t as f64)).sqrt() as f32 }',
      },
      { file: ADAM, from: 'F::splat(EPSILON)', to: 'F::splat(self.epsilon)' },
      { file: ADAM, from: 'v.sqrt() + EPSILON', to: 'v.sqrt() + self.epsilon' },
    ],
  },
  {
    name: 'sigma = exp(log_var)',
    edits: [
      {
        file: CODE,
        from: 'let deviation = exp(0.5 * self.values[log_variance][at]);',
        to: 'let deviation = exp(self.values[log_variance][at]);',
      },
      { file: CODE, from: 'let deviation = exp(0.5 * l);', to: 'let deviation = exp(l);' },
      {
        file: CODE,
        from: '0.5 * (g * self.deviates[at] * deviation + weight * (exp(l) - 1.0));',
        to: 'g * self.deviates[at] * deviation + 0.5 * weight * (exp(l) - 1.0);',
      },
    ],
  },
  {
    name: 'KL averaged over the code',
    edits: [
      { file: CODE, from: '.map(of_unit).sum()', to: '.map(of_unit).sum::<f64>() / plan.model.latent_units() as f64' },
      {
        file: CODE,
        from: 'code_backward(&mut self, plan: &Plan, weight: f32) {',
        to: `code_backward(&mut self, plan: &Plan, weight: f32) {
        let weight = weight / plan.model.latent_units() as f32;`,
      },
    ],
  },
  {
    name: 'dropout without its scale',
    edits: [{ file: 'crates/core/src/noise/mod.rs', from: '1.0 / (1.0 - rate)', to: '1.0 + 0.0 * rate' }],
  },
  {
    name: 'dropout without its mask on the way back',
    edits: [{
      file: 'crates/cpu/src/layered/input_gradients.rs',
      from: '|((below, gradient), factor)| *below = gradient * factor',
      to: '|((below, gradient), _)| *below = *gradient',
    }],
  },
  {
    name: 'the same dropout in every step',
    edits: [{ file: PASS, from: 'noise.dropout(steps, ', to: 'noise.dropout(0, ' }],
  },
  {
    name: 'the corrupted image as the target',
    edits: [{
      file: PASS,
      from: 'noise.corrupt(plan.model.corruption, steps, positions.clone(), input)?;',
      to: `noise.corrupt(plan.model.corruption, steps, positions.clone(), input)?;
        for (byte, value) in self.target.iter_mut().zip(&*input) {
            *byte = (value * 255.0).round() as u8;
        }`,
    }],
  },
  {
    name: 'Gaussian noise not clipped',
    edits: [{
      file: 'crates/core/src/noise/corruption.rs',
      from: '(*value + deviation * deviate).clamp(0.0, 1.0)',
      to: '*value + deviation * deviate',
    }],
  },
  {
    name: 'clean images in validation',
    edits: [{
      file: PASS,
      from: 'corrupt_for_validation(plan.model.corruption, first, &mut self.input[..self.images * values], values);',
      to: 'let _ = (corrupt_for_validation, first, values);',
    }],
  },
];
