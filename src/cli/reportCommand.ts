import { resolve } from 'node:path';
import { renderHtml } from '../evaluation/renderHtml.ts';
import { renderMarkdown } from '../evaluation/renderMarkdown.ts';
import { readCurveEvents, readReport } from '../experiment/readRun.ts';
import { existingFolder, oneOf } from './checks.ts';
import { jsonOption, type Command } from './command.ts';
import { renderClasses, renderReport } from './renderReport.ts';
import { exitCode } from './terminal.ts';

/** `distillery report RUNFOLDER` */
export const reportCommand: Command = {
  name: 'report',
  summary: 'Print the report of a run that has ended.',
  details: 'The HTML report is one file that needs nothing else; redirect it to a file to keep it.',
  operand: {
    name: 'RUNFOLDER',
    isRequired: true,
    description: 'Folder of a run, such as .distillery/runs/….',
    check: existingFolder,
  },
  options: [
    {
      name: 'format',
      value: 'FORMAT',
      description: 'table (default), md, html or json.',
      check: oneOf('a format', ['table', 'md', 'html', 'json']),
    },
    { ...jsonOption, description: 'The same as --format json; problems are printed as JSON, too.' },
  ],
  run: async ({ operand = '', switches, values }, { out, directory }) => {
    const folder = resolve(directory, operand);
    const report = await readReport(folder);
    const format = switches.has('json') ? 'json' : values.get('format');
    if (format === 'json') out.write(`${JSON.stringify(report, null, 2)}\n`);
    else if (format === 'html') out.write(renderHtml(report, await readCurveEvents(folder)));
    else if (format === 'md') out.write(renderMarkdown(report));
    else out.write(`${renderReport(report, out)}\n${renderClasses(report, out)}`);
    return exitCode.success;
  },
};
