import type { ExperimentFacts, FactsAnswer } from '../../src/protocol/experimentFacts.ts';
import { factorText } from '../../src/report/wording/factorText.ts';
import { formatBytes, formatCount } from '../../src/report/format.ts';
import type { Problem } from '../../src/errors.ts';
import { element } from '../dom.ts';
import { t } from '../l10n.ts';
import { modelFigures } from '../model/modelFigures.ts';
import { written } from '../report/reportTexts.ts';
import { dataFacts } from './dataFactsView.ts';
import { found } from '../found.ts';
import { line, warned, type ShowField } from './factParts.ts';

/** Parameters are written as float32. */
const BYTES_OF_PARAMETER = 4;

/** The parts of the experiment that something is found out about. */
export const factParts = ['teacher', 'dataset', 'student'] as const;
export type FactPart = (typeof factParts)[number];

/**
 * What was found out about a part of the experiment while one chooses.
 *
 * @param answer undefined while it is being looked for
 * @param showField opens the form at the field that decides something
 */
export function factsOf(part: FactPart, answer: FactsAnswer | undefined, showField: ShowField): readonly HTMLElement[] {
  if (!answer) return [element('p', { class: 'facts-pending' }, t('Looking…'))];
  if (answer.kind === 'refused') return refused(part, answer.problems);
  if (answer.kind === 'teacher') return part === 'teacher' ? [line(modelFigures(answer.model))] : [];
  switch (part) {
    case 'teacher':
      return [...refused(part, answer.problems ?? []), ...teacherFacts(answer.facts, showField)];
    case 'dataset':
      return dataFacts(answer.facts.data, showField);
    case 'student':
      return [...refused(part, answer.problems ?? []), ...studentFacts(answer.facts)];
  }
}

function refused(part: FactPart, problems: readonly Problem[]): readonly HTMLElement[] {
  return problems
    .filter(({ where }) => where === part || where.startsWith(`${part}.`))
    .map(({ message, hint }) =>
      element('p', { class: 'facts-warning' }, found(hint === undefined ? message : `${message} ${hint}`)),
    );
}

function teacherFacts({ teacher }: ExperimentFacts, showField: ShowField): readonly HTMLElement[] {
  if (!teacher) return [];
  const { takes, gives, notes, warnings } = teacher;
  return [
    line(modelFigures({ ...teacher, ...(teacher.isGrown && UNKNOWN), takes: [takes], gives: [gives] })),
    ...(teacher.isGrown ? [grownNote()] : []),
    ...notes.map((note) => element('p', { class: 'facts-note' }, found(note))),
    ...warned(warnings, showField),
  ];
}

/** Sizes of what is yet to be grown. */
const UNKNOWN = { parameters: null, macs: null } as const;

function grownNote(): HTMLElement {
  return element('p', { class: 'facts-figures' }, t('Its size is decided by the data and known after the training.'));
}

function studentFacts({ student, teacher, foreseen }: ExperimentFacts): readonly HTMLElement[] {
  if (!student) return [];
  if (student.isGrown) return [grownNote()];
  const bytes = student.parameters * BYTES_OF_PARAMETER;
  const memory = foreseen ? `≈ ${formatBytes(foreseen.memory)}` : '–';
  const ofTeacher = (own: number, other: number | undefined): string =>
    other === undefined || own === 0 || teacher?.isGrown
      ? '–'
      : written(factorText(other / own, { above: '{0} smaller', below: '{0} larger', equal: 'the same' }));
  const row = (heading: string, cells: readonly string[]): HTMLElement =>
    element('tr', {}, element('th', { scope: 'row' }, heading), ...cells.map((cell) => element('td', {}, cell)));
  const head = ['', t('Parameters'), t('MACs'), t('File'), t('Memory')];
  return [
    element(
      'table',
      { class: 'facts-table', 'data-testid': 'student.estimate' },
      element('caption', { class: 'visually-hidden' }, t('What the student will take')),
      element('thead', {}, element('tr', {}, ...head.map((title) => element('th', { scope: 'col' }, title)))),
      element(
        'tbody',
        {},
        row(t('student'), [
          formatCount(student.parameters),
          formatCount(student.macs),
          `≈ ${formatBytes(bytes)}`,
          memory,
        ]),
        ...(teacher
          ? [
              row(t('against the teacher'), [
                ofTeacher(student.parameters, teacher.parameters),
                ofTeacher(student.macs, teacher.macs),
                ofTeacher(bytes, teacher.bytes ?? teacher.parameters * BYTES_OF_PARAMETER),
                '',
              ]),
            ]
          : []),
      ),
    ),
  ];
}
