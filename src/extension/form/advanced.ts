import { schemaAt, type JsonSchema } from '../../experiment/jsonSchema.ts';

/** May be left out and is shown nevertheless. */
const SHOWN: ReadonlySet<string> = new Set([
  'name',
  'teacher.training',
  'dataset.limit',
  'dataset.task',
  'student.train',
  'student.freeze',
  'student.lastLayers',
  'objective',
  'augmentation',
]);

/** Has a default and is folded away nevertheless. */
const FOLDED: ReadonlySet<string> = new Set([
  'dataset.fit',
  'dataset.orientation',
  'dataset.strict',
  'dataset.scaling',
  'dataset.length',
  'dataset.vocabulary',
  'student.head.dropout',
  'student.dropout',
  'student.pooling',
  'student.penalty',
  'student.predict',
  'objective[].target',
  'objective[].standardize',
  'objective[].smoothing',
  'objective[].power',
  'training.momentum',
  'training.nesterov',
  'training.warmup',
]);

export type IsAdvanced = (path: string, schema: JsonSchema, isRequired: boolean) => boolean;

/**
 * Tells whether most people never touch a field of the experiment, so that it is folded away: because it may be left out
 * and has no value then, or because it is listed here.
 */
export function advancedFields(experiment: JsonSchema): IsAdvanced {
  return (path, schema, isRequired) => {
    const shared = sharedPath(path);
    if (SHOWN.has(shared) || shared.startsWith('augmentation.')) return false;
    if (FOLDED.has(shared)) return true;
    if (isRequired) return false;
    // Of a teacher's training everything may be left out; what matters is the same as in that of the student.
    const [original = schema] = shared === path ? [schema] : schemaAt(experiment, {}, shared.split('.'));
    return original.default === undefined;
  };
}

/** The path by which a field is known: a teacher's are those of a student, those of its training are those of `training`. */
export function sharedPath(path: string): string {
  return path.replace(/^teacher\.training\./, 'training.').replace(/^teacher\.(?!training$)/, 'student.');
}
