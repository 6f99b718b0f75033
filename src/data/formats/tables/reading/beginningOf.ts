import { open } from 'node:fs/promises';

const BEGINNING = 4096;

/** The first 4 KiB of a file; undefined where it cannot be read, which is told when it is opened. */
export async function beginningOf(path: string): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const bytes = Buffer.alloc(BEGINNING);
    const { bytesRead } = await file.read(bytes, 0, BEGINNING, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
