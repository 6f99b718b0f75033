// Runs every objective and its gradient on the WebGPU provider and prints what differs from the CPU as JSON.
import { regressorsOf } from '../../../../src/objectives/features/appendRegressor.ts';
import { runObjective } from './objectiveRun.ts';
import { usualTerms } from './terms.ts';

const failures: string[] = [];
for (const term of Object.values(usualTerms)) {
  const named = regressorsOf([term])[0]?.kind === 'projection' ? { ...term, teacher: 'vectors' } : term;
  const expected = await runObjective([named]);
  try {
    const computed = await runObjective([named], { provider: 'webgpu' });
    const [numbers, wanted] = [computed, expected].map(({ total, gradient }) => [total, ...gradient]) as [
      number[],
      number[],
    ];
    const scale = Math.max(1, ...wanted.map(Math.abs));
    const largest = Math.max(...numbers.map((value, index) => Math.abs(value - wanted[index]!)));
    if (!(largest <= 1e-3 * scale)) failures.push(`${term.loss}: differs by ${largest} of ${scale}`);
  } catch (error) {
    failures.push(`${term.loss}: ${String(error)}`);
  }
}
process.stdout.write(JSON.stringify({ losses: Object.keys(usualTerms), failures }));
