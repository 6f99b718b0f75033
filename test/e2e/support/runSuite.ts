import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { messageOf } from '../../../src/errors.ts';
import { findBrowser } from './browser.ts';
import { HarnessUnavailable, prepareHarness } from './harness.ts';
import { cacheFolder, outputFolder, repositoryRoot } from './paths.ts';
import { describeResult, readResults, totalsOf, type Totals } from './reporter.ts';

const sources = join(repositoryRoot, 'test', 'e2e', 'suite');
const bundles = join(outputFolder, 'suite');

/**
 * Runs `suite/*.test.ts` inside an extension host, on the extension in this checkout. The environment's
 * `DISTILLERY_VSCODE` says in which VS Code: `desktop` downloads one, `stand-in` starts the server in `host.ts`; the
 * default is the stand-in where it runs, which is Linux.
 *
 * @throws {HarnessUnavailable} when that VS Code cannot be had.
 */
export async function runSuite(): Promise<Totals> {
  const vscodeExecutablePath = await prepareExecutable();
  // `npm test` has just built it.
  if (process.env['DISTILLERY_PROGRAMS'] === undefined) {
    execFileSync(process.execPath, ['build.mjs'], { cwd: repositoryRoot, stdio: 'pipe' });
  }
  await bundleTests();
  const workspace = join(outputFolder, 'suite-workspace');
  await rm(workspace, { recursive: true, force: true });
  await mkdir(workspace, { recursive: true });
  const resultsFile = join(outputFolder, 'suite-results.json');
  await rm(resultsFile, { force: true });
  const failure = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: repositoryRoot,
    extensionTestsPath: join(bundles, 'index.cjs'),
    extensionTestsEnv: { DISTILLERY_TEST_RESULTS: resultsFile },
    launchArgs: [workspace],
  }).then(() => undefined, messageOf);
  if (!existsSync(resultsFile)) throw new Error(`The tests in the extension host did not run: ${failure}`);
  const results = readResults(resultsFile);
  for (const result of results) console.log(describeResult(result));
  const totals = totalsOf(results);
  if (failure !== undefined && totals.failed === 0) throw new Error(`VS Code failed after its tests: ${failure}`);
  return totals;
}

async function prepareExecutable(): Promise<string> {
  const chosen = process.env['DISTILLERY_VSCODE'] ?? (process.platform === 'linux' ? 'stand-in' : 'desktop');
  if (chosen === 'desktop') {
    try {
      return await downloadAndUnzipVSCode({ cachePath: join(cacheFolder, 'vscode-desktop') });
    } catch (error) {
      throw new HarnessUnavailable(`a desktop VS Code could not be downloaded: ${messageOf(error)}`);
    }
  }
  if (chosen !== 'stand-in') {
    throw new Error(`DISTILLERY_VSCODE is “${chosen}”; it may be “desktop” or “stand-in”.`);
  }
  await prepareHarness();
  findBrowser();
  return join(repositoryRoot, 'test', 'e2e', 'support', 'standIn.ts');
}

/** One CommonJS bundle per test file, and the entry that VS Code calls. */
async function bundleTests(): Promise<void> {
  const names = (await readdir(sources)).filter((name) => name.endsWith('.ts'));
  await rm(bundles, { recursive: true, force: true });
  await build({
    entryPoints: names.map((name) => join(sources, name)),
    outdir: bundles,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
