import { int, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';

interface Recurrence {
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
  readonly steps: number;
  readonly bias: boolean;
  readonly starts: boolean;
  /** Which outputs the loss depends on: all hidden states, the last, the last cell state. */
  readonly uses: readonly ('Y' | 'Y_h' | 'Y_c')[];
  readonly attributes?: Attributes;
}

const [batch, features, units] = [2, 3, 2];

const recurrence =
  (operator: 'LSTM' | 'GRU' | 'RNN') =>
  ({ direction, steps, bias, starts, uses, attributes = {} }: Recurrence): GradientCase => {
    const gates = { LSTM: 4, GRU: 3, RNN: 1 }[operator];
    const directions = direction === 'bidirectional' ? 2 : 1;
    const names = operator === 'LSTM' ? ['Y', 'Y_h', 'Y_c'] : ['Y', 'Y_h'];
    const optional = [
      ...(bias ? [sample([directions, 2 * gates * units])] : []),
      ...(starts ? names.slice(1).map(() => sample([directions, batch, units])) : []),
    ];
    return {
      operator,
      title: [
        `${direction}, ${steps} steps`,
        bias ? 'biases' : 'no biases',
        starts ? 'initial states' : 'no initial states',
        `used: ${uses.join(', ')}`,
        JSON.stringify(attributes),
      ].join(', '),
      inputs: [
        sample([steps, batch, features]),
        sample([directions, gates * units, features]),
        sample([directions, gates * units, units]),
        ...optional,
      ],
      build: (graph, inputs) => {
        const [x, w, r, ...others] = inputs;
        const biases = bias ? others.shift() : undefined;
        return graph.node(operator, [x, w, r, biases, ...(starts ? [undefined, ...others] : [])], {
          attributes: { hidden_size: int(units), direction: text(direction), ...attributes },
          outputs: names.map((name) => ((uses as readonly string[]).includes(name) ? name : '')),
        });
      },
    };
  };

const common: readonly Recurrence[] = [
  { direction: 'forward', steps: 3, bias: true, starts: true, uses: ['Y', 'Y_h'] },
  { direction: 'reverse', steps: 3, bias: true, starts: true, uses: ['Y'] },
  { direction: 'bidirectional', steps: 2, bias: true, starts: true, uses: ['Y', 'Y_h'] },
  { direction: 'forward', steps: 4, bias: false, starts: false, uses: ['Y_h'] },
  { direction: 'forward', steps: 1, bias: true, starts: false, uses: ['Y'] },
];
const linear = { linear_before_reset: int(1) };

export const recurrentCases: readonly GradientCase[] = [
  ...common.map(recurrence('LSTM')),
  recurrence('LSTM')({ direction: 'bidirectional', steps: 3, bias: true, starts: true, uses: ['Y', 'Y_h', 'Y_c'] }),
  recurrence('LSTM')({ direction: 'reverse', steps: 2, bias: false, starts: true, uses: ['Y_c'] }),
  ...common.map(recurrence('GRU')),
  ...common.map((options) => recurrence('GRU')({ ...options, attributes: linear })),
  ...common.map(recurrence('RNN')),
  recurrence('RNN')({
    direction: 'bidirectional',
    steps: 3,
    bias: true,
    starts: true,
    uses: ['Y', 'Y_h'],
    attributes: { activations: { kind: 'strings', value: ['Relu', 'Relu'] } },
  }),
];
