// Packs the extension for one platform, with that platform's native libraries only.
//   node scripts/package.mjs [--target linux-x64] [--out FILE.vsix]
//   node scripts/package.mjs --all
// Works in a folder of its own, so that the checkout's node_modules and dist stay as they are.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledPackages, shippedPackages, thirdPartyNotices } from './thirdPartyNotices.mjs';

/** What ONNX Runtime is published for. */
const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
/** Packages with native libraries or WebAssembly, which are shipped beside the bundles. */
const NATIVE = ['onnxruntime-node', 'sharp', '@julusian/jpeg-turbo', 'sql.js'];
const NOTICES = 'THIRD-PARTY-NOTICES.txt';
const UNSHIPPED = ['scripts', 'dependencies', 'devDependencies', 'optionalDependencies', 'overrides', 'private', 'bin'];
const SHIPPED = ['.vscodeignore', 'README.md', 'LICENSE', 'docs/images', 'l10n', 'media', 'examples'];

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { target: { type: 'string' }, out: { type: 'string' }, all: { type: 'boolean', default: false } },
});
const own = `${process.platform}-${process.arch}`;
for (const target of values.all ? TARGETS : [values.target ?? own]) packageFor(target, values.out);

function packageFor(target, out) {
  if (!TARGETS.includes(target)) {
    throw new Error(`There is no ONNX Runtime for '${target}'. Targets: ${TARGETS.join(', ')}.`);
  }
  const manifest = readManifest(root);
  const stage = join(root, '.cache', 'package', target);
  const file = resolve(out ?? join(root, `${manifest.name}-${target}-${manifest.version}.vsix`));
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  mkdirSync(dirname(file), { recursive: true });

  const metafile = join(stage, '.metafile.json');
  run(root, 'build.mjs', '--production', `--outdir=${join(stage, 'dist')}`, `--metafile=${metafile}`);
  const translations = readdirSync(root).filter((name) => /^package\.nls\..*json$/.test(name));
  for (const name of [...SHIPPED, ...translations]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(stage, name), { recursive: true });
  }
  writeFileSync(join(stage, 'package.json'), JSON.stringify(shippedManifest(manifest), null, 2));
  installNative(stage, target);
  const bundled = bundledPackages(JSON.parse(readFileSync(metafile, 'utf8')), root);
  writeFileSync(join(stage, NOTICES), thirdPartyNotices([...bundled, ...shippedPackages(stage)]));
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  run(
    stage,
    vsce,
    'package',
    '--target',
    target,
    '--out',
    file,
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
  );
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}

/** The manifest without what only the checkout needs: the bundles hold every other package. */
function shippedManifest(manifest) {
  const shipped = Object.entries(manifest).filter(([key]) => !UNSHIPPED.includes(key));
  const versions = NATIVE.map((name) => [name, readManifest(join(root, 'node_modules', name)).version]);
  return { ...Object.fromEntries(shipped), dependencies: Object.fromEntries(versions) };
}

/** Installs the native packages as they are for the target, and drops what they bring for others. */
function installNative(stage, target) {
  const [os, cpu] = target.split('-');
  const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['install', ...options, `--os=${os}`, `--cpu=${cpu}`, '--libc=glibc'], {
    cwd: stage,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const prebuilds = join(stage, 'node_modules', '@julusian', 'jpeg-turbo', 'prebuilds');
  for (const built of readdirSync(prebuilds)) {
    if (built !== `jpeg-turbo-${target}`) rmSync(join(prebuilds, built), { recursive: true });
  }
  for (const library of readdirSync(join(stage, 'node_modules', 'onnxruntime-node', 'bin'))) {
    const versions = join(stage, 'node_modules', 'onnxruntime-node', 'bin', library);
    for (const platform of readdirSync(versions)) {
      for (const architecture of readdirSync(join(versions, platform))) {
        if (platform === os && architecture === cpu) continue;
        rmSync(join(versions, platform, architecture), { recursive: true });
      }
    }
  }
}

function readManifest(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

function run(directory, script, ...options) {
  execFileSync(process.execPath, [script, ...options], { cwd: directory, stdio: 'inherit' });
}
