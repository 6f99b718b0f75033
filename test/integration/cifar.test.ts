import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run } from '../support/runs.ts';
import { requireShared } from '../support/shared.ts';
import { fullOr, tellShortened } from '../support/full.ts';

describe('CIFAR photographs', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    removeRuns();
  });

  it('finds what the teacher can do from image folders, and distils a convnet from it', async function () {
    this.timeout(600_000);
    tellShortened('CIFAR photographs: a smaller convnet on 1,000 of them');
    const { channels, limit, accuracy } = fullOr(
      { channels: [16, 32, 64], limit: undefined, accuracy: 0.4 },
      { channels: [16, 32], limit: 1000, accuracy: 0.25 },
    );
    const model = requireShared(this, 'models/cifar10-resnet14.onnx');
    assert.equal(spawnSync('tar', ['xf', requireShared(this, 'data/cifar10-small.tar'), '-C', folder]).status, 0);
    const { result } = await run({
      teacher: { model },
      dataset: {
        path: join(folder, 'cifar10-small'),
        ...(limit !== undefined && { limit }),
        normalization: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
      },
      student: { architecture: 'convnet', channels },
      training: { epochs: 4, learningRate: 0.003 },
      baseline: false,
      device: 'cpu',
    });
    assert.equal(result.state, 'finished');
    const { teacher, student } = result.report;
    const correct = 1000 - (teacher?.test.errors ?? 1000);
    console.log(`      of 1,000 photographs: teacher ${correct}, student ${1000 - student.test.errors!}`);
    assert.ok(Math.abs(correct - 848) <= 3);
    assert.ok(student.test.accuracy! > accuracy);
  });
});
