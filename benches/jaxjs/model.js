// What a link says of a dense model.

/** The first of all defaults: the tutorial's network. */
const DEFAULTS = { hidden: '300', code: '2', batch: '256', lr: '0.0005', activation: 'leaky-relu', loss: 'mse', corruption: 'gaussian0' };
const IMAGE = 784;

/**
 * The model of a link, with the numbers of its layers: the encoder's hidden ones, those to the code, the decoder's hidden ones,
 * and the last. Fails where a setting is not known here.
 */
export function modelOf(link) {
  const given = Object.fromEntries(new URLSearchParams(link));
  const settings = { ...DEFAULTS, ...given };
  const unknown = Object.keys(given).filter((name) => !['output', 'variational', ...Object.keys(DEFAULTS)].includes(name));
  if (unknown.length > 0) throw new Error(`not known here: ${unknown}`);
  const hidden = settings.hidden.split(',').map(Number);
  const isVariational = settings.variational === '1';
  const [heads, depth] = [isVariational ? 2 : 1, hidden.length];
  const numbers = (from, length) => Array.from({ length }, (_, at) => from + at);
  return {
    hidden,
    code: Number(settings.code),
    batch: Number(settings.batch),
    rate: Number(settings.lr),
    activation: settings.activation,
    output: settings.output ?? settings.activation,
    isVariational,
    isCrossEntropy: settings.loss === 'bce-sum',
    deviation: Number(settings.corruption.replace('gaussian', '')),
    layers: {
      encoder: numbers(0, depth),
      code: numbers(depth, heads),
      decoder: numbers(depth + heads, depth),
      output: 2 * depth + heads,
    },
  };
}

/** The shapes of a model's kernels and biases, layer by layer. */
export function weightShapes({ hidden, code, isVariational }) {
  const encoder = [IMAGE, ...hidden];
  const decoder = [code, ...hidden.toReversed(), IMAGE];
  const pairs = (sizes) => sizes.slice(1).map((outputs, at) => [sizes[at], outputs]);
  const toCode = [encoder.at(-1), code];
  const layers = [...pairs(encoder), toCode, ...(isVariational ? [toCode] : []), ...pairs(decoder)];
  return layers.flatMap(([inputs, outputs]) => [[inputs, outputs], [outputs]]);
}
