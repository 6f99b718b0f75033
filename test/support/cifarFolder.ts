import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedPath } from './shared.ts';

/** CIFAR photographs as image folders, unpacked into `folder` once; undefined where they are not at hand. */
export function cifarFolder(folder: string): string | undefined {
  const archive = sharedPath('data/cifar10-small.tar');
  const unpacked = join(folder, 'cifar10-small');
  if (archive === undefined) return undefined;
  if (!existsSync(unpacked) && spawnSync('tar', ['xf', archive, '-C', folder]).status !== 0) {
    throw new Error(`'${archive}' could not be unpacked.`);
  }
  return unpacked;
}
