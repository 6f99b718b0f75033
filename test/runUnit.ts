/**
 * Runs the test files whose path contains one of the words, or all: `npm run test:unit -- graph`. Options from the first that begins with a
 * dash are mocha's: `npm run test:unit -- graph --grep initializer`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const given = process.argv.slice(2);
const firstOption = given.findIndex((argument) => argument.startsWith('-'));
const words = firstOption < 0 ? given : given.slice(0, firstOption);
const options = firstOption < 0 ? [] : given.slice(firstOption);
const files = ['test/unit', 'test/integration']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name).replaceAll('\\', '/')),
  )
  .filter((file) => file.endsWith('.test.ts') && (words.length === 0 || words.some((word) => file.includes(word))));
if (files.length === 0) {
  console.error(`No test file's path contains ${words.join(' or ')}.`);
  process.exitCode = 1;
} else {
  if (files.some((file) => file.startsWith('test/integration/'))) bundlePrograms();
  // Mocha's own program would start another one that compiles TypeScript.
  const mocha = ['--import', 'tsx', 'node_modules/mocha/lib/cli/cli.js', ...options, ...files];
  process.exitCode = spawnSync(process.execPath, mocha, { stdio: 'inherit' }).status ?? 1;
}

/** Bundles the programs that runs start, which takes less than compiling them once for every run. */
function bundlePrograms(): void {
  if (process.env['DISTILLERY_PROGRAMS'] !== undefined) return;
  const folder = resolve('.cache/test-programs');
  const { status, stderr } = spawnSync(process.execPath, ['build.mjs', `--outdir=${folder}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  process.env['DISTILLERY_PROGRAMS'] = folder;
}
