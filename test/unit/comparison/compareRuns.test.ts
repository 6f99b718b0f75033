import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.ts';
import { differingSettings } from '../../../src/experiment/differingSettings.ts';
import type { RunComparison } from '../../../src/comparison/compareRuns.ts';
import { shareDifference, shareInterval } from '../../../src/comparison/shareInterval.ts';
import type { Report } from '../../../src/report/report.ts';
import { readTestScores, writeTestScores } from '../../../src/runFolder/testScores.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';
import { plainSpaces } from '../../support/plainSpaces.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

const SAMPLES = 400;

/** Writes the folder of a run whose student is right on the samples below `right`, and never on those of the last class. */
async function writeRun(
  folder: string,
  right: number,
  { bytes, hidden, withScores }: { bytes: number; hidden: readonly number[]; withScores: boolean },
): Promise<void> {
  mkdirSync(folder);
  const { student } = detailedReport;
  const test = { ...student.test, samples: SAMPLES, accuracy: right / SAMPLES, perClass: [right / SAMPLES, 0.5, null] };
  const report: Report = { ...detailedReport, student: { ...student, bytes, test } };
  writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
  const experiment = { name: folder, student: { architecture: 'mlp', hidden }, training: { epochs: 3 } };
  writeFileSync(join(folder, 'experiment.json'), JSON.stringify(experiment));
  const epochs = [1, 2].map((epoch) => ({
    kind: 'epoch',
    network: 'student',
    epoch,
    epochs: 2,
    step: epoch,
    losses: { total: 1 / epoch },
    validation: { accuracy: 0.5 + epoch / 10, loss: 1 / epoch },
    best: true,
  }));
  writeFileSync(join(folder, 'metrics.jsonl'), epochs.map((event) => `${JSON.stringify(event)}\n`).join(''));
  if (!withScores) return;
  const sums = Float64Array.from({ length: SAMPLES }, (_, sample) => (sample < right ? 1 : 0));
  await writeTestScores(folder, {
    test: '5'.repeat(64),
    measure: 'decisions',
    student: { sums, counts: new Float64Array(SAMPLES).fill(1) },
    labels: Int32Array.from({ length: SAMPLES }, (_, sample) => sample % 2),
  });
}

const usual = { bytes: 1000, hidden: [8], withScores: true } as const;

