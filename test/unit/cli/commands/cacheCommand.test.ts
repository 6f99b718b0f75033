import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { usualCacheFolder } from '../../../../src/cli/commands/cacheCommand.ts';
import { main } from '../../../../src/cli/main.ts';
import { parseByteCount } from '../../../../src/cli/parseByteCount.ts';
import { writeOutputs } from '../../../../src/teacher/cache/outputsFile.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { fakeTerminal } from '../../../support/fakeTerminal.ts';

const description = {
  teacher: 'models/big.onnx',
  dataset: 'data/mnist',
  split: 'training',
  count: 4,
  precision: 'float32',
  created: '2020-02-03T04:05:06.000Z',
} as const;

describe('distillery cache', () => {
  const directory = temporaryFolder();
  const folder = usualCacheFolder(directory);
  beforeEach(async () => {
    mkdirSync(folder, { recursive: true });
    const outputs = new Map([['logits', Float32Array.of(1, 2, 3, 4)]]);
    await writeOutputs(join(folder, 'a.safetensors'), outputs, description);
  });
  after(() => {
    removeFolder(directory);
  });

  async function told(...args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
    const terminal = fakeTerminal(directory, { columns: 160 });
    const code = await main(['cache', ...args], terminal);
    return { code, out: terminal.out.text, error: terminal.error.text };
  }

  it('lists what is stored', async () => {
    const { code, out } = await told('list');
    assert.equal(code, 0);
    assert.match(out, /models\/big\.onnx +│ data\/mnist +│ training \(4\) +│ float32/);
    assert.match(out, /^'\.distillery\/cache' holds 1 file, \d+ B\.$/m);
    const json = JSON.parse((await told('list', '--json')).out) as { bytes: number; entries: unknown[] };
    assert.equal(json.entries.length, 1);
    const outputs = new Map([['logits', Float32Array.of(1, 2, 3, 4)]]);
    await writeOutputs(join(folder, 'b.safetensors'), outputs, { ...description, view: 1 });
    assert.match((await told('list')).out, /│ training, view 2 \(4\) +│/);
    removeFolder(join(folder, 'b.safetensors'));
    assert.ok(json.bytes > 16);
  });

  it('removes nothing where everything and a part of it are to go', async () => {
    const { code, error } = await told('prune', '--all', '--to-size', '1 MB');
    assert.deepEqual([code, readdirSync(folder)], [2, ['a.safetensors']]);
    assert.match(error, /--all +leaves nothing of what other options keep/);
  });

  it('removes what it is told to', async () => {
    assert.match((await told('prune', '--unused-for', '1')).out, /^Nothing was removed/);
    assert.match((await told('prune', '--to-size', '1 MB')).out, /^Nothing was removed/);
    assert.match((await told('prune', '--to-size', '10B')).out, /^Removed 1 file, /m);
    assert.deepEqual(readdirSync(folder), []);
    const json = JSON.parse((await told('prune', '--all', '--json')).out) as unknown;
    assert.deepEqual(json, { folder, bytes: 0, removed: [] });
  });

  it('refuses to prune without being told what, and what is no age or size', async () => {
    const { code, error } = await told('prune');
    assert.equal(code, 2);
    assert.match(error, /does not say what is to go/);
    const wrong = await told('prune', '--unused-for', 'ever', '--to-size', 'big');
    assert.equal(wrong.code, 2);
    assert.match(wrong.error, /must be a number above zero \(found 'ever'\)/);
    assert.match(wrong.error, /must be a size \(found 'big'\)/);
    assert.match((await told('lits')).error, /'lits' is not an action; did you mean 'list'\?/);
    assert.equal(readdirSync(folder).length, 1);
  });

  it('reads sizes as people write them', () => {
    assert.equal(parseByteCount('500MB'), 5e8);
    assert.equal(parseByteCount('1.5 gb'), 1.5e9);
    assert.equal(parseByteCount('12'), 12);
    for (const wrong of ['', 'MB', '-1MB', '1 XB', '1,5GB']) assert.equal(parseByteCount(wrong), undefined, wrong);
  });
});
