import assert from 'node:assert/strict';
import type { Finding } from '../../../src/data/findings/finding.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import { DistilleryError } from '../../../src/errors.ts';
import { examineDatasetDuringRun } from '../../../src/run/examineDatasetDuringRun.ts';
import type { Prepared } from '../../../src/preflight/prepared.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { tinyExperiment } from '../../support/runs.ts';
import { settled } from '../../support/settled.ts';
import { datasetOptions } from '../../support/datasets.ts';

describe('what is found out about a dataset beside a run', () => {
  const told = async (examined: Promise<readonly Finding[]>, ended = new AbortController()): Promise<RunEvent[]> => {
    const dataset = await openDataset(datasetOptions('builtin:digits'), { baseDirectory: '.', seed: 0 });
    const prepared: Prepared = {
      experiment: settled(tinyExperiment),
      dataset: { ...dataset, examineLater: () => examined },
      teachers: undefined,
      studentModel: undefined,
      teacherModel: undefined,
      outputShape: [10],
      objective: [],
      warnings: [],
      notes: [],
      matching: [],
    };
    const events: RunEvent[] = [];
    examineDatasetDuringRun({ prepared, onEvent: (event) => events.push(event) }, ended.signal);
    await examined.catch(() => undefined);
    await Promise.resolve();
    return events;
  };
  const findings: readonly Finding[] = [
    { severity: 'information', where: 'dataset', message: 'One test sample.' },
    { severity: 'warning', where: 'dataset', message: 'Many test samples.', hint: 'Remove them.' },
  ];

  it('is told as warnings of the run, as long as it goes on', async () => {
    assert.deepEqual(await told(Promise.resolve(findings)), [
      { kind: 'warning', problem: { where: 'dataset', message: 'Many test samples.', hint: 'Remove them.' } },
    ]);
    const ended = new AbortController();
    ended.abort();
    assert.deepEqual(await told(Promise.resolve(findings), ended), []);
  });

  it('is told not to be known where it cannot be found out', async () => {
    const [event] = await told(Promise.reject(new Error('The disk is gone')));
    assert.ok(event?.kind === 'warning');
    assert.equal(event.problem.message, 'Training and test could not be compared: The disk is gone.');
    assert.deepEqual(await told(Promise.reject(new DistilleryError('CANCELLED', 'The dataset was closed.'))), []);
  });
});
