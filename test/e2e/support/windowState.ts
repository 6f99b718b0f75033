import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** Has the workbench take its window for one that is left: then it writes what it keeps. */
const LOSE_FOCUS = "document.hasFocus = () => false; document.dispatchEvent(new Event('visibilitychange'))";
/** All that windows have written in this browser, as one text. */
const WRITTEN = `(async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('vscode-web-state-db'));
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const texts = [];
  for (const name of names) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames)
      texts.push(...(await done(database.transaction(store).objectStore(store).getAll())).map(String));
    database.close();
  }
  return texts.join('\\n');
})()`;
/** How long a browser takes to write what is not looked for here. */
const WRITING_MS = 1000;

/**
 * Leaves a window and waits until it has written which tabs are open. In a browser it does so when it loses the focus, as it does when a person
 * leaves it, and every few seconds when there is nothing else to do; not surely while it is being closed.
 */
export async function leaveWindow(page: Page): Promise<void> {
  const tabs = await page.locator('.tabs-container .tab .label-name').allInnerTexts();
  await until(`written that these are open: ${tabs.join(', ')}`, async () => {
    await page.evaluate(LOSE_FOCUS);
    const written = await page.evaluate<string>(WRITTEN);
    return tabs.every((tab) => written.includes(tab.trim()));
  });
  await page.waitForTimeout(WRITING_MS);
}
