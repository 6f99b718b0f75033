import { resolve } from 'node:path';
import { renderCsv } from '../evaluation/renderCsv.ts';
import { renderHtml } from '../evaluation/renderHtml.ts';
import { renderMarkdown } from '../evaluation/renderMarkdown.ts';
import { outlineSoftTree } from '../evaluation/softTree/outlineSoftTree.ts';
import { softTreeSection } from '../evaluation/softTree/softTreeSection.ts';
import { readOtherReports } from '../experiment/otherReports.ts';
import { addToMlflow } from '../experiment/mlflow/mlflowRun.ts';
import { readCurveEvents, readReport, readSoftTree } from '../experiment/readRun.ts';
import { existingFolder, oneOf } from './checks.ts';
import { jsonOption, runFolderOperand, type Command } from './command.ts';
import { renderClasses, renderReport, renderSections } from './renderReport.ts';
import { exitCode } from './terminal.ts';

/** Levels of decisions of a soft decision tree that the terminal shows. */
const levelsOfOutline = 3;

/** `distillery report RUNFOLDER` */
export const reportCommand: Command = {
  name: 'report',
  summary: 'Print the report of a run that has ended.',
  details: 'The HTML report is one file that needs nothing else; redirect it to a file to keep it.',
  operand: runFolderOperand(existingFolder),
  options: [
    {
      name: 'format',
      value: 'FORMAT',
      description: 'table (default), md, html, json or csv.',
      check: oneOf('a format', ['table', 'md', 'html', 'json', 'csv']),
    },
    {
      name: 'mlflow',
      value: 'DIR',
      description: "Add the run to a folder of MLflow's file store, such as mlruns, instead of printing it.",
    },
    { ...jsonOption, description: 'The same as --format json; problems are printed as JSON, too.' },
  ],
  run: async ({ operand = '', switches, values }, { out, directory }) => {
    const folder = resolve(directory, operand);
    const store = values.get('mlflow');
    if (store !== undefined) {
      out.write(`Added as '${await addToMlflow(folder, resolve(directory, store))}'.\n`);
      return exitCode.success;
    }
    const report = await readReport(folder);
    const format = switches.has('json') ? 'json' : values.get('format');
    if (format === 'json') out.write(`${JSON.stringify(report, null, 2)}\n`);
    else if (format === 'csv') out.write(renderCsv(report));
    else if (format === 'md') out.write(renderMarkdown(report, await readOtherReports(folder)));
    else {
      const tree = await readSoftTree(folder);
      if (format === 'html') {
        const beside = { tree: tree && (await softTreeSection(tree)), others: await readOtherReports(folder) };
        out.write(renderHtml(report, await readCurveEvents(folder), beside));
      } else {
        out.write(`${renderReport(report, out)}${renderSections(report, out)}\n${renderClasses(report, out)}`);
        if (tree) out.write(`\n${outlineSoftTree(tree, levelsOfOutline).join('\n')}\n`);
      }
    }
    return exitCode.success;
  },
};
