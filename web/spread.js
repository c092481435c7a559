/**
 * The median of some figures, the least and the most. An even count has the greater of the two in the middle.
 * @param {number[]} figures NaN for each if there are none.
 */
export function spread(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (/** @type {number} */ index) => sorted.at(index) ?? NaN;
  return { median: at(sorted.length >> 1), min: at(0), max: at(-1) };
}
