import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Workbench } from './workbench.ts';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds in the shown webview that seriously hinders people, a line for every element concerned. */
export async function seriousBarriers(workbench: Workbench): Promise<readonly string[]> {
  const body = await workbench.webview().locator('body').elementHandle();
  const frame = await body.ownerFrame();
  if (!frame) throw new Error('No webview is shown.');
  if (!(await frame.evaluate('"axe" in globalThis'))) await frame.evaluate(await readFile(axeFile, 'utf8'));
  const { violations } = await frame.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, any }) => `${any[0]?.message ?? help} (${id}): ${html.slice(0, 120)}`),
    );
}
