import { sharedPath } from './advanced.ts';

/** What nearly everybody decides, besides what has to be given: it is shown before anybody asks for all settings. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  'teacher',
  'teacher.model',
  'dataset',
  'dataset.path',
  'dataset.task',
  'student',
  'student.hidden',
  'student.channels',
  'student.depth',
  'student.width',
  'student.layers',
  'objective',
  'objective[].weight',
  'objective[].temperature',
  'training',
  'training.epochs',
  'training.maxMinutes',
  'quantization',
  'quantization.staticInt8',
  'quantization.dynamicInt8',
  'quantization.aware',
  'quantization.float16',
  'quantization.int4',
  'device',
]);

/** Whether a field of the experiment is among the few that are shown at first. */
export function isEssential(path: string, isRequired: boolean): boolean {
  // Several teachers of one run are required to be named, the settings of a teacher that is trained first are not.
  if (path.startsWith('teacher.training')) return false;
  return isRequired || ESSENTIAL.has(path) || ESSENTIAL.has(sharedPath(path));
}
