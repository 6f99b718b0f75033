import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DistilleryError } from '../errors.ts';

/** Path of a file that is shipped with Distillery, whether it runs from its sources or bundled. */
export function packagedFile(relative: string): string {
  return join(packageRoot(), relative);
}

/** The version of Distillery. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packagedFile('package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new DistilleryError('INTERNAL', 'The package has no version.');
}

function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new DistilleryError('INTERNAL', 'Distillery does not lie in its package.');
    directory = parent;
  }
  return directory;
}
