// How one map lies to another: the turn, the reflection and the scale that bring shared points closest (Procrustes). Pure.

/** A place as a complex number. @typedef {[number, number]} Place */
/** @typedef {{ from: Place, to: Place, angle: number, scale: number, isMirrored: boolean }} Alignment middles, radians, factor */
/** @typedef {{ matrix: [number, number, number, number], middle: Place }} Turned by columns */

/** Maps that agree less than this are not turned: nothing would be recognised. */
const LEAST_AGREEMENT = 0.2;
const MOST_SCALE = 3;

/**
 * The similarity that takes places closest to others (least squares; Gower and Dijksterhuis, "Procrustes problems", 2004).
 * @param {Float32Array} from pairs of x and y @param {Float32Array} to as many
 * @returns {Alignment}
 */
export function aligned(from, to) {
  const n = from.length / 2;
  const middles = [from, to].map((places) => {
    let [x, y] = [0, 0];
    for (let i = 0; i < n; i++) [x, y] = [x + places[2 * i], y + places[2 * i + 1]];
    return /** @type {Place} */ ([x / (n || 1), y / (n || 1)]);
  });
  let [turn, turnY, mirror, mirrorY, sizeFrom, sizeTo] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [fx, fy] = [from[2 * i] - middles[0][0], from[2 * i + 1] - middles[0][1]];
    const [tx, ty] = [to[2 * i] - middles[1][0], to[2 * i + 1] - middles[1][1]];
    // t times the conjugate of f: what f must be turned by; with f reflected first, t times f
    turn += tx * fx + ty * fy;
    turnY += ty * fx - tx * fy;
    mirror += tx * fx - ty * fy;
    mirrorY += ty * fx + tx * fy;
    sizeFrom += fx * fx + fy * fy;
    sizeTo += tx * tx + ty * ty;
  }
  const isMirrored = Math.hypot(mirror, mirrorY) > Math.hypot(turn, turnY);
  const [x, y] = isMirrored ? [mirror, mirrorY] : [turn, turnY];
  const agreement = Math.hypot(x, y) / (Math.sqrt(sizeFrom * sizeTo) || 1);
  const [start, end] = middles;
  if (agreement < LEAST_AGREEMENT) return { from: start, to: end, angle: 0, scale: 1, isMirrored: false };
  const scale = Math.min(MOST_SCALE, Math.max(1 / MOST_SCALE, Math.sqrt(sizeTo / sizeFrom)));
  return { from: start, to: end, angle: Math.atan2(y, x), scale, isMirrored };
}

/**
 * The part of an alignment that is done after a share of the way.
 * @param {Alignment} alignment @param {number} share @returns {Turned}
 */
export function turned({ from, to, angle, scale, isMirrored }, share) {
  const [cos, sin] = [Math.cos(angle * share), Math.sin(angle * share)];
  const factor = scale ** share;
  const flip = isMirrored ? 1 - 2 * share : 1;
  return {
    matrix: [factor * cos, factor * sin, -factor * sin * flip, factor * cos * flip],
    middle: [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])],
  };
}
