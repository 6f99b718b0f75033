import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DistilleryError, messageOf, systemCodeOf } from '../errors.ts';

/** How much is read at once while a file is walked through. */
const WINDOW = 256 * 1024;

/** A file of any size that is read where it is looked at. */
export class FileWindow {
  readonly path: string;
  readonly size: number;
  readonly #file: number;
  #start = 0;
  #window: Uint8Array = new Uint8Array(0);

  /** @throws DistilleryError `FILE_NOT_FOUND`, or `BAD_FILE` when it is no file that can be read */
  constructor(path: string) {
    this.path = path;
    try {
      this.#file = openSync(path, 'r');
    } catch (cause) {
      const isMissing = systemCodeOf(cause) === 'ENOENT';
      throw isMissing
        ? new DistilleryError('FILE_NOT_FOUND', `There is no file '${path}'.`, { cause })
        : new DistilleryError('BAD_FILE', `'${path}' cannot be read: ${messageOf(cause)}.`, { cause });
    }
    const found = fstatSync(this.#file);
    this.size = found.size;
    if (found.isFile()) return;
    this.close();
    throw new DistilleryError('BAD_FILE', `'${path}' is not a file.`);
  }

  close(): void {
    closeSync(this.#file);
  }

  /**
   * A stretch of the file; short ones come from what was read already.
   * @throws DistilleryError `BAD_FILE` when the file ends before
   */
  bytes(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.size) throw cutOff();
    if (length > WINDOW / 2) return this.#read(offset, length);
    if (offset < this.#start || offset + length > this.#start + this.#window.length) {
      this.#window = this.#read(offset, Math.min(WINDOW, this.size - offset));
      this.#start = offset;
    }
    return this.#window.subarray(offset - this.#start, offset - this.#start + length);
  }

  #read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#file, bytes, filled, length - filled, offset + filled);
      if (count === 0) throw cutOff();
      filled += count;
    }
    return bytes;
  }
}

/** The error of a file that is not what its first bytes promise. */
export function cutOff(): DistilleryError {
  return new DistilleryError('BAD_FILE', 'It is not an ONNX model, or is cut off.', {
    hint: 'Choose a model in ONNX format (.onnx), or export or download it again.',
  });
}
