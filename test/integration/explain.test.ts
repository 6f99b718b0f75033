import assert from 'node:assert/strict';
import { main } from '../../src/cli/main.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';

describe('distillery explain', () => {
  let folder: string;
  before(async () => {
    ({ folder } = await run({ ...tinyExperiment, baseline: false }));
  });
  after(removeRuns);

  async function explain(...args: string[]): Promise<string> {
    const terminal = fakeTerminal(folder);
    const code = await main(['explain', folder, ...args], terminal);
    return code === 0 ? terminal.out.text : terminal.error.text;
  }

  it('shows teacher and student side by side', async () => {
    const text = await explain('--sample', '2');
    assert.match(
      text,
      /^Test sample 2\nLabelled \d\. Contributions to '\d' in teacher and student correlate with [+−]0\.\d\d\./,
    );
    assert.match(text, /Teacher: integrated gradients, Student: integrated gradients/);
  });

  it('gives every number as JSON', async () => {
    const { explanations } = JSON.parse(await explain('--sample', '0', '--json')) as {
      explanations: { values: number[]; teacher: { contributions: number[]; probabilities: number[] } }[];
    };
    const [{ values, teacher } = { values: [], teacher: undefined }] = explanations;
    assert.equal(values.length, 784);
    assert.equal(teacher?.contributions.length, 784);
    assert.ok(Math.abs(teacher.probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
  });

  it('draws a page that needs nothing else', async () => {
    const page = await explain('--sample', '1', '--format', 'html');
    assert.equal([...page.matchAll(/<img src="data:image\/png;base64,/g)].length, 3);
    assert.doesNotMatch(page, /<script|(src|href)="(?!data:)/);
  });

  it('says how alike the reasons are over many samples', async () => {
    assert.match(await explain(), /correlate with [+−]0\.\d\d on average over 50 test samples/);
  });

  it('refuses a sample that there is not', async () => {
    assert.match(await explain('--sample', '999999'), /There is no test sample 999999; the last is \d+\./);
  });
});
