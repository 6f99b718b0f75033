import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** Does something while the disk has no room for some files: whoever begins to write one of them is refused as a full disk refuses. */
export async function onFullDisk(isRefused: (path: string) => boolean, work: () => Promise<void>): Promise<void> {
  const { open } = promises;
  promises.open = (path, flags, mode) => {
    const isWritten = flags !== undefined && flags !== 'r' && flags !== 'r+';
    if (isWritten && typeof path === 'string' && isRefused(path)) {
      return Promise.reject(
        Object.assign(new Error(`ENOSPC: no space left on device, open '${path}'`), {
          code: 'ENOSPC',
          errno: -28,
          syscall: 'open',
          path,
        }),
      );
    }
    return open(path, flags, mode);
  };
  // What was imported by name is the same again.
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    promises.open = open;
    syncBuiltinESMExports();
  }
}
