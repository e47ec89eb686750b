// The frame of binary answers: a small JSON header before columns of numbers.

const MAGIC = "TSP1";
const PREAMBLE_BYTES = 8;

/**
 * @param {ArrayBuffer} buffer
 * @returns {{ told: any, start: number }} the header, and where the columns begin
 * @throws {RangeError | SyntaxError} where it breaks off or holds something else
 */
export function opened(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < PREAMBLE_BYTES || String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC)
    throw new RangeError("The answer holds no columns.");
  const start = PREAMBLE_BYTES + new DataView(buffer).getUint32(MAGIC.length, true);
  return { told: JSON.parse(new TextDecoder().decode(bytes.subarray(PREAMBLE_BYTES, start))), start };
}
