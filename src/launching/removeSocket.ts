import { rm } from 'node:fs/promises';
import { controlEndpoint } from '../protocol/endpoint.ts';

/** Removes the socket that a process which was killed leaves behind, and at which nobody would answer. Windows' pipes go with their process. */
export async function removeSocket(folder: string): Promise<void> {
  if (process.platform !== 'win32') await rm(controlEndpoint(folder), { force: true });
}
