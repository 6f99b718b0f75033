import { DistilleryError } from '../errors.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import { buildKdLoss } from './kd.ts';
import { buildLabelsLoss } from './labels.ts';

/** One term of the objective, with every default filled in. */
export type ObjectiveTerm =
  | { readonly loss: 'kd'; readonly temperature: number; readonly weight: number }
  | { readonly loss: 'labels'; readonly weight: number };

/** What the terms look at. */
export interface ObjectiveInputs {
  /** Student logits [B, C]. */
  readonly student: Value;
  /** Teacher logits [B, C]; absent when no term needs a teacher. */
  readonly teacher?: Value;
  /** Label distributions [B, C]. */
  readonly labels: Value;
}

/** The weighted sum of all terms, and each term's own value by name. */
export interface Objective {
  readonly total: Value;
  readonly terms: ReadonlyMap<string, Value>;
}

/** Whether a term compares the student with a teacher. */
export function needsTeacher(term: ObjectiveTerm): boolean {
  return term.loss !== 'labels';
}

/**
 * Builds every term of the objective and their weighted sum.
 * @throws DistilleryError when a term needs a teacher and there is none
 */
export function buildObjective(graph: Graph, terms: readonly ObjectiveTerm[], inputs: ObjectiveInputs): Objective {
  const built = new Map<string, Value>();
  let total: Value | undefined;
  for (const term of terms) {
    const loss = buildTerm(graph, term, inputs);
    built.set(uniqueName(built, term.loss), loss);
    const weighted = term.weight === 1 ? loss : graph.op('Mul', [loss, graph.scalar(term.weight)]);
    total = total ? graph.op('Add', [total, weighted]) : weighted;
  }
  if (!total) throw new DistilleryError('INTERNAL', 'An objective needs at least one term.');
  return { total, terms: built };
}

function buildTerm(graph: Graph, term: ObjectiveTerm, { student, teacher, labels }: ObjectiveInputs): Value {
  switch (term.loss) {
    case 'kd':
      if (!teacher) throw new DistilleryError('INTERNAL', `The term '${term.loss}' needs a teacher.`);
      return buildKdLoss(graph, student, teacher, term.temperature);
    case 'labels':
      return buildLabelsLoss(graph, student, labels);
  }
}

function uniqueName(taken: ReadonlyMap<string, Value>, name: string): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number++) candidate = `${name}-${number}`;
  return candidate;
}
