import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../src/data/random.ts';
import { RunFolder } from '../../../src/runFolder/runFolder.ts';
import { RunJournal } from '../../../src/runFolder/runJournal.ts';
import { readStoredProgress } from '../../../src/runFolder/checkpointFolder.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import type { Phase, RunEvent } from '../../../src/protocol/events.ts';
import type { TrainingCheckpoint } from '../../../src/training/checkpoints/checkpoint.ts';

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

  async function begin(): Promise<{ folder: RunFolder; journal: RunJournal }> {
    const folder = await RunFolder.create(path, {}, status, RunJournal.firstFiles('/base'));
    return { folder, journal: RunJournal.begin(folder, '/base') };
  }

  /** A run that finished its teacher, began its student and stored it, and went on a little. */
  async function interrupt(): Promise<void> {
    const { folder, journal } = await begin();
    await journal.noteDevice('webgpu', { roundsProducts: true, layout: 'NCHW' });
    folder.append(phase('train-teacher'));
    await writeFile(join(path, 'teacher.onnx'), 'teacher');
    await journal.finish('teacher', finished, join(path, 'teacher.onnx'));
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
    assert.equal(journal.roundsProducts, true);
    assert.equal(journal.layout, 'NCHW');
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
    await writeFile(join(path, 'student.onnx'), 'student');
    await journal.finish('student', finished, join(path, 'student.onnx'));
    await folder.close();
    // As if the process had been killed before it removed the file
    await writeFile(join(path, 'checkpoint', 'training.safetensors'), file);
    const stored = await readStoredProgress(path);
    assert.equal(stored.training, undefined);
    assert.equal(stored.progress.last, 'student');
  });

  it('begins anew when nothing was finished or stored', async () => {
    const { folder: created } = await begin();
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
    const unfinished = `status.json.${randomUUID()}.tmp`;
    for (const name of [unfinished, `checkpoint/training.safetensors.${randomUUID()}.tmp`])
      await writeFile(join(path, name), '');
    const { folder } = await reopen();
    await folder.close();
    assert.equal(existsSync(join(path, unfinished)), false);
    assert.deepEqual((await readdir(join(path, 'checkpoint'))).toSorted(), [
      'progress.json',
      'progress.previous.json',
      'training.safetensors',
    ]);
  });

  it('leaves nothing when the run has finished', async () => {
    await interrupt();
    const { folder, journal } = await reopen();
    await journal.remove();
    await folder.close();
    assert.equal(existsSync(join(path, 'checkpoint')), false);
    await assert.rejects(readStoredProgress(path), /holds nothing from which a run could go on/);
  });

  /** Interrupts with two checkpoints of the student, of steps 1 and 2. */
  async function interruptLater(): Promise<void> {
    await interrupt();
    const { folder, journal } = await reopen();
    journal.checkpointOf('student');
    await journal.save('student', { ...checkpoint, step: 2 });
    await folder.close();
  }

  /** Alters one byte in the middle of a file, as a disk may. */
  async function damage(name: string): Promise<void> {
    const file = join(path, name);
    const bytes = await readFile(file);
    const middle = bytes.length >> 1;
    bytes[middle] = bytes[middle]! ^ 1;
    await writeFile(file, bytes);
  }

  it('goes on from the checkpoint before one that is damaged, and says so', async () => {
    await interruptLater();
    assert.equal((await readStoredProgress(path)).training?.checkpoint.step, 2);
    for (const harm of [
      () => damage('checkpoint/training.safetensors'),
      () => truncate(join(path, 'checkpoint', 'training.safetensors'), 100),
    ]) {
      await harm();
      const { training, warnings } = await readStoredProgress(path);
      assert.equal(training?.checkpoint.step, 1);
      assert.match(warnings[0]!.message, /checkpoint is damaged: .* the one before it, of step 1\./);
    }
    // As if the process had been killed between the two renames
    await rm(join(path, 'checkpoint', 'training.safetensors'));
    const { training, warnings } = await readStoredProgress(path);
    assert.equal(training?.checkpoint.step, 1);
    assert.deepEqual(warnings, []);
  });

  it('begins a training anew whose only checkpoint is damaged, and says so', async () => {
    await interrupt();
    await damage('checkpoint/training.safetensors');
    const { training, warnings, progress } = await readStoredProgress(path);
    assert.equal(training, undefined);
    assert.deepEqual(Object.keys(progress.finished), ['teacher']);
    assert.match(warnings[0]!.message, /begins anew/);
  });

  it('goes on from the progress before one that is damaged, and refuses when both are', async () => {
    await interrupt();
    await damage('checkpoint/progress.json');
    const { progress, training, warnings } = await readStoredProgress(path);
    assert.deepEqual(progress.finished, {});
    assert.equal(progress.device, 'webgpu');
    assert.equal(training, undefined);
    assert.match(warnings[0]!.message, /file is damaged/);
    await damage('checkpoint/progress.previous.json');
    await assert.rejects(readStoredProgress(path), /progress\.json' is damaged/);
  });

  it('repeats the training whose network is damaged or missing', async () => {
    await interrupt();
    for (const harm of [() => damage('teacher.onnx'), () => rm(join(path, 'teacher.onnx'))]) {
      await harm();
      const { progress, training, warnings } = await readStoredProgress(path);
      assert.deepEqual(progress.finished, {});
      assert.equal(progress.metricsBytes, 0);
      assert.equal(training, undefined);
      assert.match(warnings[0]!.message, /network is damaged or missing/);
    }
  });

  it('writes nothing any more when another process took the folder over', async () => {
    const { folder, journal } = await begin();
    await rm(join(path, 'lease.json'));
    const other = await RunFolder.reopen(path, { ...status, name: 'other' }, 0);
    const before = await readFile(join(path, 'status.json'), 'utf8');
    await assert.rejects(journal.save('student', checkpoint), /was taken from this process: process \d+/);
    await assert.rejects(folder.update({ state: 'failed' }), /was taken from this process/);
    await folder.close();
    assert.equal(await readFile(join(path, 'status.json'), 'utf8'), before);
    await other.update({});
    await other.close();
    assert.equal(existsSync(join(path, 'lease.json')), false);
  });
});
