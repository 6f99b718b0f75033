import { int } from '../../../../src/onnx/graph.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

const cases = (operator: 'Softmax' | 'LogSoftmax'): GradientCase[] => {
  const axis = (shape: readonly number[], at: number | undefined): GradientCase => ({
    operator,
    title: `[${shape.join(', ')}], axis ${at ?? 'left out'}`,
    inputs: [sample(shape)],
    build: (graph, [x]) => graph.op(operator, [x], at === undefined ? {} : { axis: int(at) }),
    ...(at === undefined || at === -1 || at === shape.length - 1
      ? { tensorflow: (tf, [x]) => (operator === 'Softmax' ? tf.softmax(x!) : tf.logSoftmax(x!)) }
      : {}),
  });
  return [
    axis([3, 5], undefined),
    axis([2, 3, 4], -1),
    axis([2, 3, 4], 1),
    axis([2, 3, 4], -3),
    axis([4, 1], 1),
    axis([6], 0),
    {
      operator,
      title: 'logits of up to ±1000 stay finite',
      inputs: [sample([3, 4], [1000, 999, 0, -1000, -1000, -1001, -999, -1000, 80, -80, 88, 90])],
      build: (graph, [x]) => graph.op(operator, [x]),
      tensorflow: (tf, [x]) => (operator === 'Softmax' ? tf.softmax(x!) : tf.logSoftmax(x!)),
    },
  ];
};

export const softmaxCases: readonly GradientCase[] = [...cases('Softmax'), ...cases('LogSoftmax')];
