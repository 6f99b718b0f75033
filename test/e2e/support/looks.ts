import assert from 'node:assert/strict';
import { seriousBarriers } from './accessibility.ts';
import { themes, type Theme, type Workbench } from './workbench.ts';

/**
 * Takes a picture of the window in every theme, as `screenshots/<name>-<theme>.png`, and fails when the panel has
 * serious barriers in one of them. Ends in the first theme.
 */
export async function lookInEveryTheme(workbench: Workbench, name: string): Promise<void> {
  const found: string[] = [];
  const [first, ...others] = Object.keys(themes) as Theme[];
  for (const theme of [...others, first!]) {
    await workbench.chooseTheme(theme);
    await workbench.screenshot(`${name}-${theme.toLowerCase().replaceAll(' ', '-')}`);
    for (const barrier of await seriousBarriers(workbench)) found.push(`${theme}: ${barrier}`);
  }
  assert.deepEqual(found, []);
}
