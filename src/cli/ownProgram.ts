import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The command that starts this very program on another machine that sees the same files, as its words. */
export function ownProgram(): readonly string[] {
  // Run from its sources or from the bundle, the program lies beside this file.
  if (!import.meta.url.endsWith('.ts')) return [process.execPath, fileURLToPath(new URL('cli.mjs', import.meta.url))];
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return [process.execPath, '--import', loader, fileURLToPath(new URL('cli.ts', import.meta.url))];
}
