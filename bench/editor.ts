import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { forgetWindows, launchBrowser } from '../test/e2e/support/browser.ts';
import { startHost, type Host } from '../test/e2e/support/host.ts';
import { untrainedClassifier } from '../test/e2e/support/models.ts';
import { Panel } from '../test/e2e/support/panel.ts';
import { outputFolder } from '../test/e2e/support/paths.ts';
import { extensionsFolder, installPackagedExtension } from '../test/e2e/support/vsix.ts';
import { Workbench } from '../test/e2e/support/workbench.ts';

const WINDOWS = 5;

/** What is used of the browser's window; its types are not known here. */
interface ClipboardPage {
  readonly navigator: { readonly clipboard: { readText(): Promise<string> } };
}

interface Figure {
  readonly name: string;
  /** Milliseconds that its median may be. */
  readonly bar: number;
  readonly of: (window: WindowFigures) => number;
}

/** Milliseconds, in one window. */
interface WindowFigures {
  /** Loading the extension's program, calling it, and waiting until it says that it is ready: VS Code's own figures. */
  readonly loaded: number;
  readonly called: number;
  readonly finished: number;
  /** From the command until the panel's form can be used: for the first time in a window, which has the extension loaded, and again. */
  readonly firstPanel: number;
  readonly panel: number;
}

const figures: readonly Figure[] = [
  { name: 'activation: program loaded', bar: Infinity, of: ({ loaded }) => loaded },
  { name: 'activation: called', bar: Infinity, of: ({ called }) => called },
  { name: 'activation: finished', bar: Infinity, of: ({ finished }) => finished },
  { name: 'activation', bar: 30, of: ({ loaded, called, finished }) => loaded + called + finished },
  { name: 'panel, first in a fresh window', bar: 1500, of: ({ firstPanel }) => firstPanel },
  { name: 'panel', bar: 500, of: ({ panel }) => panel },
];

/**
 * Measures in a real VS Code, on the packed extension, how long it takes to activate and to open the panel: medians of five windows.
 * @returns how many bars were missed
 */
export async function benchEditor(): Promise<number> {
  await installPackagedExtension();
  const folder = join(outputFolder, 'workspaces', 'bench');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'teacher.onnx'), untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10 }));
  const settings = { 'security.workspace.trust.enabled': false };
  const host = await startHost({ name: 'bench', extensionsFolder, settings });
  try {
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      // What the browser keeps of VS Code itself is not what is measured.
      await measureWindow(context, host, folder);
      const windows: WindowFigures[] = [];
      for (let window = 0; window < WINDOWS; window++) windows.push(await measureWindow(context, host, folder));
      return print(windows);
    } finally {
      await browser.close();
    }
  } finally {
    await host.stop();
  }
}

async function measureWindow(context: BrowserContext, host: Host, folder: string): Promise<WindowFigures> {
  await forgetWindows(context, host);
  const workbench = await Workbench.open(context, host, folder);
  try {
    const firstPanel = await timeOfPanel(workbench);
    const panel = await timeOfPanel(workbench);
    return { firstPanel, panel, ...(await activationIn(workbench)) };
  } finally {
    await workbench.page.close();
  }
}

/** Milliseconds from the command until the panel's button can be pressed. */
async function timeOfPanel(workbench: Workbench): Promise<number> {
  const entry = await workbench.findCommand('Distillery: Distill Model');
  const start = performance.now();
  await entry.first().click();
  await new Panel(workbench).waitUntilShown();
  const milliseconds = performance.now() - start;
  await workbench.closeTab('Distill');
  return milliseconds;
}

/** What VS Code says itself, in the table of *Developer: Startup Performance*. */
async function activationIn(workbench: Workbench): Promise<Pick<WindowFigures, 'loaded' | 'called' | 'finished'>> {
  const { page } = workbench;
  await workbench.runCommand('Developer: Startup Performance');
  await workbench.tab('Startup Performance').waitFor();
  for (let attempt = 0; attempt < 20; attempt++) {
    await page.waitForTimeout(500);
    await page.locator('.editor-container .monaco-editor .view-lines').first().click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('ControlOrMeta+c');
    const text = await page.evaluate(() => (globalThis as unknown as ClipboardPage).navigator.clipboard.readText());
    // Extension, eager, load code, call activate, finish activate, event, by
    const row = text.split('\n').find((line) => line.includes('distillery.distillery') && line.includes('|'));
    const [loaded, called, finished] = (row?.match(/\|\s*(\d+)\s*(?=\|)/g) ?? []).map((cell) => Number(cell.slice(1)));
    if (loaded !== undefined && called !== undefined && finished !== undefined) return { loaded, called, finished };
  }
  throw new Error('VS Code told nothing of how long the extension took to activate.');
}

function print(windows: readonly WindowFigures[]): number {
  console.log(`Medians of ${windows.length} windows, milliseconds:`);
  let missed = 0;
  for (const { name, bar, of } of figures) {
    const values = windows.map(of).toSorted((one, other) => one - other);
    const median = values[Math.floor(values.length / 2)] ?? NaN;
    const isMissed = median > bar;
    if (isMissed) missed += 1;
    const range = `${values[0]?.toFixed(0)} to ${values.at(-1)?.toFixed(0)}`;
    const told = bar === Infinity ? '' : `  (bar ${bar})${isMissed ? '  MISSED' : ''}`;
    console.log(`${name.padEnd(32)} ${median.toFixed(0).padStart(6)}  ${range.padEnd(14)}${told}`);
  }
  return missed;
}
