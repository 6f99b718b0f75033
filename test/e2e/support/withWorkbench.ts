import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { forgetWindows, launchBrowser } from './browser.ts';
import { startHost, type Host } from './host.ts';
import type { Language } from './languages.ts';
import { outputFolder } from './paths.ts';
import { endRunsIn } from './runFolders.ts';
import { PATIENCE_MS } from './until.ts';
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
  /** Whether the folder is open in the window; it is unless this says otherwise. */
  readonly hasFolder?: boolean;
  /** The language of the window; English without it. */
  readonly language?: Language;
  /** The tests are steps: when one fails, those after it are skipped. */
  readonly inOrder?: boolean;
}

let browser: Browser | undefined;
/** Windows on folders that are trusted unasked share a server: starting one takes its time. */
let shared: Host | undefined;
/** They share a browser's cache, too: reading and compiling the workbench anew would take most of the time of opening one. */
let sharedContext: BrowserContext | undefined;

after('stop VS Code', async () => {
  await browser?.close();
  await shared?.stop();
});

async function newContext(): Promise<BrowserContext | undefined> {
  const context = await browser?.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  context?.setDefaultTimeout(PATIENCE_MS);
  return context;
}

const TRUST_UNASKED = { 'security.workspace.trust.enabled': false };

function start(name: string, settings: Readonly<Record<string, unknown>>, language?: Language): Promise<Host> {
  return startHost({ name, extensionsFolder, settings, ...(language !== undefined && { language }) });
}

/**
 * Gives the tests of one `describe` a window of VS Code with the packaged extension in it, on a fresh folder with these files, and
 * takes it away after them. A failed test leaves a screenshot, the way it failed and the end of the server's log.
 *
 * @returns what is open, for use inside the tests.
 */
export function withWorkbench(name: string, options: WorkbenchOptions = {}): () => OpenWorkbench {
  let own: Host | undefined;
  let ownContext: BrowserContext | undefined;
  let page: Page | undefined;
  let open: OpenWorkbench | undefined;
  let hasFailed = false;

  before(`open VS Code for ${name}`, async () => {
    const folder = join(outputFolder, 'workspaces', name);
    await rm(folder, { recursive: true, force: true });
    process.once('exit', () => {
      endRunsIn(folder);
    });
    for (const [path, content] of Object.entries({ 'README.md': `# ${name}\n`, ...options.files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    if (options.trust !== undefined) {
      own = await start(name, { 'security.workspace.trust.startupPrompt': 'always' }, options.language);
    } else if (options.language !== undefined) {
      own = await start(name, TRUST_UNASKED, options.language);
    }
    const host = own ?? (shared ??= await start('flows', TRUST_UNASKED));
    browser ??= await launchBrowser();
    if (own) ownContext = await newContext();
    else sharedContext ??= await newContext();
    const context = ownContext ?? sharedContext;
    if (!context) throw new Error('There is no browser.');
    await forgetWindows(context, host);
    const workbench = await Workbench.open(context, host, options.hasFolder === false ? undefined : folder, options);
    page = workbench.page;
    open = { workbench, folder, host };
  });

  beforeEach(function () {
    if (hasFailed) this.skip();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || open === undefined) return;
    hasFailed = options.inOrder ?? false;
    const title = this.currentTest.title.replace(/\W+/g, '-').slice(0, 60);
    console.log(`      Screenshot: ${await open.workbench.screenshot(`failed-${name}-${title}`)}`);
    console.log(`      What was shown:\n${(await open.workbench.describe()).replace(/^/gm, '      ')}`);
    console.log(`      The server’s log ends:\n${(await open.host.logTail()).replace(/^/gm, '      ')}`);
  });

  after(`close VS Code for ${name}`, async () => {
    await page?.close();
    await ownContext?.close();
    await own?.stop();
    if (open !== undefined) endRunsIn(open.folder);
  });

  return () => {
    if (open === undefined) throw new Error('VS Code is open during the tests only.');
    return open;
  };
}
