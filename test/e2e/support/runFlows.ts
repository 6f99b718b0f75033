import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findBrowser } from './browser.ts';
import { prepareHarness } from './harness.ts';
import { outputFolder, repositoryRoot } from './paths.ts';
import { readResults, totalsOf, type Totals } from './reporter.ts';
import { installPackagedExtension } from './vsix.ts';

/**
 * Packs the extension, installs the package into a fresh folder and runs `flows/*.test.ts` on it: what a person does in
 * the workbench, done by Playwright.
 *
 * @param grep chooses the flows whose titles match; all without it.
 * @throws {HarnessUnavailable} when a VS Code server or a browser cannot be had.
 */
export async function runFlows(grep?: string): Promise<Totals> {
  await prepareHarness();
  findBrowser();
  await installPackagedExtension();
  const results = join(outputFolder, 'flows-results.json');
  await rm(results, { force: true });
  const code = await runMocha([
    ...['--no-config', '--timeout', '300000', '--forbid-only'],
    ...['--reporter', './test/e2e/support/reporter.ts', '--reporter-option', `results=${results},print=1`],
    ...(grep === undefined ? [] : ['--grep', grep]),
    'test/e2e/flows/**/*.test.ts',
  ]);
  if (!existsSync(results)) throw new Error(`The flows did not run: mocha ended with exit code ${code}.`);
  const totals = totalsOf(readResults(results));
  if (code !== 0 && totals.failed === 0) throw new Error(`Mocha ended with exit code ${code} although no flow failed.`);
  return totals;
}

async function runMocha(args: readonly string[]): Promise<number> {
  const mocha = join(repositoryRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--import', './test/e2e/support/endWithParent.ts', mocha, ...args],
    { cwd: repositoryRoot, stdio: ['pipe', 'inherit', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
}
