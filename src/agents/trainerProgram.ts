import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packagedFile } from '../platform/packageFiles.ts';
import type { Program } from './tool.ts';

/**
 * The program that trains and searches, bundled beside the one that runs, or from its sources.
 * @param caller `import.meta.url` of the file that calls
 */
export function trainerProgram(caller: string): Program {
  if (!caller.endsWith('.ts')) return [join(dirname(fileURLToPath(caller)), 'trainer.mjs')];
  const loader = pathToFileURL(createRequire(caller).resolve('tsx')).href;
  return ['--import', loader, packagedFile(join('src', 'trainer', 'trainer.ts'))];
}
