/**
 * Runs the tests in a real VS Code: the suite inside the extension host, through `@vscode/test-electron`, and the flows
 * of a person in the workbench. `npm run test:vscode -- suite` runs the one, `-- flows [--grep PATTERN]` the other.
 *
 * Environment: `DISTILLERY_VSCODE` chooses the VS Code of the suite (see `support/runSuite.ts`), `CHROMIUM` names the
 * browser, and `CI` or `DISTILLERY_REQUIRE_VSCODE=1` makes a skip a failure.
 */
import { parseArgs } from 'node:util';
import '../support/setUp.ts';
import { HarnessUnavailable } from './support/harness.ts';
import { repositoryRoot } from './support/paths.ts';
import { type Totals } from './support/reporter.ts';
import { runFlows } from './support/runFlows.ts';
import { runSuite } from './support/runSuite.ts';

process.chdir(repositoryRoot);
const { positionals, values } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });
const parts = [
  { name: 'suite', run: runSuite },
  { name: 'flows', run: () => runFlows(values.grep) },
].filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (parts.length === 0) throw new Error('Choose suite, flows, or nothing for both.');

const mustRun = process.env['DISTILLERY_REQUIRE_VSCODE'] === '1' || process.env['CI'] !== undefined;
const reasons = new Set<string>();
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const { name, run } of parts) {
  const totals = await runOrSkip(run);
  sum.passed += totals.passed;
  sum.failed += totals.failed;
  sum.skipped += totals.skipped;
  if (mustRun && totals.passed + totals.failed === 0) {
    console.log(`The VS Code tests “${name}” did not run, and they have to here.`);
    sum.failed += 1;
  }
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;

async function runOrSkip(run: () => Promise<Totals>): Promise<Totals> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof HarnessUnavailable)) throw error;
    if (!reasons.has(error.message)) console.log(`VS Code tests skipped: ${error.message}`);
    reasons.add(error.message);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
