import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { main } from '../../../../src/cli/main.ts';
import { commandOutputs } from '../../../../src/cli/outputs/commandOutputs.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { fakeTerminal } from '../../../support/fakeTerminal.ts';

describe('distillery inspect of data', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });

  /** 60 passengers: `alive` says the same as `survived`. */
  const writeTable = (): void => {
    const rows = Array.from({ length: 60 }, (_, row) => {
      const survived = row % 3 === 0 ? 1 : 0;
      const age = row % 10 === 9 ? '' : 20 + ((row * 7) % 41);
      return `${['male', 'female'][(row * 5 + Math.floor(row / 7)) % 2] ?? ''},${age},${survived === 1 ? 'yes' : 'no'},${survived}`;
    });
    writeFileSync(join(folder, 'a.csv'), `sex,age,alive,survived\n${rows.join('\n')}\n`);
  };

  it('tells of a table what is predicted, what else might be, what columns hold, and what gives the target away', async () => {
    writeTable();
    const terminal = fakeTerminal(folder);
    assert.equal(await main(['inspect', 'a.csv'], terminal), 0);
    const { text } = terminal.out;
    assert.match(text, /^Format +CSV$/m);
    assert.match(text, /^Target +survived: its name says$/m);
    assert.match(text, /^Or +alive, sex \(--target, dataset\.target\)$/m);
    assert.match(text, /^Training +43 samples$/m);
    assert.match(text, /^Test +12 samples, drawn from the training samples$/m);
    assert.match(text, /│ age +│ number +│ 20 … 60, mean \S+ +│ +\d+ │ +6 \(10\.00 %\) │/);
    assert.match(text, /Warning: The column 'alive' gives the target 'survived' away: each of its 2 values/);

    const other = fakeTerminal(folder);
    assert.equal(await main(['inspect', 'a.csv', '--target', 'age', '--json'], other), 0);
    const found = commandOutputs['inspect-data'].parse(JSON.parse(other.out.text));
    assert.equal(found.task, 'regression');
    assert.deepEqual(found.table?.target?.columns, ['age']);
    assert.equal(
      found.table.columns.find(({ name }) => name === 'age')?.missing,
      0,
      'rows without a target are no training rows',
    );
    assert.equal(found.repeated !== null && found.repeated > 0, true);

    assert.equal(await main(['inspect', 'a.csv', '--target', 'cabin'], other), 2);
    assert.match(other.error.text, /a\.csv has no column 'cabin'/);
  });

  it('tells of images sizes, kinds and what is to be turned, although a run refuses several sizes', async () => {
    const write = async (path: string, width: number, make: (image: Sharp) => Sharp): Promise<void> => {
      mkdirSync(join(folder, 'images', path, '..'), { recursive: true });
      const image = sharp({ create: { width, height: 8, channels: 3, background: { r: width, g: 9, b: 1 } } });
      await make(image).toFile(join(folder, 'images', path));
    };
    for (let index = 0; index < 6; index++) {
      await write(`cat/${index}.png`, 8 + index, (image) => image.png());
      await write(`dog/${index}.jpg`, 8 + index, (image) => image.jpeg().withMetadata({ orientation: 6 }));
    }
    const terminal = fakeTerminal(folder);
    assert.equal(await main(['inspect', 'images'], terminal), 0, terminal.error.text);
    const { text } = terminal.out;
    assert.match(text, /^Format +image folders$/m);
    assert.match(text, /^Sizes +10×8 \(2\), 11×8 \(2\), 12×8 \(2\), 13×8 \(2\), 2 others$/m);
    assert.match(text, /^Kinds +JPEG, RGB \(6\), PNG, RGB \(6\)$/m);
    assert.match(text, /^Turned +6 say/m);
    assert.match(text, /│ cat +│ +\d │ +\d │ +\d │/);
    assert.match(text, /Warning: The images have several sizes, which a run refuses/);
  });

  it('looks at what needs no files, and says what is nothing that it knows', async () => {
    const terminal = fakeTerminal(folder);
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'a.bin'), 'x');
    assert.equal(await main(['inspect', 'empty'], terminal), 2);
    assert.match(terminal.error.text, /empty is empty/);
    assert.equal(await main(['inspect', 'a.bin'], terminal), 2);
    assert.match(terminal.error.text, /a\.bin in .* is no dataset that is known/);
    writeFileSync(join(folder, 'a.onnx'), 'x');
    assert.equal(await main(['inspect', 'a.onnx', '--target', 'x'], terminal), 2);
    assert.match(terminal.error.text, /--target {2}names a column, but a\.onnx is a model or an experiment/);
    assert.equal(await main(['inspect', 'nothing'], terminal), 2);
    assert.match(terminal.error.text, /nothing {2}there is no such file or folder/);
  });
});
