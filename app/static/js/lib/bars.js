// The outline of bars that touch each other.

/**
 * A path over a box as wide as there are bars, whose foot is at `height`.
 * @param {readonly number[]} bars @param {number} most the bar that is `height` high @param {number} height
 */
export function outline(bars, most, height) {
  const steps = bars.map((n, i) => `V${(height * (1 - n / Math.max(most, Number.MIN_VALUE))).toFixed(2)}H${i + 1}`);
  return `M0 ${height}${steps.join("")}V${height}Z`;
}
