import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { buildStudent, type Architecture } from '../../../src/students/buildStudent.ts';
import { estimateStudent } from '../../../src/students/estimate.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { trainBriefly } from '../../support/briefTraining.ts';

const cifar = [3, 32, 32];
const imagenet = [3, 224, 224];
const resnet = (depth: 8 | 18 | 20 | 34 | 50, stem?: 'cifar' | 'imagenet'): Architecture => ({
  architecture: 'resnet',
  depth,
  width: 1,
  ...(stem && { stem }),
});

describe('student architectures', () => {
  it('have the published parameters and multiply-accumulate operations', () => {
    const billions = (count: number): number => Math.round(count / 1e7) / 100;
    // torchvision states these for its models: parameters, and GMACs as "GFLOPS".
    assert.deepEqual(estimateStudent(resnet(18), classifierForm(imagenet, 1000)).parameters, 11_689_512);
    assert.equal(billions(estimateStudent(resnet(18), classifierForm(imagenet, 1000)).macs), 1.81);
    assert.equal(estimateStudent(resnet(34), classifierForm(imagenet, 1000)).parameters, 21_797_672);
    assert.equal(billions(estimateStudent(resnet(34), classifierForm(imagenet, 1000)).macs), 3.66);
    assert.equal(estimateStudent(resnet(50), classifierForm(imagenet, 1000)).parameters, 25_557_032);
    assert.equal(billions(estimateStudent(resnet(50), classifierForm(imagenet, 1000)).macs), 4.09);
    const mobile = estimateStudent({ architecture: 'mobilenetv2', width: 1 }, classifierForm(imagenet, 1000));
    assert.equal(mobile.parameters, 3_504_872);
    assert.equal(billions(mobile.macs), 0.3);
    // Half the width: 1.97 M parameters, 97 M multiply-adds (the authors' table of checkpoints).
    const half = estimateStudent({ architecture: 'mobilenetv2', width: 0.5 }, classifierForm(imagenet, 1000));
    assert.deepEqual([Math.round(half.parameters / 1e4), Math.round(half.macs / 1e6)], [197, 97]);
    assert.equal(Math.round(estimateStudent(resnet(20), classifierForm(cifar, 10)).parameters / 1e4), 27);
  });

  it('begin by the size of the images, or as they are told', () => {
    assert.deepEqual(
      estimateStudent(resnet(20), classifierForm(cifar, 10)),
      estimateStudent(resnet(20, 'cifar'), classifierForm(cifar, 10)),
    );
    assert.ok(
      estimateStudent(resnet(20, 'imagenet'), classifierForm(cifar, 10)).macs <
        estimateStudent(resnet(20), classifierForm(cifar, 10)).macs / 8,
    );
    const spatial = (architecture: Architecture, side: number) => {
      const graph = buildStudent(architecture, classifierForm([3, side, side], 10), randomStream(0, 'weights'));
      const pool = graph.nodes.find(({ operator }) => operator === 'GlobalAveragePool');
      return pool?.inputs[0]?.shape.slice(2);
    };
    assert.deepEqual(spatial(resnet(18), 65), [3, 3]);
    assert.deepEqual(spatial({ architecture: 'mobilenetv2', width: 0.1 }, 64), [8, 8]);
    assert.deepEqual(spatial({ architecture: 'mobilenetv2', width: 0.1 }, 96), [3, 3]);
  });

  it('scale with their width', () => {
    const quarter = estimateStudent({ architecture: 'resnet', depth: 20, width: 0.5 }, classifierForm(cifar, 10));
    const ratio = quarter.parameters / estimateStudent(resnet(20), classifierForm(cifar, 10)).parameters;
    assert.ok(ratio > 0.24 && ratio < 0.27, `${ratio}`);
  });

  it('refuse samples that do not suit them', () => {
    const build = (architecture: Architecture, shape: number[]) => () =>
      estimateStudent(architecture, classifierForm(shape, 2));
    assert.throws(build(resnet(20), [784]), /A resnet needs images, but the samples have shape \[784\]/);
    assert.throws(build({ architecture: 'mobilenetv2', width: 1 }, [5, 5]), /A mobilenetv2 needs images/);
  });

  const trained: readonly (readonly [string, Architecture, readonly number[]])[] = [
    ['resnet with basic blocks', { architecture: 'resnet', depth: 8, width: 0.25 }, [3, 8, 8]],
    ['resnet with bottlenecks', { architecture: 'resnet', depth: 50, width: 0.0625, stem: 'imagenet' }, [3, 64, 64]],
    ['mobilenetv2', { architecture: 'mobilenetv2', width: 0.25 }, [3, 16, 16]],
  ];
  for (const [name, architecture, sampleShape] of trained) {
    it(`${name} trains, and is what it was trained to be when exported`, async () => {
      const graph = buildStudent(architecture, classifierForm(sampleShape, 3), randomStream(0, 'weights'));
      await trainBriefly({ network: { graph }, sampleShape, classes: 3, epochs: 5, learningRate: 0.003 });
    });
  }
});
