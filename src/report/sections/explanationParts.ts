import type { FiguresOfBoth, ShownExplanation } from '../explanation.ts';
import { formatSigned } from '../format.ts';
import type { ReportSection, SectionSample, SectionTable } from '../reportSection.ts';
import { label, type LabelledText, type ReportText } from '../wording/reportText.ts';
import { methodTexts } from './attentionSection.ts';

/** An explanation in words, pictures and tables: the same in the terminal, the panel and HTML. */
export interface ExplanationParts {
  readonly title: LabelledText;
  readonly sentences: readonly LabelledText[];
  /** What contributes, and what the networks say. */
  readonly sections: readonly ReportSection[];
}

/** Why teacher and student say what they do of a sample. */
export function explanationParts(explanation: ShownExplanation): ExplanationParts {
  const { sample, truth, explained, correlation, method, says, pictures, strongest } = explanation;
  const part = { isLong: false, sentences: [] } as const;
  return {
    title: label('Test sample {0}', String(sample)),
    sentences: [
      ...(truth === null ? [] : [label('Labelled: {0}.', truth.length === 0 ? '–' : truth.join(', '))]),
      correlation === null
        ? label("Contributions to '{0}' in teacher and student cannot be compared: one of them has none.", explained)
        : label(
            "Contributions to '{0}' in teacher and student correlate with {1}.",
            explained,
            formatSigned(correlation),
          ),
      methodTexts[method],
    ],
    sections: [
      pictures
        ? {
            ...part,
            id: 'contributions',
            title: label('What contributes'),
            sentences: [label('Orange speaks for it, blue against it.')],
            samples: [
              pictured(label('Sample'), pictures.sample),
              pictured(label('Teacher'), pictures.teacher),
              pictured(label('Student'), pictures.student),
            ],
          }
        : { ...part, id: 'contributions', title: label('What contributes most'), table: tableOf('', strongest) },
      says.kind === 'probabilities'
        ? { ...part, id: 'answers', title: label('Probabilities'), table: tableOf(label('Class'), says.rows) }
        : { ...part, id: 'answers', title: label('What they say'), table: tableOf('', says.rows) },
    ],
  };
}

function pictured(heading: LabelledText, picture: string): SectionSample {
  return { shown: { kind: 'picture', picture }, heading, lines: [] };
}

function tableOf(heading: ReportText, rows: readonly FiguresOfBoth[]): SectionTable {
  return {
    head: [heading, label('Teacher'), label('Student')],
    rows: rows.map(({ name, teacher, student }) => [name, teacher, student]),
  };
}
