import { createGunzip } from 'node:zlib';
import { messageOf } from '../../../errors.ts';

/** What came out of gzip data. */
export interface Gunzipped {
  /** Bytes written to the target. */
  readonly length: number;
  /** True when there was more than the target holds. */
  readonly more: boolean;
  /** What is wrong with the gzip data itself, if anything was met. */
  readonly damage: string | undefined;
}

/** No gzip data is more than this many times longer than its compressed form: deflate's highest ratio. */
export const HIGHEST_RATIO = 1032;

const LARGEST_CHUNK = 2 ** 20;

/** Whether a file begins as one of gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Decompresses into `target` and no further than one chunk behind its end, whatever the data would become. */
export async function gunzipInto(compressed: Uint8Array, target: Uint8Array): Promise<Gunzipped> {
  const gunzip = createGunzip({ chunkSize: Math.min(LARGEST_CHUNK, Math.max(64, target.length)) });
  gunzip.end(compressed);
  let length = 0;
  try {
    for await (const piece of gunzip) {
      const chunk = piece as Uint8Array;
      const fitting = chunk.subarray(0, target.length - length);
      target.set(fitting, length);
      length += fitting.length;
      if (fitting.length < chunk.length) return { length, more: true, damage: undefined };
    }
  } catch (error) {
    return { length, more: false, damage: messageOf(error) };
  }
  return { length, more: false, damage: undefined };
}
