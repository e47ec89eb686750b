// The WebGL2 program of the points: soft-edged discs coloured from a palette.

// A point's place arrives as the two uint16 columns of the server's answer, normalised by the card to 0-1 of the points' box:
// `scale` and `offset` take that straight to clip space, so no place is ever computed, or copied, in JavaScript.
const VERTEX = `#version 300 es
in float x; in float y; in float value; in float spread;
uniform vec2 scale; uniform vec2 offset; uniform float size; uniform float growth; uniform float alpha; uniform sampler2D palette;
flat out vec4 colour; flat out float diameter;
void main() {
  gl_Position = vec4(vec2(x, y) * scale + offset, 0.0, 1.0);
  diameter = size * (1.0 + growth * spread);
  gl_PointSize = diameter + 1.0;
  colour = texture(palette, vec2((value * 255.0 + 0.5) / 256.0, 0.5));
  colour.a *= alpha;
}`;

// The square of a point is one pixel larger than its disc, for the soft edge: opacity falls from 1 to 0 over the pixel around the
// rim. What is left of the square is discarded rather than blended as nothing, which would cost as much as a pixel that is seen.
const FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 colour; flat in float diameter; out vec4 rgba;
void main() {
  float inside_px = 0.5 * diameter - length(gl_PointCoord - 0.5) * (diameter + 1.0);
  float opacity = colour.a * clamp(inside_px + 0.5, 0.0, 1.0);
  if (opacity <= 0.0) discard;
  rgba = vec4(colour.rgb * opacity, opacity);
}`;

const LINE_VERTEX = `#version 300 es
in float x; in float y; in float age;
uniform vec2 scale; uniform vec2 offset; uniform vec3 colour; uniform vec2 strength;
out vec4 rgba_;
void main() {
  gl_Position = vec4(vec2(x, y) * scale + offset, 0.0, 1.0);
  float opacity = mix(strength.x, strength.y, age);
  rgba_ = vec4(colour * opacity, opacity);
}`;

const LINE_FRAGMENT = `#version 300 es
precision mediump float;
in vec4 rgba_; out vec4 rgba;
void main() { rgba = rgba_; }`;

// A point goes straight from where the turned map of before has it to its own place, while that map is still turning.
const MOVE_VERTEX = `#version 300 es
in vec2 from; in float x; in float y; in float value; in float spread;
uniform vec2 scale; uniform vec2 offset; uniform float aspect; uniform float share;
uniform vec2 start; uniform mat2 turn; uniform vec2 middle; uniform mat2 wholeTurn; uniform vec2 end;
uniform float size; uniform float growth; uniform float alpha; uniform sampler2D palette;
flat out vec4 colour; flat out float diameter;
void main() {
  vec2 to = (vec2(x, y) * scale + offset) * vec2(aspect, 1.0);
  vec2 before = from - start;
  vec2 place = turn * before + middle + share * (to - wholeTurn * before - end);
  gl_Position = vec4(place / vec2(aspect, 1.0), 0.0, 1.0);
  diameter = size * (1.0 + growth * spread);
  gl_PointSize = diameter + 1.0;
  colour = texture(palette, vec2((value * 255.0 + 0.5) / 256.0, 0.5));
  colour.a *= alpha;
}`;

export const ATTRIBUTES = /** @type {const} */ (["x", "y", "value", "spread"]);
const UNIFORMS = /** @type {const} */ (["scale", "offset", "size", "growth", "alpha", "palette"]);
export const LINE_ATTRIBUTES = /** @type {const} */ (["x", "y", "age"]);
const LINE_UNIFORMS = /** @type {const} */ (["scale", "offset", "colour", "strength"]);

export const MOVE_ATTRIBUTES = /** @type {const} */ (["from", "x", "y", "value", "spread"]);
const MOVE_UNIFORMS = /** @type {const} */ ([
  ...["scale", "offset", "aspect", "share", "start", "turn", "middle", "wholeTurn", "end", "size", "growth", "alpha", "palette"],
]);

/**
 * A linked program and where its attributes and uniforms are.
 * @template {readonly string[]} A
 * @template {readonly string[]} U
 * @typedef {{ program: WebGLProgram, attributes: Record<A[number], number>,
 *   uniforms: Record<U[number], WebGLUniformLocation | null> }} Program
 */
/** @typedef {Program<typeof ATTRIBUTES, typeof UNIFORMS>} DiscProgram */
/** @typedef {Program<typeof LINE_ATTRIBUTES, typeof LINE_UNIFORMS>} LineProgram */
/** @typedef {Program<typeof MOVE_ATTRIBUTES, typeof MOVE_UNIFORMS>} MoveProgram */

/** @param {WebGL2RenderingContext} gl @returns {DiscProgram} */
export function discProgram(gl) {
  return linked(gl, VERTEX, FRAGMENT, ATTRIBUTES, UNIFORMS);
}

/** @param {WebGL2RenderingContext} gl @returns {MoveProgram} */
export function moveProgram(gl) {
  return linked(gl, MOVE_VERTEX, FRAGMENT, MOVE_ATTRIBUTES, MOVE_UNIFORMS);
}

/** @param {WebGL2RenderingContext} gl @returns {LineProgram} */
export function lineProgram(gl) {
  return linked(gl, LINE_VERTEX, LINE_FRAGMENT, LINE_ATTRIBUTES, LINE_UNIFORMS);
}

/**
 * @template {readonly string[]} A
 * @template {readonly string[]} U
 * @param {WebGL2RenderingContext} gl @param {string} vertex @param {string} fragment
 * @param {A} attributeNames @param {U} uniformNames
 * @returns {Program<A, U>}
 */
function linked(gl, vertex, fragment, attributeNames, uniformNames) {
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  const shaders = [shader(gl, gl.VERTEX_SHADER, vertex), shader(gl, gl.FRAGMENT_SHADER, fragment)];
  for (const each of shaders) gl.attachShader(program, each);
  gl.linkProgram(program);
  // they live on as long as the program that they are attached to
  for (const each of shaders) gl.deleteShader(each);
  // a lost context links nothing and says nothing; the points come back with the context
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(gl.getProgramInfoLog(program) ?? "The WebGL program does not link");
  const attributes = Object.fromEntries(attributeNames.map((name) => [name, gl.getAttribLocation(program, name)]));
  const uniforms = Object.fromEntries(uniformNames.map((name) => [name, gl.getUniformLocation(program, name)]));
  return { program, attributes: /** @type {any} */ (attributes), uniforms: /** @type {any} */ (uniforms) };
}

/** A texture for a palette, read without blending. @param {WebGL2RenderingContext} gl */
export function paletteTexture(gl) {
  const texture = /** @type {WebGLTexture} */ (gl.createTexture());
  gl.bindTexture(gl.TEXTURE_2D, texture);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  return texture;
}

/** @param {WebGL2RenderingContext} gl @param {WebGLTexture} texture of a palette @param {Uint8Array} rgba 256 entries */
export function fillPalette(gl, texture, rgba) {
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
}

/**
 * Browsers keep about sixteen contexts per page and take the oldest away for the next one. A context that is only forgotten counts
 * until the garbage is collected, so it is given back by hand.
 * @param {WebGL2RenderingContext} gl
 */
export function release(gl) {
  gl.getExtension("WEBGL_lose_context")?.loseContext();
}

/** @param {WebGL2RenderingContext} gl @param {number} kind @param {string} source */
function shader(gl, kind, source) {
  const made = /** @type {WebGLShader} */ (gl.createShader(kind));
  gl.shaderSource(made, source);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS) && !gl.isContextLost())
    throw new Error(gl.getShaderInfoLog(made) ?? "A WebGL shader does not compile");
  return made;
}
