import type { ExperimentFacts, NetworkFacts } from '../../protocol/experimentFacts.ts';
import { formatCount, formatInteger } from '../../report/format.ts';
import type { Translate } from '../translate.ts';

/** Classes beyond these are not listed. */
const MOST_CLASSES = 20;

/** What was found out about the part of an experiment that a path is in, as Markdown. */
export function describeFacts(
  { teacher, data, student }: ExperimentFacts,
  path: readonly (string | number)[],
  t: Translate,
): readonly string[] {
  const [section, field] = path;
  if (section === 'teacher' && (path.length === 1 || field === 'model')) {
    return teacher ? [[networkLine(teacher, t), ...teacher.notes, ...teacher.warnings].join('\n\n')] : [];
  }
  if (section === 'student' && (path.length === 1 || field === 'architecture' || field === 'model')) {
    return student ? [networkLine(student, t)] : [];
  }
  if (section !== 'dataset' || (path.length > 1 && field !== 'path')) return [];
  const { format, task, classes, counts, findings } = data;
  const shown = classes.slice(0, MOST_CLASSES).map((name, index) => {
    const count = counts[index];
    return count === undefined ? `\`${name}\`` : `\`${name}\` ${formatInteger(count)}`;
  });
  const more = classes.length - shown.length;
  return [
    [
      `${format} · ${task} · ${splitsLine(data, t)}`,
      ...(shown.length === 0 ? [] : [`${t('Classes')}: ${shown.join(', ')}${more > 0 ? ` … (+${more})` : ''}`]),
      ...findings.map(({ sentence }) => sentence),
    ].join('\n\n'),
  ];
}

/** Training, validation and test samples in a few words. */
export function splitsLine({ training, validation, test }: ExperimentFacts['data'], t: Translate): string {
  return t(
    '{0} training, {1} validation, {2} test',
    formatInteger(training),
    formatInteger(validation),
    formatInteger(test),
  );
}

/** The size of a network in a few words. */
export function networkLine({ parameters, macs, isGrown }: NetworkFacts, t: Translate): string {
  if (isGrown) return t('Its size is decided by the data and known after the training.');
  return t('{0} parameters, {1} MACs', formatCount(parameters), formatCount(macs));
}
