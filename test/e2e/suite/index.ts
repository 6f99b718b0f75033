import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import resultsReporter from '../support/reporter.ts';

/**
 * What VS Code calls in its extension host: runs every bundled test beside this file with mocha, and writes the results
 * to the file that the environment's `DISTILLERY_TEST_RESULTS` names. Rejects when a test failed.
 */
export async function run(): Promise<void> {
  // Mocha is an ES module, this bundle is CommonJS, and not every VS Code's Node can require() the one from the other.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 150_000,
    reporter: resultsReporter as unknown as Mocha.ReporterConstructor,
    reporterOptions: { results: process.env['DISTILLERY_TEST_RESULTS'] },
  });
  for (const name of readdirSync(__dirname)) {
    if (name.endsWith('.test.cjs')) mocha.addFile(join(__dirname, name));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} of the tests in the extension host failed.`);
}
