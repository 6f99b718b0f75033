import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { commands } from '../../../src/cli/main.ts';
import { manPage } from '../../../src/cli/manPage.ts';

function textOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

describe('the manual page', () => {
  const { version, man } = JSON.parse(textOf('package.json')) as { version: string; man: string };

  it('is what `npm run generate:man` writes, and npm installs it', () => {
    assert.equal(textOf(man), manPage(commands, version), 'run npm run generate:man');
  });

  it('has every command with its options, and nothing that roff takes for a request of its own', () => {
    const page = manPage(commands, version);
    for (const { name, options } of commands) {
      assert.ok(page.includes(`\n.SS ${name}`), name);
      for (const option of options)
        assert.ok(page.includes(`\\-\\-${option.name.replaceAll('-', '\\-')}`), option.name);
    }
    const requests = page.split('\n').filter((line) => line.startsWith('.'));
    assert.deepEqual([...new Set(requests.map((line) => line.split(' ')[0]))].sort(), [
      '.B',
      '.PP',
      '.SH',
      '.SS',
      '.TH',
      '.TP',
      '.br',
    ]);
    assert.match(page, /^[\n -~]*$/, 'it is in ASCII');
  });
});
