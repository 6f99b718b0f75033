import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import { BadInputError } from '../../src/errors.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { preflight } from '../../src/preflight/preflight.ts';
import { parseExperiment } from '../../src/experiment/parseExperiment.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { readReport } from '../../src/runFolder/readRun.ts';
import { findSiteOutputs } from '../../src/teacher/sites/siteOutputs.ts';
import { decodeTensors } from '../../src/training/checkpoints/safetensors.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { fakeTerminal } from '../support/fakeTerminal.ts';
import { smallDigits } from '../support/smallDigits.ts';

const low = ['0', '1', '2', '3', '4'];
const high = ['5', '6', '7', '8', '9'];
const training = { epochs: 3, batchSize: 20, learningRate: 0.003 };

const experiment = {
  teacher: {
    sites: [
      {
        name: 'north',
        dataset: { path: smallDigits(), exclude: high },
        teacher: { architecture: 'mlp', hidden: [32], training },
      },
      { dataset: { path: smallDigits(), exclude: low }, teacher: { architecture: 'mlp', hidden: [24], training } },
    ],
  },
  dataset: { path: smallDigits() },
  student: { architecture: 'mlp', hidden: [32] },
  objective: [{ loss: 'kd', temperature: 1, weight: 1 }],
  training: { epochs: 3, batchSize: 20, learningRate: 0.003 },
  baseline: false,
  device: 'cpu',
} as const satisfies ExperimentInput;

