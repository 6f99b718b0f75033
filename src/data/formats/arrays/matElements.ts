/** How numbers of each stored type lie there; types that are no numbers are left out. */
const NUMBERS = {
  1: Int8Array,
  2: Uint8Array,
  3: Int16Array,
  4: Uint16Array,
  5: Int32Array,
  6: Uint32Array,
  7: Float32Array,
  9: Float64Array,
  12: BigInt64Array,
  13: BigUint64Array,
} as const;
/** Type of an element that is packed. */
export const COMPRESSED = 15;

/** A piece of a MAT file of version 5 to 7.2. */
export interface Element {
  readonly type: number;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The element that begins at a place. Elements are as long as a multiple of 8 bytes, but for packed ones; short ones lie in their own head.
 * @throws Error saying what is wrong, when it is damaged
 */
export function elementAt(bytes: Buffer, at: number, little: boolean): Element {
  const word = (place: number): number => (little ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place));
  const head = word(at);
  const short = head >>> 16;
  if (short > 0) {
    if (short > 4) throw new Error('a short element of it is too long');
    return { type: head & 0xffff, content: bytes.subarray(at + 4, at + 4 + short), end: at + 8 };
  }
  const size = word(at + 4);
  const start = at + 8;
  if (start + size > bytes.length) throw new Error('it is cut off');
  const padding = head === COMPRESSED ? 0 : (8 - (size % 8)) % 8;
  return { type: head, content: bytes.subarray(start, start + size), end: start + size + padding };
}

/** The numbers that an element holds. @throws Error when it holds none, or is cut off */
export function numbersOf({ type, content }: Element, little: boolean): ArrayLike<number> {
  const Numbers = isNumberType(type) ? NUMBERS[type] : undefined;
  if (!Numbers) throw new Error('it has values of an unknown type');
  const size = Numbers.BYTES_PER_ELEMENT;
  if (content.length % size !== 0) throw new Error('it is cut off');
  // Numbers of several bytes begin anywhere in the file.
  const bytes = Buffer.from(new Uint8Array(content).buffer);
  if (!little && size === 2) bytes.swap16();
  if (!little && size === 4) bytes.swap32();
  if (!little && size === 8) bytes.swap64();
  const numbers = new Numbers(bytes.buffer, 0, bytes.length / size);
  return numbers instanceof BigInt64Array || numbers instanceof BigUint64Array
    ? Float64Array.from(numbers, Number)
    : numbers;
}

function isNumberType(type: number): type is keyof typeof NUMBERS {
  return type in NUMBERS;
}
