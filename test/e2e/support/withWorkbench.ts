import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';
import { outputFolder } from './paths.ts';
import { extensionsFolder } from './vsix.ts';
import { Workbench } from './workbench.ts';

/** What a flow works in: the window, and the folder that is open in it. */
export interface OpenWorkbench {
  readonly workbench: Workbench;
  readonly folder: string;
  readonly host: Host;
}

/**
 * Gives the tests of one `describe` a VS Code with the packaged extension in it, on a fresh folder with these files, and
 * takes it away after them. A failed test leaves a screenshot, the way it failed and the end of the server's log.
 *
 * @returns what is open, for use inside the tests.
 */
export function withWorkbench(
  name: string,
  options: { readonly files?: Readonly<Record<string, string | Uint8Array>>; readonly trust?: 'ask' } = {},
): () => OpenWorkbench {
  let host: Host | undefined;
  let browser: Browser | undefined;
  let open: OpenWorkbench | undefined;

  before(`start VS Code for ${name}`, async () => {
    const folder = join(outputFolder, 'workspaces', name);
    await rm(folder, { recursive: true, force: true });
    for (const [path, content] of Object.entries({ 'README.md': `# ${name}\n`, ...options.files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    host = await startHost({
      name,
      extensionsFolder,
      settings:
        options.trust === 'ask'
          ? { 'security.workspace.trust.startupPrompt': 'always' }
          : { 'security.workspace.trust.enabled': false },
    });
    browser = await launchBrowser();
    open = { workbench: await Workbench.open(browser, host, folder), folder, host };
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || open === undefined) return;
    const title = this.currentTest.title.replace(/\W+/g, '-').slice(0, 60);
    console.log(`      Screenshot: ${await open.workbench.screenshot(`failed-${name}-${title}`)}`);
    console.log(`      The server’s log ends:\n${await open.host.logTail()}`);
  });

  after(`stop VS Code for ${name}`, async () => {
    await browser?.close();
    await host?.stop();
  });

  return () => {
    if (open === undefined) throw new Error('VS Code is open during the tests only.');
    return open;
  };
}
