import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExperimentDescriber } from '../../../../src/preflight/inspection/experimentDescriber.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

describe('the time that a run is foreseen to take', () => {
  let folder = '';
  before(() => {
    folder = temporaryFolder();
    const rows = (count: number): string =>
      Array.from({ length: count }, (_, row) => `${row % 7},${row % 5},${row % 2 ? 'yes' : 'no'}`).join('\n');
    writeFileSync(join(folder, 'few.csv'), `a,b,label\n${rows(60)}\n`);
    writeFileSync(join(folder, 'many.csv'), `a,b,label\n${rows(800)}\n`);
  });
  after(() => {
    removeFolder(folder);
  });

  async function most(path: string, more: object = {}): Promise<number> {
    const options = { baseDirectory: folder, signal: new AbortController().signal };
    const experiment = {
      teacher: null,
      dataset: { path, enlarge: 'never' },
      student: { architecture: 'mlp', hidden: [4] },
    };
    const { foreseen } = await new ExperimentDescriber().describe({ ...experiment, ...more }, options);
    return foreseen?.seconds?.most ?? NaN;
  }

  it('counts trainings on parts of few samples', async () => {
    const patient = { training: { patience: 100_000 } };
    const [parted, whole] = [await most('few.csv'), await most('few.csv', patient)];
    assert.ok(parted > 1.5 * whole, `${parted} s, ${whole} s where the file says when it ends`);
    assert.equal(await most('many.csv'), await most('many.csv', patient));
    const teacher = { architecture: 'mlp', hidden: [512, 512] };
    const open = await most('few.csv', { teacher });
    const ended = await most('few.csv', { teacher: { ...teacher, training: patient.training } });
    assert.ok(open > 1.2 * ended, `${open} s, ${ended} s where the file says when the teacher's training ends`);
  });
});
