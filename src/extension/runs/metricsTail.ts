import { open } from 'node:fs/promises';
import type { RunEvent } from '../../protocol/events.ts';
import { runEventSchema } from '../../launching/runEventSchema.ts';

/** Reads a growing `metrics.jsonl`: every call returns the events that were appended since the last one. */
export class MetricsTail {
  readonly #path: string;
  #offset = 0;
  #incomplete: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** New events, in order. Lines that are not events of this version are passed over. */
  async read(): Promise<readonly RunEvent[]> {
    const appended = await this.#readAppended();
    const bytes = Buffer.concat([this.#incomplete, appended]);
    const end = bytes.lastIndexOf('\n') + 1;
    this.#incomplete = bytes.subarray(end);
    return bytes.subarray(0, end).toString('utf8').split('\n').flatMap(parseLine);
  }

  async #readAppended(): Promise<Buffer> {
    const file = await openExisting(this.#path);
    if (!file) return Buffer.alloc(0);
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.max(0, size - this.#offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
      this.#offset += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

async function openExisting(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseLine(line: string): RunEvent[] {
  if (line.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  const parsed = runEventSchema.safeParse(value);
  return parsed.success ? [parsed.data] : [];
}
