import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './paths.ts';
import { spawnGroup } from './processGroup.ts';

/** Everything that is fetched, pinned: another version here makes another stamp, and the harness is fetched anew. */
const PINNED = { node: '24.21.0', codeServer: '4.139.1' } as const;

/** Programs of the VS Code that the tests run in where no desktop VS Code can be had. */
export interface Harness {
  /** Node 24, as VS Code itself has; code-server refuses anything below 22. */
  readonly node: string;
  /** Entry script of code-server. */
  readonly codeServer: string;
}

/** What the tests in VS Code need cannot be had on this machine: they are skipped with this reason. */
export class HarnessUnavailable extends Error {}

const home = join(cacheFolder, 'vscode-host');
const stampFile = 'stamp.json';
const nodePackage = `node-linux-${process.arch}`;
const stamp = JSON.stringify({ ...PINNED, nodePackage });

/**
 * The harness in `.cache/vscode-host/`, fetched from npm when it is not there in exactly the pinned versions. It is
 * installed into a temporary folder which is renamed when it is complete, so an interrupted install leaves nothing that
 * could be taken for a harness.
 *
 * @throws {HarnessUnavailable} when this machine's kind is not served or npm cannot install it.
 */
export async function prepareHarness(): Promise<Harness> {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) {
    throw new HarnessUnavailable(
      `the stand-in for VS Code runs on Linux only, not on ${process.platform}-${process.arch}`,
    );
  }
  while (!(await isComplete()) && (await isBeingInstalled())) await new Promise((resolve) => setTimeout(resolve, 500));
  if (!(await isComplete())) await install();
  return harnessIn(home);
}

function harnessIn(folder: string): Harness {
  return {
    node: join(folder, 'node_modules', nodePackage, 'bin', 'node'),
    codeServer: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

async function isComplete(): Promise<boolean> {
  const path = join(home, stampFile);
  return existsSync(path) && (await readFile(path, 'utf8')) === stamp;
}

async function install(): Promise<void> {
  const started = Date.now();
  console.log(`Fetching Node ${PINNED.node} and code-server ${PINNED.codeServer} from npm …`);
  await removeInterruptedInstalls();
  const partial = join(cacheFolder, `vscode-host-partial-${process.pid}`);
  await mkdir(partial, { recursive: true });
  try {
    await writeFile(join(partial, 'package.json'), '{ "private": true }');
    await npmInstall(partial, `${nodePackage}@${PINNED.node}`, `code-server@${PINNED.codeServer}`);
    // What code-server's install script does, without a compiler: its VS Code brings its own pinned dependencies.
    const vscode = join(partial, 'node_modules', 'code-server', 'lib', 'vscode');
    await npmInstall(vscode, '--omit=dev');
    await npmInstall(join(vscode, 'extensions'), '--omit=dev');
    const { node, codeServer } = harnessIn(partial);
    for (const path of [node, codeServer]) {
      if (!existsSync(path)) throw new HarnessUnavailable(`npm installed the harness without ${path}`);
    }
    // Another process may have been faster, and use it.
    if (await isComplete()) return;
    await writeFile(join(partial, stampFile), stamp);
    await rm(home, { recursive: true, force: true });
    await rename(partial, home);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  console.log(`Fetched in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** Folders that a killed install left behind; one whose process still runs is somebody's install in progress. */
async function removeInterruptedInstalls(): Promise<void> {
  for (const { name, processId } of await installs()) {
    if (!isRunning(processId)) await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

async function isBeingInstalled(): Promise<boolean> {
  return (await installs()).some(({ processId }) => isRunning(processId));
}

/** Folders that are being installed into, or were when something ended that. */
async function installs(): Promise<readonly { readonly name: string; readonly processId: number }[]> {
  const names = existsSync(cacheFolder) ? await readdir(cacheFolder) : [];
  return names.flatMap((name) => {
    const processId = /^vscode-host-partial-(\d+)$/.exec(name)?.[1];
    return processId === undefined ? [] : [{ name, processId: Number(processId) }];
  });
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

async function npmInstall(folder: string, ...what: string[]): Promise<void> {
  const npm = process.env['npm_execpath'];
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--no-workspaces'];
  const [command, ...first] = npm?.endsWith('.js') === true ? [process.execPath, npm] : ['npm'];
  const group = spawnGroup(command, [...first, 'install', ...what, ...options], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  group.child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    group.child.once('error', reject);
    group.child.once('close', resolve);
  });
  await group.stop();
  if (code !== 0) {
    const reason = complaint.trim().split('\n').slice(0, 4).join('; ');
    throw new HarnessUnavailable(`npm could not install ${what.join(' ')}: ${reason}`);
  }
}
