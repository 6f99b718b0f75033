import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { forgetPeakMemory, peakMemory } from '../../../platform/peakMemory.ts';
import { closeSession, inputTensor, openSession } from '../session.ts';

/** One input of a network, filled with one number. */
export interface FilledInput {
  readonly name: string;
  /** The types that networks take; see `networkInputs`. */
  readonly type: 'float32' | 'int64' | 'int32' | 'uint8';
  /** Dimensions, batch first. */
  readonly shape: readonly number[];
  readonly fill: 0 | 1;
}

/** An `.onnx` file and what it is fed. */
export interface TriedModel {
  readonly path: string;
  /** The inputs of every batch that is to be run, in order. */
  readonly batches: readonly (readonly FilledInput[])[];
}

/** What a process is to measure: networks that answer together, one after the other. */
export interface MemoryTrial {
  /** A network of one operator, with an input `x` [1]: what ONNX Runtime itself takes is not the networks'. */
  readonly idle: Uint8Array;
  readonly models: readonly TriedModel[];
}

/** What a process found: by how many bytes its peak grew until each batch had been run, or why it cannot tell. */
export type MemoryTrialResult = { readonly growth: readonly number[] } | { readonly reason: string };

/** Loads the networks into this process, runs their batches on the CPU, and tells by how much its peak memory grew. */
export async function tryMemory({ idle, models }: MemoryTrial): Promise<{ readonly growth: readonly number[] }> {
  await closeSession(await openAndRun(idle));
  forgetPeakMemory();
  const before = peakMemory();
  const sessions: InferenceSession[] = [];
  const growth: number[] = [];
  const most = Math.max(...models.map(({ batches }) => batches.length));
  try {
    for (const { path } of models) sessions.push(await openSession(path, { device: 'cpu' }));
    for (let batch = 0; batch < most; batch++) {
      for (const [index, session] of sessions.entries()) {
        const inputs = models[index]?.batches[batch];
        if (inputs) await session.run(Object.fromEntries(inputs.map(filledTensor)));
      }
      // Other parts of the process give memory back meanwhile.
      growth.push(Math.max(0, peakMemory() - before));
    }
  } finally {
    for (const session of sessions) await closeSession(session);
  }
  return { growth };
}

async function openAndRun(idle: Uint8Array): Promise<InferenceSession> {
  const session = await openSession(idle, { device: 'cpu' });
  await session.run({ x: inputTensor('float32', new Float32Array(1), [1]) });
  return session;
}

function filledTensor({ name, type, shape, fill }: FilledInput): readonly [string, RuntimeTensor] {
  const count = shape.reduce((product, size) => product * size, 1);
  return [name, inputTensor(type, filled(type, count, fill), shape)];
}

function filled(
  type: FilledInput['type'],
  count: number,
  fill: 0 | 1,
): Float32Array | BigInt64Array | Int32Array | Uint8Array {
  switch (type) {
    case 'int64':
      return new BigInt64Array(count).fill(BigInt(fill));
    case 'int32':
      return new Int32Array(count).fill(fill);
    case 'uint8':
      return new Uint8Array(count).fill(fill);
    case 'float32':
      return new Float32Array(count).fill(fill);
  }
}
