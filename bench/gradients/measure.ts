import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from '../../src/platform/onnxRuntime.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import { dimensionsOf, Graph } from '../../src/onnx/graph.ts';
import type { Value } from '../../src/onnx/node.ts';
import { elementCount } from '../../src/onnx/tensor.ts';

/** One way to write a gradient: adds its nodes and returns the result. */
export interface Candidate {
  readonly name: string;
  readonly build: (graph: Graph, inputs: readonly Value[]) => Value;
}

export interface Input {
  readonly shape: readonly number[];
  readonly element?: (position: number) => number;
}

/** An event of ONNX Runtime's profile. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/**
 * Times the candidates against each other on ONNX Runtime's CPU provider with 2 threads, interleaved so that drift hits
 * all alike. Prints the time per run spent in kernels, by ONNX Runtime's own profile, in milliseconds (each kernel's
 * median over the rounds, added up), and the kernels it consists of.
 */
export async function compare(
  title: string,
  inputs: readonly Input[],
  candidates: readonly Candidate[],
  rounds = 25,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gradient-bench-'));
  try {
    const runners = [];
    for (const [index, candidate] of candidates.entries()) {
      runners.push(await prepare(candidate, inputs, join(folder, `profile-${index}-`)));
    }
    for (let round = 0; round < rounds; round++) {
      for (const { session, feeds, fetches } of runners) await session.run(feeds, fetches);
    }
    console.log(title);
    for (const [index, { session }] of runners.entries()) {
      session.endProfiling();
      await session.release();
      console.log(`  ${summary(folder, `profile-${index}-`)}  ${candidates[index]?.name ?? ''}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function prepare(candidate: Candidate, inputs: readonly Input[], profileFilePrefix: string) {
  const graph = new Graph();
  const values = inputs.map((input, index) => graph.input(`input_${index}`, 'float32', input.shape));
  const shape = dimensionsOf(graph.output(candidate.build(graph, values), 'result'));
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'bench' })), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 2,
    // As in training: threads of one candidate that spin on would take the processor from the next.
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '500' } } },
    logSeverityLevel: 3,
    enableProfiling: true,
    profileFilePrefix,
  });
  const feeds = Object.fromEntries(
    values.map((value, index) => {
      const shape = dimensionsOf(value);
      const element = inputs[index]?.element ?? ((position: number) => Math.sin(position * 12.9898) * 2);
      const data = Float32Array.from({ length: elementCount(shape) }, (_, position) => element(position));
      return [value.name, new Tensor('float32', data, shape)];
    }),
  );
  const fetches = { result: new Tensor('float32', new Float32Array(elementCount(shape)), shape) };
  return { session, feeds, fetches };
}

/** Medians of a profile's kernels: the sum over all, and over the kernels of each operator. */
function summary(folder: string, prefix: string): string {
  const file = readdirSync(folder).find((name) => name.startsWith(prefix));
  if (file === undefined) throw new Error(`ONNX Runtime wrote no profile ${prefix}.`);
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[];
  const durations = new Map<string, { readonly operator: string; readonly times: number[] }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const entry = durations.get(name) ?? { operator: args?.op_name ?? name, times: [] };
    entry.times.push(dur / 1000);
    durations.set(name, entry);
  }
  const operators = new Map<string, number>();
  for (const { operator, times } of durations.values()) {
    const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
    operators.set(operator, (operators.get(operator) ?? 0) + median);
  }
  const total = [...operators.values()].reduce((sum, time) => sum + time, 0);
  const parts = [...operators].map(([operator, time]) => `${operator} ${time.toFixed(1)}`).join(', ');
  return `${total.toFixed(2).padStart(8)} ms  [${parts}]`;
}
