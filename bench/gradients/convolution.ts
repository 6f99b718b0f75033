// Ways to write the gradients of Conv (src/autodiff/rules/convolution.ts and kernelGradient.ts).
import { gradientRules } from '../../src/autodiff/registry.ts';
import type { Correlation } from '../../src/autodiff/rules/kernelGradient.ts';
import { int, ints } from '../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../src/onnx/node.ts';
import { correlateBlocks } from '../../src/training/lowering/kernelGradients/correlateBlocks.ts';
import { multiplyPerOffset } from '../../src/training/lowering/kernelGradients/multiplyPerOffset.ts';
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

/** What a kernel's gradient is lowered to (src/training/lowering/kernelGradients), for blocks of 16. */
function kernelGradientForms(kernel: number, pad: number, stride: number): Candidate[] {
  const both = (value: number) => [value, value];
  const window = {
    kernel: both(kernel),
    strides: both(stride),
    dilations: both(1),
    padsBegin: both(pad),
    padsEnd: both(stride === 1 ? pad : 0),
  };
  const correlation = ([small, large]: readonly Value[]): Correlation => {
    if (!small || !large) throw new Error('The images are missing.');
    return { large, small, window, groups: 1 };
  };
  return [
    {
      name: 'weight gradient: a product per offset',
      build: (graph, inputs) => multiplyPerOffset(graph, correlation(inputs)),
    },
    {
      name: 'weight gradient: in blocks',
      build: (graph, inputs) => {
        const gradient = correlateBlocks(graph, correlation(inputs), 16);
        if (!gradient) throw new Error('The images fill no blocks.');
        return gradient;
      },
    },
  ];
}

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
    { name: 'weight gradient: the rule (convolution of the exchanged images)', build: rule(1, attributes) },
    ...(group === 1 ? kernelGradientForms(3, 1, stride) : []),
  ]);
}

await compareBoth(64, 64, 16, 1);
await compareBoth(128, 16, 32, 1);
await compareBoth(128, 32, 16, 1);
await compareBoth(128, 64, 8, 1);
await compareBoth(64, 32, 32, 2);
await compareBoth(32, 96, 16, 1, 96);
await compareBoth(32, 96, 16, 2, 96);
