import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import type { Report } from '../../report/report.ts';
import { writtenTable, type ReportSection } from '../../report/reportSection.ts';
import { reportSections } from '../../report/reportSections.ts';
import { comparisonTable } from '../../report/reportTable.ts';
import { inEnglish } from '../../report/wording/reportText.ts';
import { adviceText } from '../../report/sections/adviceSection.ts';
import { readReport as read } from '../../runFolder/readRun.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import { findTrainingRun, RUN_FIELD } from '../runFolders.ts';
import { defineTool } from '../tool.ts';
import { bulletLines, joinLines, markdownTable } from '../wording.ts';

/** Sections whose sentences say how sure the result is. */
const IN_SHORT: readonly ReportSection['id'][] = [
  'cross-fitted-teacher',
  'epoch-choice',
  'enlargement',
  'trials',
  'differences',
  'seeds',
  'changed-inputs',
];

export const readReport = defineTool({
  name: 'read_report',
  title: 'Read a report',
  description:
    'Tells what a run came to: student against teacher and against the same student trained without it, how sure that is, and what to do ' +
    'next. With "section", one part of the report in full, such as classes or disagreements. Reads only.',
  input: z.strictObject({
    run: z.string().min(1).describe(RUN_FIELD),
    section: z
      .string()
      .min(1)
      .optional()
      .describe('Id of the part to read in full; without it the answer names those that there are.'),
  }),
  run: async ({ run, section: wanted }, { workspace }) => {
    const { folder, status } = await findTrainingRun(run, workspace);
    const id = basename(folder);
    if (!existsSync(join(folder, runFiles.report))) {
      throw new DistilleryError('FILE_NOT_FOUND', `The run '${id}' has no report; it is ${status.state}.`, {
        hint: status.state === 'running' ? 'follow_run waits for its end.' : 'resume_run goes on with it.',
      });
    }
    const report = await read(folder);
    const sections = reportSections(report);
    const whole = join(folder, runFiles.report);
    if (wanted !== undefined) {
      const section = sections.find((each) => each.id === wanted);
      if (!section) {
        throw new DistilleryError('BAD_INPUT', `The report has no section '${wanted}'.`, {
          hint: `It has: ${sections.map((each) => each.id).join(', ')}.`,
        });
      }
      return { text: inFull(section), data: { run: id, section: wanted, ...asData(section) }, whole };
    }
    return {
      text: joinLines(inShort(report, sections), nextOf(report, id)),
      data: figuresOf(report, id, sections),
      whole,
    };
  },
});

function inShort(report: Report, sections: readonly ReportSection[]): string {
  return joinLines(
    `${report.name}: ${report.summary}`,
    '',
    markdownTable(comparisonTable(report)),
    '',
    ...sections
      .filter((section) => IN_SHORT.includes(section.id))
      .map((section) => bulletLines(`${inEnglish(section.title)}:`, section.sentences.map(inEnglish))),
    bulletLines(
      'What to do next:',
      report.advice.map((advice) => inEnglish(adviceText(advice))),
    ),
    `Sections to read in full: ${sections.map(({ id }) => id).join(', ')}.`,
  );
}

function nextOf({ partial }: Report, id: string): string | undefined {
  return partial ? `It was stopped early. Next: resume_run with {"run": "${id}"}.` : undefined;
}

function figuresOf(report: Report, id: string, sections: readonly ReportSection[]): Readonly<Record<string, unknown>> {
  const { summary, student, teacher, baseline, gain, gainInterval, agreement, ratios, advice, partial } = report;
  const network = (model: Report['teacher']): object | null =>
    model && {
      accuracy: model.test.accuracy,
      loss: model.test.loss,
      parameters: model.parameters,
      macs: model.macs,
      bytes: model.bytes,
      latencyMs: model.latencyMs.p50,
    };
  return {
    run: id,
    summary,
    partial,
    student: network(student),
    teacher: network(teacher),
    baseline: network(baseline),
    gain,
    gainInterval,
    agreement,
    ratios,
    advice,
    sections: sections.map((section) => section.id),
  };
}

function inFull(section: ReportSection): string {
  return joinLines(
    `## ${inEnglish(section.title)}`,
    ...section.sentences.map((sentence) => `- ${inEnglish(sentence)}`),
    section.table && markdownTable(writtenTable(section.table)),
    ...(section.samples ?? []).map(({ heading, lines }) => [heading, ...lines].map(inEnglish).join(' ')),
  );
}

function asData(section: ReportSection): Readonly<Record<string, unknown>> {
  return { title: inEnglish(section.title), ...(section.table && { table: writtenTable(section.table) }) };
}
