import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { HarnessUnavailable } from './harness.ts';
import type { Host } from './host.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const debianPackages = ['chromium', 'fonts-dejavu-core'];

/**
 * Path of a Chromium or Chrome: the environment's `CHROMIUM`, else one on the `PATH`, else Debian's, installed when this
 * process may do so.
 *
 * @throws {HarnessUnavailable} when there is none and none can be installed.
 */
export function findBrowser(): string {
  const chosen = process.env['CHROMIUM'];
  if (chosen !== undefined) {
    if (!existsSync(chosen)) throw new HarnessUnavailable(`CHROMIUM names ${chosen}, which is not there`);
    return chosen;
  }
  const installed = onPath();
  if (installed !== undefined) return installed;
  installDebianChromium();
  const added = onPath();
  if (added === undefined) throw new HarnessUnavailable('Debian’s chromium package installed no browser on the PATH');
  return added;
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function installDebianChromium(): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new HarnessUnavailable(
      'no Chromium or Chrome was found (install one, or name it in the environment’s CHROMIUM)',
    );
  }
  console.log(`Installing ${debianPackages.join(', ')} with apt-get …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env: environment, stdio: 'pipe' });
    execFileSync('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...debianPackages], {
      env: environment,
      stdio: 'pipe',
    });
  } catch (error) {
    throw new HarnessUnavailable(`apt-get could not install Chromium: ${String(error).slice(0, 600)}`);
  }
}

/** A headless browser which reaches this machine's loopback and nothing else: a hidden need for a network fails at once. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      '--no-sandbox', // Containers rarely allow Chromium's own; only our own loopback server is visited.
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
    ],
  });
}

/** Has the browser forget what windows of this server stored: one that remembers an earlier one shows what extensions contribute before they are there. */
export async function forgetWindows(context: BrowserContext, host: Host): Promise<void> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const origin = `http://127.0.0.1:${host.port}`;
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb,local_storage' });
  await page.close();
}
