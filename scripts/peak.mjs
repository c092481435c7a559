// Measures the peak of one core in single precision with vectors of 128 bits, in GFLOP/s: by separate multiplications and
// additions, as plain wasm SIMD has them. Nothing but these instructions is in the loop, and enough of them are independent to
// fill the pipelines.
//   node scripts/peak.mjs
import binaryen from 'binaryen';
import { pathToFileURL } from 'node:url';

/** Values that are multiplied, and as many that are added to. With the two operands they fit into sixteen registers. */
const CHAINS = 6;
const UNROLLED = 8;
const FLOATS = 4;
/** Rounds are short, so that other programs leave some of them alone. */
const ROUNDS = 200;
const ROUND_S = 0.005;
/** How long a function runs until the optimising compiler has taken over. */
const WARM_S = 0.5;

/** `run(iterations, factor, summand)`: the loop, and the sum of what it computed, so that no compiler leaves it out. */
function program() {
  const m = new binaryen.Module();
  m.setFeatures(binaryen.Features.SIMD128);
  const [COUNT, FACTOR, SUMMAND] = [0, 1, 2];
  const [factor, summand, first] = [3, 4, 5];
  const { i32, f32, v128 } = binaryen;
  const products = Array.from({ length: CHAINS }, (_, at) => first + at);
  const sums = products.map((at) => at + CHAINS);
  const vector = (at) => m.local.get(at, v128);
  const step = [
    ...products.map((at) => m.local.set(at, m.f32x4.mul(vector(at), vector(factor)))),
    ...sums.map((at) => m.local.set(at, m.f32x4.add(vector(at), vector(summand)))),
  ];
  const again = m.local.tee(COUNT, m.i32.sub(m.local.get(COUNT, i32), m.i32.const(1)), i32);
  const copies = Array.from({ length: UNROLLED }, () => step.map((it) => m.copyExpression(it))).flat();
  const all = [...products, ...sums].map(vector).reduce((a, b) => m.f32x4.add(a, b));
  const body = m.block(null, [
    m.local.set(factor, m.f32x4.splat(m.local.get(FACTOR, f32))),
    m.local.set(summand, m.f32x4.splat(m.local.get(SUMMAND, f32))),
    ...[...products, ...sums].map((at) => m.local.set(at, vector(factor))),
    m.loop('loop', m.block(null, [...copies, m.br('loop', again)])),
    m.f32x4.extract_lane(all, 0),
  ], f32);
  m.addFunction('run', binaryen.createType([i32, f32, f32]), f32, Array(2 + 2 * CHAINS).fill(v128), body);
  m.addFunctionExport('run', 'run');
  return m.emitBinary();
}

/** The best of some rounds. */
export async function peak() {
  const { instance } = await WebAssembly.instantiate(program());
  const { run } = instance.exports;
  const seconds = (iterations) => {
    const began = performance.now();
    run(iterations, 1, 1e-9);
    return (performance.now() - began) / 1000;
  };
  const [began, warm] = [performance.now(), 1000 * WARM_S];
  while (performance.now() - began < warm) seconds(1e4);
  let iterations = 1e4;
  while (seconds(iterations) < ROUND_S) iterations *= 2;
  const best = Math.min(...Array.from({ length: ROUNDS }, () => seconds(iterations)));
  return (2 * CHAINS * UNROLLED * FLOATS * iterations) / best / 1e9;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(JSON.stringify({ peak_gflops: Number((await peak()).toPrecision(3)) }));
