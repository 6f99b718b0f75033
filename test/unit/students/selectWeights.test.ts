import assert from 'node:assert/strict';
import { BadInputError } from '../../../src/errors.ts';
import { randomStream } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { classifierForm } from '../../../src/students/networkForm.ts';
import { selectWeights, type WeightSelection } from '../../../src/students/selectWeights.ts';

describe('the choice of weights by the last layers', () => {
  const built = buildStudent(
    { architecture: 'convnet', channels: [4, 8], hidden: [6], batchNormalization: true },
    classifierForm([1, 8, 8], 3),
    randomStream(0, 'weights'),
  );
  const { graph, weights } = importNetwork(exportModel(built, { name: 'net' }));
  const chosen = (selection: WeightSelection): string[] => [...selectWeights(graph, weights, selection)].sort();

  it('takes their weights, biases and normalisations', () => {
    assert.deepEqual(chosen({ lastLayers: 1 }), ['output.bias', 'output.weight']);
    assert.deepEqual(chosen({ lastLayers: 2 }), ['dense1.bias', 'dense1.weight', 'output.bias', 'output.weight']);
    const three = chosen({ lastLayers: 3 });
    assert.equal(three.length, 7, three.join());
    assert.equal(three.filter((name) => /normalization\.(scale|bias)$/.test(name)).length, 2, three.join());
    assert.deepEqual(chosen({ lastLayers: 4 }), [...weights].sort());
  });

  it('goes together with patterns', () => {
    assert.deepEqual(chosen({ lastLayers: 2, freeze: ['*.bias'] }), ['dense1.weight', 'output.weight']);
  });

  it('is refused together with all that is wrong with the patterns', () => {
    try {
      chosen({ lastLayers: 5, freeze: ['none'] });
      assert.fail('nothing was refused');
    } catch (error) {
      assert.ok(error instanceof BadInputError);
      assert.deepEqual(
        error.problems.map(({ where }) => where),
        ['freeze[0]', 'lastLayers'],
      );
    }
  });
});
