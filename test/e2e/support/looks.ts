import assert from 'node:assert/strict';
import { isFull, sampleOf } from '../../support/full.ts';
import { seriousBarriers } from './accessibility.ts';
import { themes, type Theme, type Workbench } from './workbench.ts';

/**
 * Takes a picture of the window in every theme, as `screenshots/<name>-<theme>.png`, and fails when the panel has
 * serious barriers in one of them. Ends in the first theme. In a short run each name has one of the themes, in which it stays.
 *
 * @param arrange brings into sight what is looked at, which another theme may move
 */
export async function lookInEveryTheme(
  workbench: Workbench,
  name: string,
  arrange: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const found: string[] = [];
  const [first, ...others] = Object.keys(themes) as Theme[];
  const all = [...others, first!];
  const updates = process.env['DISTILLERY_UPDATE_SCREENSHOTS'] === '1';
  for (const theme of updates || isFull
    ? all
    : sampleOf('themes in which a page of VS Code is looked at', all, 1, name)) {
    await workbench.chooseTheme(theme);
    await arrange();
    await workbench.screenshot(`${name}-${theme.toLowerCase().replaceAll(' ', '-')}`);
    for (const barrier of await seriousBarriers(workbench)) found.push(`${theme}: ${barrier}`);
  }
  assert.deepEqual(found, []);
}
