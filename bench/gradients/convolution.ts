// Ways to write the gradients of Conv (src/autodiff/rules/convolution.ts and kernelGradient.ts).
import { gradientRules } from '../../src/autodiff/registry.ts';
import { int, ints, type Attributes, type Graph, type Value } from '../../src/onnx/graph.ts';
import { compare, type Candidate } from './measure.ts';

function rule(index: number, attributes: Attributes): Candidate['build'] {
  return (graph, [g, x, w]) => {
    const y = { name: 'y', type: 'float32', shape: g?.shape ?? [] } as const;
    const node = { name: 'conv', operator: 'Conv', domain: '', inputs: [x, w], outputs: [y], attributes };
    const context = { graph, node, outputGradients: [g], needs: (input: number) => input === index };
    const gradient = gradientRules.get('Conv')?.(context)[index];
    if (!gradient) throw new Error('The rule made no gradient.');
    return gradient;
  };
}

const swapped = (graph: Graph, value: Value | undefined) =>
  graph.op('Transpose', [value], { perm: ints([1, 0, 2, 3]) });

async function compareBoth(batch: number, channels: number, size: number, stride: 1 | 2, group = 1): Promise<void> {
  const attributes = {
    pads: ints([1, 1, 1, 1]),
    strides: ints([stride, stride]),
    group: int(group),
    kernel_shape: ints([3, 3]),
  };
  const tensors = [
    { shape: [batch, channels, size / stride, size / stride] },
    { shape: [batch, channels, size, size] },
    { shape: [channels, channels / group, 3, 3] },
  ];
  const described = `3×3, ${channels} channels of ${size}×${size}, batch ${batch}, stride ${stride}, groups ${group}`;
  const transposed = {
    ...attributes,
    output_padding: ints([stride - 1, stride - 1]),
  };
  await compare(`Conv ${described}`, tensors, [
    { name: 'forward', build: (graph, [, x, w]) => graph.op('Conv', [x, w], attributes) },
    { name: 'input gradient: the rule', build: rule(0, attributes) },
    {
      name: 'input gradient: ConvTranspose',
      build: (graph, [g, , w]) => graph.op('ConvTranspose', [g, w], transposed),
    },
    { name: 'weight gradient: the rule', build: rule(1, attributes) },
    ...(group === 1
      ? [
          {
            name: 'weight gradient: Conv of the exchanged images',
            build: (graph: Graph, [g, x]: readonly Value[]) => {
              const exchanged = graph.op('Conv', [swapped(graph, x), swapped(graph, g)], {
                pads: ints([1, 1, 1, 1]),
                dilations: ints([stride, stride]),
              });
              return swapped(
                graph,
                graph.op('Slice', [exchanged, graph.integers([0, 0]), graph.integers([3, 3]), graph.integers([2, 3])]),
              );
            },
          },
        ]
      : []),
  ]);
}

await compareBoth(64, 64, 16, 1);
await compareBoth(64, 16, 32, 1);
await compareBoth(64, 32, 32, 2);
await compareBoth(32, 96, 16, 1, 96);
await compareBoth(32, 96, 16, 2, 96);
