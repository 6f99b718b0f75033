import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of real data or a real model in the folder `shared` beside the checkout; undefined where it is absent. */
export function sharedPath(relative: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/${relative}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** The path, or skips the running test with the reason. */
export function requireShared(context: Mocha.Context, relative: string): string {
  const path = sharedPath(relative);
  if (path === undefined) {
    console.log(`      skipped: ../shared/${relative} is not there`);
    context.skip();
  }
  return path;
}
