import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { main } from '../../src/cli/main.ts';
import { commandOutputs } from '../../src/cli/outputs/commandOutputs.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { loadNetwork, openNetwork, type NetworkFile } from '../../src/training/engines/networkFile.ts';
import { readReport } from '../../src/runFolder/readRun.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { removeRuns, run, tinyExperiment } from '../support/runs.ts';

interface Explained {
  readonly method: string;
  readonly explanations: readonly {
    readonly values: readonly number[];
    readonly teacher: { readonly says: readonly number[] };
  }[];
}

/** The softmax of what a network says of one sample. */
async function probabilitiesOf(model: NetworkFile, sample: readonly number[]): Promise<readonly number[]> {
  const shape = { samples: { kind: 'values' }, sampleShape: [1, 28, 28] } as const;
  const predictor = await openNetwork(model, { device: 'cpu', ...shape, batchSize: 1 });
  const logits = (await predictor.run(Float32Array.from(sample))).get(model.output)!;
  await predictor.dispose();
  const powers = Array.from(logits, Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

describe('distillery explain', () => {
  let folder: string;
  before(async () => {
    ({ folder } = await run({ ...tinyExperiment, baseline: false }));
  });
  after(removeRuns);

  it('is summed up in the report, unless the experiment says not to', async () => {
    const { attention } = await readReport(folder);
    assert.equal(attention?.method, 'integrated gradients');
    assert.equal(attention.samples, 32);
    const { value, low, high } = attention.student!;
    assert.ok(-1 <= low && low < value && value < high && high <= 1, `${low} ${value} ${high}`);
    assert.deepEqual([attention.baseline, attention.gain], [null, null]);
    const without = await run({ ...tinyExperiment, report: { attentionSamples: 0 } });
    assert.equal((await readReport(without.folder)).attention, null);
    const few = await run({ ...tinyExperiment, report: { attentionSamples: 3 } });
    const { samples, baseline, gain, student } = (await readReport(few.folder)).attention!;
    assert.equal(samples, 3);
    assert.ok(Math.abs(student!.value - baseline!.value - gain!.value) < 1e-12);
  });

  async function explain(...args: string[]): Promise<string> {
    const terminal = fakeTerminal(folder);
    const code = await main(['explain', folder, ...args], terminal);
    return code === 0 ? terminal.out.text : terminal.error.text;
  }

  it('shows teacher and student side by side', async () => {
    const text = await explain('--sample', '2');
    assert.match(
      text,
      /^Test sample 2\nLabelled: \d\.\nContributions to '\d' in teacher and student correlate with [+−]0\.\d\d\.\n/,
    );
    assert.match(text, /Contributions are found by integrated gradients\./);
  });

  it('gives every number as JSON', async () => {
    const { explanations } = commandOutputs.explain.parse(JSON.parse(await explain('--sample', '0', '--json')));
    const [{ values, teacher } = { values: [], teacher: undefined }] = explanations;
    assert.equal(values.length, 784);
    assert.equal(teacher?.contributions.length, 784);
    assert.ok(Math.abs(teacher.says.reduce<number>((sum, value) => sum + (value ?? 0), 0) - 1) < 1e-9);
  });

  it('draws a page that needs nothing else', async () => {
    const page = await explain('--sample', '1', '--format', 'html');
    assert.equal([...page.matchAll(/<img src="data:image\/png;base64,/g)].length, 3);
    assert.doesNotMatch(page, /<script|(src|href)="(?!data:)/);
  });

  it('says how alike the reasons are over many samples', async () => {
    assert.match(await explain(), /correlate with [+−]0\.\d\d on average over 50 test samples/);
  });

  it('looks at the teachers of an ensemble together, in the same way as at the student', async () => {
    const members = ['teacher.onnx', 'student.onnx'].map((file) => ({ model: join(folder, file) }));
    const ensemble = await run({
      ...tinyExperiment,
      teacher: { ensemble: members },
      training: { epochs: 1, batchSize: 50 },
      baseline: false,
    });
    const terminal = fakeTerminal(folder);
    assert.equal(await main(['explain', ensemble.folder, '--sample', '2', '--json'], terminal), 0);
    const {
      method,
      explanations: [own],
    } = JSON.parse(terminal.out.text) as Explained;
    assert.equal(method, 'occlusion');
    // The ensemble believes what its members believe on average.
    const alone = await Promise.all(members.map(({ model }) => loadNetwork(model, { sampleShape: [1, 28, 28] })));
    const believed = await Promise.all(alone.map((model) => probabilitiesOf(model, own!.values)));
    own!.teacher.says.forEach((probability, index) => {
      const mean = believed.reduce((sum, each) => sum + each[index]! / believed.length, 0);
      assert.ok(Math.abs(probability - mean) < 1e-5, `${probability} ${mean}`);
    });
  });

  it('tells which words of a text speak for the class', async () => {
    const texts = temporaryFolder();
    try {
      const line = (index: number): string => {
        const good = index % 2 === 0;
        return `the film was ${good ? 'wonderful' : 'dreadful'} number ${index % 7},${good ? 'good' : 'bad'}`;
      };
      const lines = Array.from({ length: 240 }, (_, index) => line(index));
      writeFileSync(join(texts, 'reviews.csv'), `review,label\n${lines.join('\n')}\n`);
      const textcnn = { architecture: 'textcnn' as const, embedding: 8, widths: [2], filters: 8 };
      const { folder: read } = await run({
        teacher: textcnn,
        dataset: { path: join(texts, 'reviews.csv'), target: 'label', columns: { review: 'text' }, length: 10 },
        student: textcnn,
        training: { epochs: 6, batchSize: 16, learningRate: 0.01 },
        baseline: false,
        device: 'cpu',
      });
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['explain', read, '--sample', '0'], terminal), 0, terminal.error.text);
      const { text } = terminal.out;
      assert.match(text, /│ (wonderful|dreadful) \(4\) +│ +0\.\d+ +│ +0\.\d+ │/, text);
      // Six words, and nothing of the padding behind them.
      assert.equal([...text.matchAll(/│ \w+ \(\d+\) +│/g)].length, 6, text);
      assert.match(text, /Contributions are found by hiding parts/);
    } finally {
      removeFolder(texts);
    }
  });

  const small = { architecture: 'mlp' as const, hidden: [32] };
  const brief = {
    teacher: small,
    student: small,
    training: { epochs: 4, batchSize: 20 },
    baseline: false,
    device: 'cpu' as const,
  } satisfies Partial<ExperimentInput>;

  /** What is printed for sample 0 of a run on other data. */
  async function explained(experiment: Omit<ExperimentInput, keyof typeof brief>, ...args: string[]): Promise<string> {
    const { folder: other } = await run({ ...brief, ...experiment });
    const terminal = fakeTerminal(folder);
    const code = await main(['explain', other, '--sample', '0', ...args], terminal);
    return code === 0 ? terminal.out.text : terminal.error.text;
  }

  it('explains one of several labels', async () => {
    const path = resolve('examples/data/tags.csv');
    const text = await explained({ dataset: { path, target: ['inside', 'above', 'ring'] } }, '--output', 'ring');
    assert.match(text, /Labelled: [a-z, –]+\.\nContributions to 'ring' in teacher and student correlate with/);
    assert.match(text, /│ above +│ +[\d.]+ % +│/);
  });

  it('explains a predicted number in its own unit', async () => {
    const path = resolve('examples/data/houses.csv');
    const text = await explained({ dataset: { path, task: 'regression', target: 'price' } });
    assert.match(text, /Labelled: \d+\.\nContributions to 'price' in teacher and student correlate with/);
    // Contributions are prices, too: tens of thousands.
    assert.match(text, /│ area_m2 +│ +−?\d{3,} +│ +−?\d{3,} +│/);
  });

  it('explains what an autoencoder gives back', async () => {
    const path = resolve('examples/data/cart-pole.csv');
    const text = await explained({ dataset: { path, task: 'reconstruction' } }, '--output', '2');
    assert.match(text, /^Test sample 0\nContributions to 'output 2' in teacher and student correlate with/);
  });

  it('explains the class of a token', async () => {
    const texts = temporaryFolder();
    try {
      const line = (index: number): string => {
        const name = index % 2 === 0 ? 'Ada' : 'Bob';
        return JSON.stringify({ tokens: ['hello', name, 'again'], labels: ['O', 'NAME', 'O'] });
      };
      writeFileSync(join(texts, 'names.jsonl'), Array.from({ length: 60 }, (_, index) => line(index)).join('\n'));
      const transformer = { architecture: 'transformer' as const, layers: 1, heads: 1, hidden: 8 };
      const { folder: read } = await run({
        ...brief,
        teacher: transformer,
        student: transformer,
        dataset: { path: join(texts, 'names.jsonl'), length: 6 },
      });
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['explain', read, '--sample', '0', '--token', '2'], terminal), 0, terminal.error.text);
      assert.match(
        terminal.out.text,
        /Labelled: NAME\.\nContributions to '(O|NAME) \(token 2\)' in teacher and student/,
      );
      assert.match(terminal.out.text, /│ (ada|bob) \(2\) +│/);
    } finally {
      removeFolder(texts);
    }
  });

  it('refuses a sample that there is not', async () => {
    assert.match(await explain('--sample', '999999'), /There is no test sample 999999; the last is \d+\./);
  });
});
