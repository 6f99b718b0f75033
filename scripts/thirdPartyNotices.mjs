// The licences of everything that is shipped with Distillery: packages in the bundles, and packages beside them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { licensesWithin, licensesWithoutFile } from './licensesWithoutFile.mjs';

const LICENSE_FILE = /^(?:licen[cs]e|copying|copyrightnotice|notices?|third-?party-?notices?)(?:[-.].*)?$/i;

/**
 * Folders of the packages that the bundles hold parts of.
 *
 * @param {import('esbuild').Metafile} metafile of a build
 * @param {string} root folder that paths in the metafile start from
 * @returns {string[]}
 */
export function bundledPackages(metafile, root) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder !== undefined) folders.add(join(root, folder));
  }
  return [...folders];
}

/**
 * Folders of the installed packages that the allow-list of `.vscodeignore` ships, at least in part.
 *
 * @param {string} root folder with the list and the packages
 * @returns {string[]}
 */
export function shippedPackages(root) {
  const list = readFileSync(join(root, '.vscodeignore'), 'utf8');
  const shipped = [...list.matchAll(/^!(node_modules\/(?:@[^/\n]+\/)?[^/\n]+)(?:\/|$)/gm)].map(([, folder]) => folder);
  return installedPackages(root).filter((folder) => {
    const path = relative(root, folder).replaceAll('\\', '/');
    return shipped.some((each) => (each.endsWith('/**') ? path.startsWith(each.slice(0, -2)) : path === each));
  });
}

/**
 * Folders of all packages that are installed in a folder, also within each other.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function installedPackages(root) {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return [];
  const entries = readdirSync(modules).filter((name) => !name.startsWith('.'));
  const names = entries.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
  );
  const folders = names.map((name) => join(modules, name)).filter((folder) => existsSync(join(folder, 'package.json')));
  return folders.flatMap((folder) => [folder, ...installedPackages(folder)]);
}

/**
 * The text of the file with notices: name, version, licence and the licence's text of every package.
 *
 * @param {readonly string[]} folders of packages
 * @returns {string}
 * @throws Error naming every package without a text of its licence
 */
export function thirdPartyNotices(folders) {
  const packages = new Map();
  const without = [];
  for (const folder of folders) {
    const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name))
      .map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim());
    if (texts.length === 0) {
      const known = licensesWithoutFile(name, license);
      if (known === undefined) without.push(`${name} ${version} (${license})`);
      else texts.push(known);
    }
    const title = `${name} ${version}, ${typeof license === 'string' ? license : 'see below'}`;
    packages.set(
      `${name} ${version}`,
      [title, ...(homepage ? [homepage] : []), '', ...texts, ...licensesWithin(name)].join('\n'),
    );
  }
  if (without.length > 0) {
    throw new Error(
      `No text of a licence is known for ${without.join(', ')}: add it to scripts/licensesWithoutFile.mjs.`,
    );
  }
  const line = '='.repeat(80);
  const sections = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return ['Distillery is shipped with the following packages.', ...sections].join(`\n\n${line}\n\n`).concat('\n');
}