describe('distillery compare', () => {
  it('compares runs sample by sample, by settings, fronts and classes', async () => {
    await withTemporaryFolder(async (parent) => {
      await writeRun(join(parent, 'a'), 300, usual);
      await writeRun(join(parent, 'b'), 320, { ...usual, bytes: 2000, hidden: [16, 8] });
      await writeRun(join(parent, 'c'), 280, { ...usual, bytes: 3000, withScores: false });
      const terminal = fakeTerminal(parent);
      assert.equal(await main(['compare', 'a', 'b', 'c', '--json'], terminal), 0, terminal.error.text);
      const { runs, settings, cautions } = JSON.parse(terminal.out.text) as RunComparison;
      assert.deepEqual(
        runs.map(({ folder, isOnFront }) => [folder, isOnFront]),
        [
          ['a', true],
          ['b', true],
          ['c', false],
        ],
      );
      assert.deepEqual(settings, [{ path: 'student.hidden', values: ['[8]', '[16,8]', '[8]'] }]);
      const [a, b, c] = runs;
      assert.equal(a?.difference, null);
      assert.equal(b?.difference?.kind, 'paired');
      // 20 of 400 samples differ, all in one direction: the interval of a binomial share of 5 %.
      const { value, low, high } = b.difference.quality;
      assert.ok(Math.abs(value - 0.05) < 1e-9 && low > 0.025 && low < 0.035 && high > 0.065 && high < 0.08);
      assert.equal(b.difference.classes.length, 3);
      assert.equal(b.difference.classes[2], null);
      assert.equal(c?.difference?.kind, 'unpaired');
      const width = ({ low: from, high: to }: { low: number; high: number }): number => to - from;
      assert.ok(width(c.difference.quality) > 2 * width(b.difference.quality));
      assert.deepEqual(cautions, ['unpaired']);
    });
  });

  it('writes a table, Markdown and a page that runs nothing and loads nothing', async () => {
    await withTemporaryFolder(async (parent) => {
      await writeRun(join(parent, 'a'), 300, usual);
      await writeRun(join(parent, 'b'), 320, { ...usual, hidden: [16] });
      writeFileSync(join(parent, 'b', 'marks.json'), JSON.stringify({ name: 'wide <one>' }));
      const told = async (...args: string[]): Promise<string> => {
        const terminal = fakeTerminal(parent, { columns: 200 });
        assert.equal(await main(['compare', 'a', 'b', ...args], terminal), 0, terminal.error.text);
        return terminal.out.text;
      };
      assert.match(await told(), /wide <one> ★.*\+5\.00 \(\+/);
      // More runs than settings: the runs stand below each other, so that the table stays narrow.
      assert.match(await told('--format', 'md'), /\| Run \| student\.hidden \|\n.*\n\| .* \| 8 \|\n\| .* \| 16 \|/);
      await writeRun(join(parent, 'c'), 320, { ...usual, hidden: [] });
      assert.match(await told('c', '--format', 'md'), /^\| c \| \\?\[\\?\] \|$/m);
      const page = await told('--format', 'html');
      assert.match(page, /<polyline[^>]*class="line"/);
      for (const [, around] of page.matchAll(/(<[^>]*>)\s*<svg\s+class="drawing wide"/g))
        assert.match(around ?? '', /^<div class="scroll" tabindex="0"/);
      assert.match(plainSpaces(page), /wide &lt;one&gt;: 80\.00 %/);
      // Where there is no room, the path of a setting goes on after a dot.
      assert.match(page, /student\.<wbr \/>hidden/);
      assert.doesNotMatch(page, /<script|https?:\/\/(?!www\.w3\.org)|wide <one>/);
    });
  });

  it('takes 2 to 20 different runs and says everything that is wrong at once', async () => {
    await withTemporaryFolder(async (parent) => {
      await writeRun(join(parent, 'a'), 300, usual);
      mkdirSync(join(parent, 'empty'));
      const problems = async (...folders: string[]): Promise<string> => {
        const terminal = fakeTerminal(parent);
        assert.equal(await main(['compare', ...folders], terminal), 2);
        return terminal.error.text;
      };
      assert.match(await problems('a'), /takes 2 to 20 runs \(found 1\)/);
      const both = await problems('a', 'a', 'empty');
      assert.match(both, /a\s+is named twice/);
      assert.match(both, /empty\s+There is no report\.json/);
    });
  });
});

describe('the parts of a comparison', () => {
  it('takes lists of plain values as one setting, and names as none', () => {
    const differing = differingSettings([
      { name: 'x', objective: [{ loss: 'kd' }], training: { epochs: 3 } },
      { name: 'y', objective: [{ loss: 'kd', weight: 2 }], training: { epochs: 3 } },
    ]);
    assert.deepEqual(differing, [{ path: 'objective[0].weight', values: [null, '2'] }]);
  });

  it('tells of a part that some experiments lack only what decides something', () => {
    const quantization = { staticInt8: true, float16: false, calibrationSamples: 512, largestDrop: 0.005 };
    const differing = differingSettings([
      { quantization },
      { quantization: { ...quantization, largestDrop: 0.01 } },
      { training: { epochs: 3 } },
    ]);
    assert.deepEqual(differing, [
      { path: 'quantization.largestDrop', values: ['0.005', '0.01', null] },
      { path: 'quantization.staticInt8', values: ['true', 'true', null] },
    ]);
  });

  it('gives the intervals of Wilson and Newcombe', () => {
    // Newcombe 1998, table II: 56/70 against 48/80, method 10.
    const [one, other] = [shareInterval(56, 70), shareInterval(48, 80)];
    assert.ok(one && other);
    const { value, low, high } = shareDifference(one, other);
    assert.deepEqual(
      [value, low, high].map((number) => number.toFixed(4)),
      ['0.2000', '0.0524', '0.3339'],
    );
    assert.equal(shareInterval(0, 0), null);
  });

  it('writes the numbers of students that lie on top of each other side by side', async () => {
    await withTemporaryFolder(async (parent) => {
      for (const name of ['a', 'b']) await writeRun(join(parent, name), 300, usual);
      await writeRun(join(parent, 'c'), 280, { ...usual, bytes: 3000 });
      const terminal = fakeTerminal(parent);
      assert.equal(await main(['compare', 'a', 'b', 'c', '--format', 'html'], terminal), 0, terminal.error.text);
      const labels = [...terminal.out.text.matchAll(/<text class="label"[^>]*>([^<]+)</g)].map(([, text]) => text);
      assert.deepEqual(labels.slice(0, 2), ['1, 2', '3']);
    });
  });

  it('keeps scores as they are, and has none of a damaged file', async () => {
    await withTemporaryFolder(async (folder) => {
      const scores = {
        test: 'x',
        measure: 'squared errors',
        student: { sums: Float64Array.of(0.5, 0.25, 0), counts: Float64Array.of(1, 2, 0) },
        labels: Int32Array.of(3, -1, 0),
      } as const;
      await writeTestScores(folder, scores);
      const read = await readTestScores(folder);
      assert.deepEqual({ ...read }, { ...scores });
      writeFileSync(join(folder, 'scores.json'), '{"version":1}');
      assert.equal(await readTestScores(folder), undefined);
    });
  });
});
