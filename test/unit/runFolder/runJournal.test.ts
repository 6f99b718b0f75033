import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../src/data/random.ts';
import { RunFolder } from '../../../src/experiment/runFolder.ts';
import { RunJournal } from '../../../src/experiment/runJournal.ts';
import { readStoredProgress } from '../../../src/experiment/storedProgress.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import type { Phase, RunEvent } from '../../../src/protocol/events.ts';
import type { TrainingCheckpoint } from '../../../src/training/checkpoint.ts';

const status = { id: 'a', name: 'a', state: 'running', startedAt: '', progress: 0 } as const;
const finished = { bestEpoch: 2, quality: { accuracy: 0.5, loss: 1 }, endedBy: 'epochs', seconds: 3 } as const;
const checkpoint: TrainingCheckpoint = {
  epoch: 1,
  batchesDone: 1,
  batchesPerEpoch: 2,
  step: 1,
  seconds: 1,
  order: new Random(0).state,
  losses: { sums: {}, count: 0 },
  best: undefined,
  state: new Map([['parameters', floatTensor([1])]]),
};

const phase = (name: Phase): RunEvent => ({ kind: 'phase', phase: name, message: '' });

async function phasesOf(path: string): Promise<(string | undefined)[]> {
  const lines = (await readFile(join(path, 'metrics.jsonl'), 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { phase?: string }).phase);
}

describe('RunJournal', () => {
  let path: string;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'distillery-journal-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  /** A run that finished its teacher, began its student and stored it, and went on a little. */
  async function interrupt(): Promise<void> {
    const folder = await RunFolder.create(path, {}, status);
    const journal = await RunJournal.begin(folder, '/base');
    await journal.noteDevice('webgpu');
    folder.append(phase('train-teacher'));
    await journal.finish('teacher', finished);
    folder.append(phase('student'));
    await journal.save('student', checkpoint);
    folder.append(phase('evaluation'));
    await folder.close();
  }

  async function reopen(): Promise<{ folder: RunFolder; journal: RunJournal }> {
    const stored = await readStoredProgress(path);
    const folder = await RunFolder.reopen(path, status, (stored.training ?? stored.progress).metricsBytes);
    return { folder, journal: RunJournal.resume(folder, stored) };
  }

  it('goes on from the training under way, and tells nothing twice', async () => {
    await interrupt();
    const { folder, journal } = await reopen();
    assert.equal(journal.device, 'webgpu');
    folder.append(phase('train-teacher'));
    assert.deepEqual(journal.finished('teacher'), finished);
    folder.append(phase('student'));
    assert.equal(journal.finished('student'), undefined);
    assert.equal(journal.checkpointOf('baseline'), undefined);
    assert.deepEqual(journal.checkpointOf('student'), checkpoint);
    folder.append(phase('baseline'));
    await folder.close();
    assert.deepEqual(await phasesOf(path), ['train-teacher', 'student', 'baseline']);
  });

  it('goes on from a training that is over when the next one was not stored', async () => {
    await interrupt();
    await rm(join(path, 'checkpoint', 'training.safetensors'));
    const { folder, journal } = await reopen();
    folder.append(phase('train-teacher'));
    assert.ok(journal.finished('teacher'));
    folder.append(phase('student'));
    assert.equal(journal.checkpointOf('student'), undefined);
    await folder.close();
    assert.deepEqual(await phasesOf(path), ['train-teacher', 'student']);
  });

  it('ignores the checkpoint of a training that is over', async () => {
    await interrupt();
    const file = await readFile(join(path, 'checkpoint', 'training.safetensors'));
    const { folder, journal } = await reopen();
    journal.checkpointOf('student');
    await journal.finish('student', finished);
    await folder.close();
    // As if the process had been killed before it removed the file
    await writeFile(join(path, 'checkpoint', 'training.safetensors'), file);
    const stored = await readStoredProgress(path);
    assert.equal(stored.training, undefined);
    assert.equal(stored.progress.last, 'student');
  });

  it('begins anew when nothing was finished or stored', async () => {
    const created = await RunFolder.create(path, {}, status);
    await RunJournal.begin(created, '/base');
    created.append(phase('preflight'));
    await created.close();
    const { folder } = await reopen();
    folder.append(phase('dataset'));
    await folder.close();
    assert.deepEqual(await phasesOf(path), ['dataset']);
  });

  it('drops a line of the metrics that was cut off', async () => {
    await interrupt();
    const whole = await readFile(join(path, 'metrics.jsonl'));
    const first = whole.indexOf('\n') + 1;
    await truncate(join(path, 'metrics.jsonl'), first + 5);
    const { folder } = await reopen();
    await folder.close();
    assert.deepEqual(await phasesOf(path), ['train-teacher']);
  });

  it('clears what was being written when the process was killed', async () => {
    await interrupt();
    for (const name of ['status.json.x.tmp', 'checkpoint/training.safetensors.x.tmp'])
      await writeFile(join(path, name), '');
    const { folder } = await reopen();
    await folder.close();
    assert.equal(existsSync(join(path, 'status.json.x.tmp')), false);
    assert.deepEqual((await readdir(join(path, 'checkpoint'))).toSorted(), ['progress.json', 'training.safetensors']);
  });

  it('leaves nothing when the run has finished', async () => {
    await interrupt();
    const { folder, journal } = await reopen();
    await journal.remove();
    await folder.close();
    assert.equal(existsSync(join(path, 'checkpoint')), false);
    await assert.rejects(readStoredProgress(path), /holds nothing from which a run could go on/);
  });

  it('refuses files that are damaged', async () => {
    await interrupt();
    await truncate(join(path, 'checkpoint', 'training.safetensors'), 100);
    await assert.rejects(readStoredProgress(path), /training\.safetensors' is damaged/);
    await writeFile(join(path, 'checkpoint', 'progress.json'), '{"version": 1}');
    await assert.rejects(readStoredProgress(path), /progress\.json' is damaged/);
  });
});
