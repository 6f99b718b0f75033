import type { Report } from './report.ts';

/** The bar that an experiment sets for its student; what is left out does not count. */
export interface Requirements {
  /** Least share of right decisions on the test split, 0…1. */
  readonly accuracy?: number | undefined;
  /** Largest loss on the test split. */
  readonly loss?: number | undefined;
  /** Most bytes of student.onnx. */
  readonly bytes?: number | undefined;
  readonly parameters?: number | undefined;
  /** Most multiply-accumulate operations of a sample. */
  readonly macs?: number | undefined;
  /** Longest median time of a sample, in milliseconds. */
  readonly latencyMs?: number | undefined;
}

type Figure = keyof Requirements;

/** How a student does at one of the figures that are required. */
export interface RequirementResult {
  readonly figure: Figure;
  /** Whether the figure may not be smaller, or not larger. */
  readonly bound: 'least' | 'most';
  readonly required: number;
  /** Null where the report has no such figure, which fails. */
  readonly found: number | null;
  readonly passed: boolean;
}

/** In the order in which they are told. */
const figures: readonly {
  readonly figure: Figure;
  readonly bound: 'least' | 'most';
  readonly of: (report: Report) => number | null;
}[] = [
  { figure: 'accuracy', bound: 'least', of: ({ student }) => student.test.accuracy },
  { figure: 'loss', bound: 'most', of: ({ student }) => student.test.loss },
  { figure: 'bytes', bound: 'most', of: ({ student }) => student.bytes },
  { figure: 'parameters', bound: 'most', of: ({ student }) => student.parameters },
  { figure: 'macs', bound: 'most', of: ({ student }) => student.macs },
  { figure: 'latencyMs', bound: 'most', of: ({ student }) => student.latencyMs.p50 },
];

/** Compares a report's student with what is required of it: a result for every figure that is. */
export function checkRequirements(report: Report, requirements: Requirements): readonly RequirementResult[] {
  return figures.flatMap(({ figure, bound, of }) => {
    const required = requirements[figure];
    if (required === undefined) return [];
    const found = of(report);
    const passed = found !== null && (bound === 'least' ? found >= required : found <= required);
    return [{ figure, bound, required, found, passed }];
  });
}
