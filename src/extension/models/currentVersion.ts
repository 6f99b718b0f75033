import '../jitlessSchemas.ts';
import { existsSync } from 'node:fs';
import type { Uri } from 'vscode';
import * as z from 'zod';

const gitQuery = z.object({ path: z.string() });

/** The file on the disk that a resource of Git is an earlier version of. */
export function currentVersion(uri: Uri): string | undefined {
  if (uri.scheme !== 'git') return undefined;
  try {
    const { path } = gitQuery.parse(JSON.parse(uri.query));
    return existsSync(path) ? path : undefined;
  } catch {
    // A query of another form: the version is shown by itself.
    return undefined;
  }
}
