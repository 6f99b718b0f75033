// Runs one case of every gradient rule on the WebGPU provider and prints what differs from the reference as JSON.
import { gradientCases } from '../unit/autodiff/rules/gradientCases.ts';
import { assertClose, buildGradients } from './gradientCheck.ts';
import { lowerGraph } from '../../src/training/lowering/lowerGraph.ts';
import { runGraph } from './onnxruntime.ts';
import { evaluate } from './reference/evaluate.ts';

const firstCases = new Map([...gradientCases].reverse().map((check) => [check.operator, check]));
const failures: string[] = [];
for (const check of firstCases.values()) {
  const { graph, feeds } = buildGradients(check);
  const expected = evaluate(graph, feeds);
  try {
    const computed = await runGraph(lowerGraph(graph, undefined), feeds, 'webgpu');
    for (const [name, array] of computed) assertClose(array, expected.get(name)!, 1e-3, name);
  } catch (error) {
    failures.push(`${check.operator}: ${check.title}: ${String(error)}`);
  }
}
process.stdout.write(JSON.stringify({ operators: [...firstCases.keys()], failures }));