describe('teachers at sites', function () {
  let parent: string;
  before(() => {
    parent = temporaryFolder();
  });
  after(() => {
    removeFolder(parent);
  });

  function options(name: string, more: Partial<Parameters<typeof runExperiment>[1]> = {}) {
    const signal = new AbortController().signal;
    return { folder: join(parent, name), baseDirectory: parent, signal, onEvent: () => undefined, ...more };
  }

  it('teach classes that no site has all of, and the report says who they were; a run that was stopped goes on alike', async () => {
    // Without a network that tells what is familiar, which takes most of the time.
    const quick = {
      ...experiment,
      teacher: { ...experiment.teacher, weighting: 'class-counts' },
    } satisfies ExperimentInput;
    const given = options('whole');
    await runExperiment(quick, given);
    const { sites, student, agreement, teacher } = await readReport(given.folder);
    assert.ok((student.test.accuracy ?? 0) > 0.55, `${student.test.accuracy}: a site alone comes to no more than half`);
    assert.ok((sites?.test.accuracy ?? 0) > 0.65, String(sites?.test.accuracy));
    assert.deepEqual(
      sites?.sites.map(({ name, classes }) => [
        name,
        classes.filter(({ samples }) => samples > 0).map((each) => each.name),
      ]),
      [
        ['north', low],
        ['site 2', high],
      ],
    );
    assert.ok(sites.sites.every(({ validation }) => (validation.accuracy ?? 1) < 0.6));
    assert.ok(sites.sites.every(({ ownAccuracy }) => (ownAccuracy ?? 0) > 0.7));
    assert.deepEqual([teacher, typeof agreement], [null, 'number']);

    // A site may have its network already; what it says is then the same.
    const model = join(given.folder, 'sites/teacher-site-0.onnx');
    const [north, south] = quick.teacher.sites;
    const had = { ...quick, teacher: { ...quick.teacher, sites: [{ ...north, teacher: { model } }, south] } };
    await runExperiment(had, options('had'));
    assert.deepEqual((await readReport(join(parent, 'had'))).student.test, student.test);

    const stop = new AbortController();
    const stopped = options('stopped', {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'progress' && event.phase === 'train-teacher' && event.done > 1) stop.abort();
      },
    });
    assert.equal((await runExperiment(quick, stopped)).state, 'cancelled');
    assert.equal((await resumeRun(options('stopped'))).state, 'finished');
    assert.deepEqual((await readReport(stopped.folder)).student.test, student.test);
  });

  it('do their tasks where only cluster/ is, and nothing but outputs leaves them', async () => {
    const folder = join(parent, 'server');
    writeFileSync(join(parent, 'a.distill.json'), JSON.stringify(experiment));
    const call = async (directory: string, ...args: string[]) => {
      const terminal = fakeTerminal(directory);
      const code = await main(args, terminal);
      return { code, error: terminal.error.text };
    };
    const prepared = await call(parent, 'submit', 'a.distill.json', '--out=server', '--print=ray');
    assert.equal(prepared.code, 0, prepared.error);
    const early = await call(parent, 'task', 'server', '--do', 'run');
    assert.match(early.error, /teacher\.sites\[0\].*is missing[^]*teacher\.sites\[1\].*is missing/);
    for (const site of [0, 1]) {
      const there = join(parent, `place-${site}`);
      mkdirSync(join(there, 'cluster'), { recursive: true });
      copyFileSync(join(folder, 'cluster/submission.json'), join(there, 'cluster/submission.json'));
      const done = await call(there, 'task', there, '--do', 'site', '--index', String(site), '--directory', there);
      assert.equal(done.code, 0, done.error);
      const left = filesBelow(join(there, 'cluster')).filter((file) => basename(file) !== 'submission.json');
      assert.deepEqual(left, [join(there, `cluster/sites/site-${site}.safetensors`)]);
      const bytes = readFileSync(left[0] ?? '');
      const { tensors, metadata } = decodeTensors(bytes, 'outputs');
      assert.deepEqual(
        [...tensors].map(([name, { shape }]) => [name, shape.slice(1)]),
        ['training', 'validation', 'test'].flatMap((split) => [
          [`${split}/logits`, [10]],
          [`${split}/familiarity`, []],
        ]),
      );
      const said: unknown = JSON.parse(metadata['site'] ?? '');
      assert.deepEqual(Object.keys(said as object).sort(), ['classes', 'counts', 'samples', 'sha256', 'version']);
      assert.ok(!bytes.includes(dirname(smallDigits())), 'no path of the site');
      assert.ok(existsSync(join(there, `site-${site}`)), 'its network stays beside');
      mkdirSync(join(folder, 'cluster/sites'), { recursive: true });
      copyFileSync(left[0] ?? '', join(folder, 'cluster/sites', basename(left[0] ?? '')));
    }
    const end = await call(parent, 'task', 'server', '--do', 'run');
    assert.equal(end.code, 0, end.error);
    const report = await readReport(folder);
    assert.ok((report.student.test.accuracy ?? 0) > 0.75, String(report.student.test.accuracy));

    // Outputs of other samples are of no use, whatever they are called.
    const other = { ...experiment, dataset: { ...experiment.dataset, limit: 500 } };
    const mixed = options('mixed', { shared: { folder: join(folder, 'cluster') } });
    await assert.rejects(
      runExperiment(other, mixed),
      /north labelled other public samples than are here \(training split\)/,
    );
    const file = join(folder, 'cluster/sites/site-0.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    await assert.rejects(findSiteOutputs(file), /is damaged/);
  });

  it('are refused with everything that is wrong, before anything is done', async () => {
    const wrong = {
      ...experiment,
      augmentation: { flip: true },
      student: { shrink: 0.5 },
      folds: 3,
      teacher: {
        sites: [
          { ...experiment.teacher.sites[0], dataset: { path: 'nowhere' } },
          { name: 'north', dataset: { path: 'other.csv' }, teacher: { model: 'none.onnx' } },
        ],
      },
    } satisfies ExperimentInput;
    writeFileSync(join(parent, 'other.csv'), 'a,b,label\n1,2,x\n2,1,y\n3,1,x\n1,3,y\n4,1,x\n1,4,y\n');
    const { signal } = new AbortController();
    const checked = preflight(parseExperiment(wrong), { baseDirectory: parent, signal, onProgress: () => undefined });
    await assert.rejects(checked, (error: unknown) => {
      assert.ok(error instanceof BadInputError);
      const places = error.problems.map(({ where }) => where).sort();
      assert.deepEqual(
        [...new Set(places)],
        [
          'augmentation',
          'folds',
          'student.shrink',
          'teacher.sites[0].dataset.path',
          'teacher.sites[1].name',
          'teacher.sites[1].teacher.model',
        ],
      );
      return true;
    });
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
