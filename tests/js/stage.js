// Points and frames as a stage meets them.

/** Points at shares of their box. */
export const pointsAt = (places, more = {}) => ({
  n: places.length,
  n_inside: places.length,
  n_matching: places.length,
  x: Uint16Array.from(places, ([x]) => Math.round(x * 65535)),
  y: Uint16Array.from(places, ([, y]) => Math.round(y * 65535)),
  box: [0, 2, 0, 1],
  extent: [0, 2, 0, 1],
  ...more,
});

export const WIDE = { width: 1280, height: 600 };
export const NARROW = { width: 390, height: 440 };
export const LOW = { width: 844, height: 200 };
