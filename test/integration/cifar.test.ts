import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run } from '../support/runs.ts';
import { requireShared } from '../support/shared.ts';

describe('CIFAR photographs', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    removeRuns();
  });

  it('finds what the teacher can do from image folders, and distils a convnet from it', async function () {
    this.timeout(600_000);
    const model = requireShared(this, 'models/cifar10-resnet14.onnx');
    assert.equal(spawnSync('tar', ['xf', requireShared(this, 'data/cifar10-small.tar'), '-C', folder]).status, 0);
    const { result } = await run({
      teacher: { model },
      dataset: {
        path: join(folder, 'cifar10-small'),
        normalization: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
      },
      student: { architecture: 'convnet', channels: [16, 32, 64] },
      training: { epochs: 4, learningRate: 0.003 },
      baseline: false,
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const { teacher, student } = result.report;
    const correct = 1000 - (teacher?.test.errors ?? 1000);
    console.log(`      of 1,000 photographs: teacher ${correct}, student ${1000 - student.test.errors!}`);
    assert.ok(Math.abs(correct - 848) <= 3);
    assert.ok(student.test.accuracy! > 0.4);
  });
});
