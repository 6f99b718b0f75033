import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Does `work` while programs of these names, each a POSIX shell script, come first on the path.
 * @param folder where they are written
 */
export async function withPrograms<Result>(
  folder: string,
  scripts: Readonly<Record<string, string>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${programs}${delimiter}${before}`;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
}
