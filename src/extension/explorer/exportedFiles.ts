import { runFiles } from '../../runFolder/runFolder.ts';
import type { Translate } from '../translate.ts';

/** A file of a run that is of use away from here. */
export interface OfferedFile {
  readonly name: string;
  /** What it is, in a few words. */
  readonly what: string;
  /** Whether it is chosen beforehand. */
  readonly isUsual: boolean;
}

/** What of the files that are there is offered, in that order. */
export function offeredFiles(there: ReadonlySet<string>, t: Translate): readonly OfferedFile[] {
  const offered: readonly (readonly [name: string, what: string])[] = [
    [runFiles.student, t('The student: what you ship')],
    [runFiles.rawStudent, t('The student with the preparation of its data in it')],
    [runFiles['static-int8'], t('The student in int8, weights and activations')],
    [runFiles['dynamic-int8'], t('The student in int8, activations rounded as they come')],
    [runFiles['aware-int8'], t('The student in int8, trained for that')],
    [runFiles.float16, t('The student in half precision')],
    [runFiles.int4, t('The student with weights in int4')],
    [runFiles.pruned, t('The student as pruning left it, before it was trained')],
    [runFiles.reportHtml, t('The report, for a browser')],
    [runFiles.report, t('The report, for programs')],
    [runFiles.metricsCsv, t('The curves, for spreadsheets')],
    [runFiles.experiment, t('The experiment, to run it again')],
    [runFiles.tree, t('The decision tree, for programs')],
  ];
  const usual: readonly string[] = [runFiles.student, runFiles.reportHtml];
  return offered
    .filter(([name]) => there.has(name))
    .map(([name, what]) => ({ name, what, isUsual: usual.includes(name) }));
}

/** A file of the run and what its copy is called. */
interface Copied {
  readonly from: string;
  readonly to: string;
}

/**
 * What is copied where files are chosen: `student.onnx` of a run becomes `<run>.student.onnx`, so that several runs fit into one folder. External
 * weights lie beside the file that names them, so they keep their name.
 *
 * @param id of the run
 * @param there what the run's folder holds
 */
export function copiesOf(chosen: readonly string[], id: string, there: ReadonlySet<string>): readonly Copied[] {
  const weights = chosen.map((name) => `${name}.data`).filter((name) => there.has(name));
  return [
    ...chosen.map((name) => ({ from: name, to: `${id}.${name}` })),
    ...weights.map((name) => ({ from: name, to: name })),
  ];
}
