import type { Random } from '../../../src/data/random.ts';
import { mutated } from '../mutations.ts';

const NUMBERS = ['-1', '0', '1e999', '-1e-999', '99999999999999999999', '4294967295', '2147483648', 'NaN', '', '1e'];
const WORDS = ['null', '""', '[]', '{}', '[[[[[[', '\0', '\u202e', '\ud800', '../../..', '/dev/zero', '\r', '"'];
const EXTREMES = [0xff_ff_ff_ff, 0x7f_ff_ff_ff, 0x80_00_00_00, 0, 1, 0x00_ff_ff_ff] as const;

/**
 * A file as something went wrong with it: a few bytes, as `mutated` does it; numbers that are far too large; words in the wrong place; parts
 * that come very often.
 */
export function disfigured(content: Uint8Array, random: Random): Buffer {
  if (content.length < 8) return mutated(content, random);
  switch (random.integer(4)) {
    case 0:
      return withExtremes(content, random);
    case 1:
      return isText(content) ? withOtherWords(content, random) : mutated(withExtremes(content, random), random);
    default:
      return mutated(content, random);
  }
}

function isText(content: Uint8Array): boolean {
  return content.subarray(0, 200).every((byte) => byte >= 9 && byte < 127);
}

function withExtremes(content: Uint8Array, random: Random): Buffer {
  const bytes = Buffer.from(content);
  for (let change = 1 + random.integer(3); change > 0; change--) {
    // Sizes stand at the beginning of most files, and at the end of some.
    const near = random.integer(2) === 0 ? Math.min(bytes.length, 96) : bytes.length;
    const fromEnd = random.integer(4) === 0;
    const place = random.integer(Math.max(1, near - 4));
    const at = fromEnd ? bytes.length - 4 - place : place;
    const value = EXTREMES[random.integer(EXTREMES.length)] ?? 0;
    if (random.integer(2) === 0) bytes.writeUInt32LE(value, Math.max(0, at));
    else bytes.writeUInt32BE(value, Math.max(0, at));
  }
  return bytes;
}

function withOtherWords(content: Uint8Array, random: Random): Buffer {
  const text = Buffer.from(content).toString('latin1');
  const pick = (of: readonly string[]): string => of[random.integer(of.length)] ?? '';
  const places = [...text.matchAll(/-?\d+(?:\.\d+)?|"[^"]*"|\w+/g)];
  const place = places[random.integer(Math.max(1, places.length))];
  if (!place) return mutated(content, random);
  const [word] = place;
  const end = place.index + word.length;
  const other = /\d/.test(word) ? pick([...NUMBERS, ...WORDS]) : pick([...WORDS, ...NUMBERS]);
  const written = random.integer(5) === 0 ? word.repeat(2000) : other;
  return Buffer.from(text.slice(0, place.index) + written + text.slice(end), 'latin1');
}
