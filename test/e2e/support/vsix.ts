import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareHarness } from './harness.ts';
import { outputFolder, repositoryRoot } from './paths.ts';

/** What a person waits for when it is installed or updated. */
const MOST_BYTES = 30e6;

/** Where the packaged extension is installed for the flows. */
export const extensionsFolder = join(outputFolder, 'extensions');

/** Packs the extension as it is published and installs the package into a fresh folder: what a person gets is tested, its size included. */
export async function installPackagedExtension(): Promise<void> {
  const vsix = join(outputFolder, 'distillery.vsix');
  const userData = join(outputFolder, 'hosts', 'install');
  for (const path of [vsix, userData, extensionsFolder]) await rm(path, { recursive: true, force: true });
  await mkdir(extensionsFolder, { recursive: true });
  execFileSync(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: repositoryRoot, stdio: 'pipe' });
  const { size } = await stat(vsix);
  if (process.platform === 'linux')
    assert.ok(size <= MOST_BYTES, `The package has ${size} bytes, and may have ${MOST_BYTES}.`);

  const { node, codeServer } = await prepareHarness();
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensionsFolder];
  execFileSync(node, [codeServer, ...folders, '--install-extension', vsix], {
    env: {
      ...process.env,
      XDG_CONFIG_HOME: userData,
      XDG_DATA_HOME: userData,
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    },
    stdio: 'pipe',
  });
}
