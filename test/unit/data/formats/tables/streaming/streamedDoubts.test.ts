import assert from 'node:assert/strict';
import { dataFolder } from '../../../../../support/dataFolder.ts';

const COUNT = 2400;
const rows = (from: number, to: number, cells: (row: number) => string): string =>
  Array.from({ length: to - from }, (_, at) => cells(from + at)).join('\n');

describe('warnings of tables that do not fit into memory', () => {
  const { open, write } = dataFolder('test');
  /** What is told of a table in memory, and of the same when it is read from the disk. */
  async function told(path: string): Promise<readonly [held: readonly string[], streamed: readonly string[]]> {
    const of = async (memory: number): Promise<readonly string[]> => {
      const dataset = await open(path, {}, { memory });
      assert.equal(dataset.training.stream !== undefined, memory < Infinity);
      await dataset.dispose();
      return dataset.findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
    };
    return [await of(Infinity), await of(1000)];
  }

  it('are those of the same table in memory: marks, persons, spellings', async () => {
    const line = (row: number): string =>
      `${row % 40 === 0 ? -999 : 4 + (row % 31)},p${row % 300},${(row * 7) % 13},${['Yes', 'no', 'yes'][row % 3] ?? ''}`;
    write('all.csv', `size,patient_id,x,label\n${rows(0, COUNT, line)}\n`);
    const [held, streamed] = await told('all.csv');
    for (const expected of [
      /60 of 2400 values of 'size' are -999, far from the others/,
      /The 2400 rows are of 300 different 'patient_id'/,
      /the classes 'Yes' and 'yes', which differ only in how they are written/,
    ]) {
      assert.ok(
        held.some((message) => expected.test(message)),
        `in memory: ${expected.source} in ${held.join('\n')}`,
      );
      assert.ok(
        streamed.some((message) => expected.test(message)),
        `from the disk: ${expected.source} in ${streamed.join('\n')}`,
      );
    }
  });

  it('tell of categories that only the test has, with their rows', async () => {
    const line = (row: number): string =>
      `${(row * 7) % 13}.5,${row % 2 === 0 ? 'car' : 'bus'},${row % 3 === 0 ? 'a' : 'b'}`;
    write('splits/train.csv', `x,by,label\n${rows(0, COUNT, line)}\n`);
    write('splits/test.csv', `x,by,label\n${rows(0, 300, line)}\n1.5,tram,a\n2.5,tram,b\n`);
    const [held, streamed] = await told('splits');
    const expected =
      /^2 of 302 rows of test\.csv have a value of 'by' .* 'tram' \(line 302\) first; they count as 'bus'/;
    assert.ok(held.some((message) => expected.test(message)));
    assert.ok(
      streamed.some((message) => expected.test(message)),
      streamed.join('\n'),
    );
  });

  it('and pairs and durations are read as in memory', async () => {
    const line = (row: number): string =>
      `${100 + (row % 70)}/${60 + (row % 37)},${row % 3} days 02:${10 + (row % 50)}:04,${row % 2 === 0 ? 'a' : 'b'}`;
    write('written.csv', `bp,wait,label\n${rows(0, COUNT, line)}\n`);
    const columns = ['bp', 'wait', 'label'];
    const records = rows(0, COUNT, (row) =>
      JSON.stringify(
        Object.fromEntries(
          line(row)
            .split(',')
            .map((cell, at) => [columns[at], cell]),
        ),
      ),
    );
    write('written.jsonl', records);
    for (const path of ['written.csv', 'written.jsonl']) {
      const held = await open(path, {}, { memory: Infinity });
      const streamed = await open(path, {}, { memory: 1000 });
      assert.deepEqual(streamed.preparation, held.preparation);
      const [one, other] = [new Float32Array(9), new Float32Array(9)];
      await held.training.read([0, 700, 1500], one);
      await streamed.training.read([0, 700, 1500], other);
      assert.deepEqual(other, one);
      await streamed.dispose();
    }
  });

  it('leave lines out that name the columns again, as in memory, and tell it', async () => {
    const line = (row: number): string =>
      `${(row * 7) % 13}.5,${row === 900 ? 'by' : 'car'},${row % 3 === 0 ? 'a' : 'b'}`;
    const names = 'x,by,label';
    write(
      'joined.csv',
      [names, rows(0, 1500, line), ` x, by,label`, rows(1500, COUNT, line), names, line(0), ''].join('\n'),
    );
    const held = await open('joined.csv', {}, { memory: Infinity });
    const streamed = await open('joined.csv', {}, { memory: 1000 });
    const counts = [held, streamed].map(
      ({ training, validation, test }) => training.count + validation.count + test.count,
    );
    assert.deepEqual(counts, [COUNT + 1, COUNT + 1]);
    assert.deepEqual(streamed.preparation, held.preparation);
    assert.deepEqual(streamed.task, held.task);
    for (const { findings } of [held, streamed]) {
      const told = findings.map(({ message }) => message).join();
      assert.match(told, /joined\.csv names its columns again in 2 lines, line 1502 first, which are no rows/);
    }
    await streamed.dispose();
  });
});
