import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';
import { outputFolder } from './paths.ts';
import { endRunsIn } from './runFolders.ts';
import { extensionsFolder } from './vsix.ts';
import { Workbench } from './workbench.ts';

/** What a flow works in: the window, and the folder that is open in it. */
export interface OpenWorkbench {
  readonly workbench: Workbench;
  readonly folder: string;
  readonly host: Host;
}

export interface WorkbenchOptions {
  /** Contents by path in the folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The answer to the question whether the folder is trusted; without it every folder is, unasked. */
  readonly trust?: boolean;
  /** The tests are steps: when one fails, those after it are skipped. */
  readonly inOrder?: boolean;
}

/**
 * Gives the tests of one `describe` a VS Code with the packaged extension in it, on a fresh folder with these files, and
 * takes it away after them. A failed test leaves a screenshot, the way it failed and the end of the server's log.
 *
 * @returns what is open, for use inside the tests.
 */
export function withWorkbench(name: string, options: WorkbenchOptions = {}): () => OpenWorkbench {
  let host: Host | undefined;
  let browser: Browser | undefined;
  let open: OpenWorkbench | undefined;
  let hasFailed = false;

  before(`start VS Code for ${name}`, async () => {
    const folder = join(outputFolder, 'workspaces', name);
    await rm(folder, { recursive: true, force: true });
    process.once('exit', () => {
      endRunsIn(folder);
    });
    for (const [path, content] of Object.entries({ 'README.md': `# ${name}\n`, ...options.files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    host = await startHost({
      name,
      extensionsFolder,
      settings:
        options.trust === undefined
          ? { 'security.workspace.trust.enabled': false }
          : { 'security.workspace.trust.startupPrompt': 'always' },
    });
    browser = await launchBrowser();
    open = { workbench: await Workbench.open(browser, host, folder, options), folder, host };
  });

  beforeEach(function () {
    if (hasFailed) this.skip();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || open === undefined) return;
    hasFailed = options.inOrder ?? false;
    const title = this.currentTest.title.replace(/\W+/g, '-').slice(0, 60);
    console.log(`      Screenshot: ${await open.workbench.screenshot(`failed-${name}-${title}`)}`);
    console.log(`      The server’s log ends:\n${(await open.host.logTail()).replace(/^/gm, '      ')}`);
  });

  after(`stop VS Code for ${name}`, async () => {
    await browser?.close();
    await host?.stop();
    if (open !== undefined) endRunsIn(open.folder);
  });

  return () => {
    if (open === undefined) throw new Error('VS Code is open during the tests only.');
    return open;
  };
}
