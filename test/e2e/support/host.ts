import { closeSync, openSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareHarness } from './harness.ts';
import { installLanguage, type Language } from './languages.ts';
import { outputFolder } from './paths.ts';
import { spawnGroup } from './processGroup.ts';
import { PATIENCE_MS } from './until.ts';

/** A running VS Code server: the real Node extension host, and the workbench for a browser. */
export interface Host {
  readonly port: number;
  /** Address of the workbench on a folder, or on none; `payload` is what a desktop VS Code would be given as arguments. */
  url(folder: string | undefined, payload?: readonly (readonly [string, string])[]): string;
  /** Last lines of what the server said. */
  logTail(): Promise<string>;
  stop(): Promise<void>;
}

/** The server's complaint that its optional native logger is not compiled, with its stack. */
const missingLogger = /spdlog|bindings|^\s+at |^\s+tries: \[|^\s*[\]}]$/;

/** A workbench that stays still: no welcome page, chat, update checks or experiments. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  // Without a GPU every frame of an animation takes processor time.
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
};

/**
 * Starts a VS Code server on a free loopback port, with user data of its own.
 *
 * @param name names its folder under `test/e2e/output/hosts/`.
 * @throws when it does not answer in time, with the tail of its log.
 */
export async function startHost(options: {
  readonly name: string;
  readonly extensionsFolder?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
  /** What the workbench is shown in; English without it. */
  readonly language?: Language;
}): Promise<Host> {
  const { node, codeServer } = await prepareHarness();
  const folder = join(outputFolder, 'hosts', options.name);
  const userData = join(folder, 'user-data');
  const logFile = join(folder, 'server.log');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(userData, 'User'), { recursive: true });
  const settings = { ...quietSettings, ...options.settings };
  await writeFile(join(userData, 'User', 'settings.json'), JSON.stringify(settings, null, 2));
  await writeFile(join(folder, 'config.yaml'), 'auth: none\ncert: false\n');
  if (options.language !== undefined) await installLanguage(options.language, userData);

  // Short, because paths of sockets have to be, and the server's own, so that nothing of it stays.
  const temporary = await mkdtemp(join(tmpdir(), 'distillery-vscode-'));
  const removeTemporary = (): void => {
    rmSync(temporary, { recursive: true, force: true });
  };
  process.once('exit', removeTemporary);
  const port = await freePort();
  const args = [
    codeServer,
    ...['--config', join(folder, 'config.yaml'), '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
    ...['--user-data-dir', userData, '--extensions-dir', options.extensionsFolder ?? join(folder, 'extensions')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
    ...(options.language === undefined ? [] : ['--locale', options.language]),
    ...(options.args ?? []),
  ];
  const log = openSync(logFile, 'w');
  const group = spawnGroup(node, args, {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      TMPDIR: temporary,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_DATA_HOME: join(folder, 'data'),
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    },
  });
  closeSync(log);

  const logTail = async (): Promise<string> => {
    const lines = (await readFile(logFile, 'utf8')).split('\n');
    return lines
      .filter((line) => line !== '' && !missingLogger.test(line))
      .slice(-30)
      .join('\n');
  };
  const stop = async (): Promise<void> => {
    await group.stop();
    removeTemporary();
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await answers(`${origin}/healthz`))) {
    const exited = group.child.exitCode ?? group.child.signalCode;
    if (exited !== null || Date.now() > deadline) {
      await stop();
      const what = exited === null ? 'did not answer in time' : `ended (${exited}) before it answered`;
      throw new Error(`The VS Code server ${what}. Its log ends:\n${await logTail()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    url: (opened, payload) => {
      const query = new URLSearchParams(opened === undefined ? { ew: 'true' } : { folder: opened });
      if (payload !== undefined) query.set('payload', JSON.stringify(payload));
      return `${origin}/?${query.toString()}`;
    },
    logTail,
    stop,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // Not listening yet.
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('No free loopback port could be had.'));
      });
    });
  });
}
