import { isUtf8 } from 'node:buffer';

/** A form in which Unicode is stored, by its name in the Encoding Standard, which lacks UTF-32. */
export type UnicodeForm = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

/** Byte order marks; that of UTF-32 begins as that of UTF-16 does. */
const MARKS: readonly (readonly [UnicodeForm, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const SAMPLE = 2 ** 12;
const LINE_FEED = 0x0a;
const LARGEST = 0x10_ff_ff;
/** Code points below a tab are in no text. */
const SMALLEST = 9;
const CONTROL = /[^\P{Cc}\t\n\f\r]/u;
/** Characters of a text that are put together at once. */
const AT_ONCE = 2 ** 12;

/**
 * The form that a text is in, by its byte order mark or its zeros, and how many bytes the mark takes.
 * @returns `form` undefined where nothing tells, as in UTF-8 without a mark and in all other encodings
 */
export function unicodeForm(bytes: Buffer): { readonly form: UnicodeForm | undefined; readonly mark: number } {
  for (const [form, mark] of MARKS)
    if (mark.every((byte, at) => bytes[at] === byte)) return { form, mark: mark.length };
  return { form: unmarkedForm(bytes.subarray(0, SAMPLE)), mark: 0 };
}

/**
 * Decodes a text piece by piece, where a character may begin in one piece and end in the next.
 * @param encoding a form of Unicode, or another name of the Encoding Standard
 */
export function pieceDecoder(encoding: string): (bytes: Buffer, last: boolean) => string {
  if (encoding === 'utf-32le' || encoding === 'utf-32be') return utf32Decoder(encoding === 'utf-32be');
  const decoder = new TextDecoder(encoding);
  return (bytes, last) => decoder.decode(bytes, { stream: !last });
}

/** A text whose mark or zeros tell its form; undefined where nothing tells, or where the mark is wrong. */
export function decodeUnicode(bytes: Buffer): string | undefined {
  const { form, mark } = unicodeForm(bytes);
  if (form === 'utf-8' && !isUtf8(bytes)) return undefined;
  const text = form && pieceDecoder(form)(bytes.subarray(mark), true);
  // Bytes that are no text may have zeros where UTF-16 has them.
  return mark === 0 && text !== undefined && CONTROL.test(text) ? undefined : text;
}

/** UTF-16 without a mark has a zero on one side of every character of ASCII: of some in any language, such as line ends. */
function unmarkedForm(sample: Buffer): UnicodeForm | undefined {
  if (isUtf32(sample, (at) => sample.readUInt32LE(at))) return 'utf-32le';
  if (isUtf32(sample, (at) => sample.readUInt32BE(at))) return 'utf-32be';
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = 0.05 * (sample.length / 2);
  const form = odd > many && even === 0 ? 'utf-16le' : even > many && odd === 0 ? 'utf-16be' : undefined;
  return form && !hasPlainLineEnds(sample, form) ? form : undefined;
}

/** Whether lines end, and no end has the zero beside it that it has in UTF-16: then zeros stand in a text of single bytes. */
function hasPlainLineEnds(sample: Buffer, form: 'utf-16le' | 'utf-16be'): boolean {
  const beside = form === 'utf-16le' ? 1 : -1;
  const ends = [...sample.keys()].filter((at) => sample[at] === LINE_FEED);
  return ends.length > 1 && !ends.some((at) => sample[at + beside] === 0);
}

function isUtf32(sample: Buffer, codeAt: (at: number) => number): boolean {
  for (let at = 0; at + 4 <= sample.length; at += 4) {
    const code = codeAt(at);
    if (code < SMALLEST || code > LARGEST) return false;
  }
  return sample.length >= 8;
}

function utf32Decoder(isBig: boolean): (bytes: Buffer, last: boolean) => string {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole = all.length - (all.length % 4);
    const parts: string[] = [];
    for (let start = 0; start < whole; start += 4 * AT_ONCE) {
      const codes: number[] = [];
      for (let at = start; at < Math.min(whole, start + 4 * AT_ONCE); at += 4) {
        const code = isBig ? all.readUInt32BE(at) : all.readUInt32LE(at);
        codes.push(code <= LARGEST ? code : 0xff_fd);
      }
      parts.push(String.fromCodePoint(...codes));
    }
    rest = Buffer.from(all.subarray(whole));
    return parts.join('');
  };
}
