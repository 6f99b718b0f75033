import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** What GitHub makes of a heading: its words in small letters, joined by dashes. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsOf(document: string): ReadonlySet<string> {
  const withoutCode = readFileSync(join(root, document), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return new Set(Array.from(withoutCode.matchAll(/^#+ (.*)$/gm), ([, heading = '']) => anchorOf(heading)));
}

describe('documents', () => {
  for (const document of documents) {
    it(`${document} leads to files and headings that are there`, () => {
      const text = readFileSync(join(root, document), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
      const lost = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target).filter((target) => {
        if (/^[a-z]+:/.test(target)) return false;
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? document : normalize(join(dirname(document), path));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor);
      });
      assert.deepEqual(lost, []);
    });
  }
});
