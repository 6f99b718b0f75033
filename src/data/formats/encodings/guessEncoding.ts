import { isUtf8 } from 'node:buffer';
import { decodeWindows1252 } from '../windows1252.ts';
import { readsAs, type Script } from './wordForms.ts';

/** An encoding that a text may be in. */
interface Candidate {
  readonly encoding: string;
  readonly script: Script;
  /** First bytes of usual characters, from and to, and the least of their second, where a character has two. */
  readonly usual?: readonly [from: number, to: number, firstTrail: number];
  /** What texts of its languages have. */
  readonly has?: RegExp;
  /** What they do not have. */
  readonly lacks?: RegExp;
}

/** Kana, the repetition of a character, and letters as wide and half as wide as characters. */
const JAPANESE = [
  [0x3041, 0x30fe],
  [0x3005, 0x3005],
  [0xff21, 0xff9f],
] as const;
const KANA = /[\u3041-\u30fa]/u;

/** Of two that read a text alike, the first is taken. */
const CANDIDATES: readonly Candidate[] = [
  // Turkish writes ğ, ı and ş where others have ð, ý and þ, and none of the letters that stand beside those.
  { encoding: 'windows-1254', script: 'latin', has: /[ğış]/iu, lacks: /[áíóúæ]/iu },
  // Czech writes ř, ě and ů where others have ø, ì and ù, which no language has together.
  { encoding: 'windows-1252', script: 'latin', lacks: /ø[^]*[ìù]|[ìù][^]*ø/iu },
  { encoding: 'iso-8859-15', script: 'latin' },
  { encoding: 'windows-1250', script: 'latin' },
  { encoding: 'iso-8859-2', script: 'latin' },
  { encoding: 'macintosh', script: 'latin' },
  { encoding: 'windows-1255', script: 'hebrew' },
  { encoding: 'windows-1251', script: 'cyrillic' },
  { encoding: 'euc-kr', script: 'korean' },
  { encoding: 'euc-jp', script: 'japanese', usual: [0xb0, 0xcf, 0xa1], has: KANA },
  { encoding: 'shift_jis', script: 'japanese', usual: [0x88, 0x97, 0x40], has: KANA },
  { encoding: 'gb18030', script: 'chinese', usual: [0xb0, 0xd7, 0xa1], lacks: KANA },
  { encoding: 'big5', script: 'chinese', usual: [0xa4, 0xc6, 0x40] },
  { encoding: 'koi8-r', script: 'cyrillic' },
  { encoding: 'ibm866', script: 'cyrillic' },
  { encoding: 'windows-1253', script: 'greek' },
  { encoding: 'windows-1256', script: 'arabic' },
  { encoding: 'windows-874', script: 'thai' },
];

/** What a text of another language is less likely by. */
const UNLIKE = 0.9;
/** Share of the words that have to be words of a script. */
const ENOUGH = 0.6;
/** Bytes of lines beyond ASCII that tell. */
const SAMPLE = 2 ** 16;
const LINE_FEED = 0x0a;

/**
 * The encoding that the words of a text speak for: that in which most of them are of one script, written as words are (small letters, or capitals in
 * front), with usual characters where a script has thousands.
 *
 * @param bytes whole lines
 * @returns its name in the Encoding Standard; undefined where the text is UTF-8, or nothing speaks for any
 */
export function guessEncoding(bytes: Buffer): string | undefined {
  if (isUtf8(bytes)) return undefined;
  const sample = linesBeyondAscii(bytes);
  let best: { readonly encoding: string; readonly share: number } | undefined;
  for (const candidate of CANDIDATES) {
    const share = shareOf(sample, candidate);
    if (share >= ENOUGH && share > (best?.share ?? 0)) best = { encoding: candidate.encoding, share };
  }
  return best?.encoding;
}

/** Text in one of the encodings that the platform knows; windows-1252 alike in every version of it. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  return encoding === 'windows-1252' ? decodeWindows1252(bytes) : new TextDecoder(encoding).decode(bytes);
}

/** The name that the platform knows an encoding by; undefined where it knows none. */
export function encodingCalled(name: string): string | undefined {
  try {
    return new TextDecoder(name.trim().replace(/^cp(?=\d)/i, 'windows-')).encoding;
  } catch {
    return undefined;
  }
}

function shareOf(sample: Buffer, { encoding, script, usual, has, lacks }: Candidate): number {
  const text = decodeText(sample, encoding);
  const share = readsAs(text, script, usual ? usualCharacters(encoding, usual, script) : new Set());
  return has?.test(text) === false || lacks?.test(text) === true ? UNLIKE * share : share;
}

function linesBeyondAscii(bytes: Buffer): Buffer {
  const lines: Buffer[] = [];
  let length = 0;
  for (let start = 0; start < bytes.length && length < SAMPLE;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, feed < 0 ? bytes.length : feed + 1);
    if (line.some((byte) => byte > 0x7f)) {
      lines.push(line);
      length += line.length;
    }
    start += line.length;
  }
  return Buffer.concat(lines);
}

/** The characters that the standard of an encoding puts first as they are used most, and syllables. */
function usualCharacters(
  encoding: string,
  [from, to, firstTrail]: readonly [number, number, number],
  script: Script,
): ReadonlySet<string> {
  const pairs: number[] = [];
  for (let lead = from; lead <= to; lead++) {
    for (let trail = firstTrail; trail < 0xff; trail++) pairs.push(lead, trail, LINE_FEED);
  }
  const usual = new Set(new TextDecoder(encoding).decode(Uint8Array.from(pairs)).match(/\p{sc=Han}/gu));
  if (script !== 'japanese') return usual;
  for (const [first, last] of JAPANESE)
    for (let code = first; code <= last; code++) usual.add(String.fromCharCode(code));
  return usual;
}
