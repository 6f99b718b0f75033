import { open } from 'node:fs/promises';
import { readIfThere } from '../../platform/readIfThere.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { runEventSchema } from '../../launching/runEventSchema.ts';

/** What is read and understood at once, in some ten milliseconds; then the rest of the program has its turn. */
const SLICE_BYTES = 256 * 1024;

/** Reads a growing `metrics.jsonl`: every call gives the events that were appended since the last one. */
export class MetricsTail {
  readonly #path: string;
  readonly #sliceBytes: number;
  #offset = 0;
  /** The beginning of a line whose end was not read yet. */
  #incomplete: Buffer = Buffer.alloc(0);

  /** @param sliceBytes how much is read at once */
  constructor(path: string, sliceBytes = SLICE_BYTES) {
    this.#path = path;
    this.#sliceBytes = sliceBytes;
  }

  /** New events in order, slice by slice. Lines that are not events of this version are passed over. */
  async *read(): AsyncGenerator<readonly RunEvent[]> {
    const file = await readIfThere(open(this.#path, 'r'), undefined);
    if (!file) return;
    try {
      const buffer = Buffer.alloc(this.#sliceBytes);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        const bytes = Buffer.concat([this.#incomplete, buffer.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf('\n') + 1;
        this.#incomplete = bytes.subarray(end);
        const events = bytes.subarray(0, end).toString('utf8').split('\n').flatMap(parseLine);
        if (events.length > 0) yield events;
      }
    } finally {
      await file.close();
    }
  }
}

function parseLine(line: string): RunEvent[] {
  if (line.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A line that a killed process did not finish.
    return [];
  }
  const parsed = runEventSchema.safeParse(value);
  return parsed.success ? [parsed.data] : [];
}
