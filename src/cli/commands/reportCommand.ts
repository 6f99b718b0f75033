import { resolve } from 'node:path';
import { BadInputError } from '../../errors.ts';
import { renderCsv } from '../../rendering/renderCsv.ts';
import { reportLanguage, reportLanguages } from '../../rendering/reportLanguage.ts';
import { renderHtml } from '../../rendering/renderHtml.ts';
import { renderMarkdown } from '../../rendering/renderMarkdown.ts';
import { outlineTree } from '../../evaluation/decisionTree/outlineTree.ts';
import { treeSection } from '../../rendering/treeSection.ts';
import { readOtherReports } from '../../runFolder/otherReports.ts';
import { addToMlflow } from '../../interchange/mlflow/mlflowRun.ts';
import { readCurveEvents, readReport, readTree } from '../../runFolder/readRun.ts';
import { existingFolder, oneOf } from '../checks.ts';
import { jsonOption, runFolderOperand, type Command } from '../command.ts';
import { renderClasses, renderReport, renderSections } from '../renderReport.ts';
import { exitCode } from '../terminal.ts';

/** Levels of decisions of a tree that the terminal shows. */
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
      name: 'language',
      value: 'LANGUAGE',
      description: 'Of --format html: en (default) or zh-cn, Simplified Chinese.',
      check: oneOf('a language', reportLanguages),
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
    const format = switches.has('json') ? 'json' : values.get('format');
    if (values.has('language') && format !== 'html') {
      throw new BadInputError([
        { where: '--language', message: 'is for pages alone', hint: 'Add --format html, or leave it out.' },
      ]);
    }
    const report = await readReport(folder);
    if (format === 'json') out.write(`${JSON.stringify(report, null, 2)}\n`);
    else if (format === 'csv') out.write(renderCsv(report));
    else if (format === 'md') out.write(renderMarkdown(report, await readOtherReports(folder)));
    else {
      const tree = await readTree(folder);
      if (format === 'html') {
        const language = reportLanguage(values.get('language'));
        const beside = { tree: tree && (await treeSection(tree, language)), others: await readOtherReports(folder) };
        out.write(renderHtml(report, await readCurveEvents(folder), beside, language));
      } else {
        out.write(`${renderReport(report, out)}${renderSections(report, out)}\n${renderClasses(report, out)}`);
        if (tree) out.write(`\n${outlineTree(tree, levelsOfOutline).join('\n')}\n`);
      }
    }
    return exitCode.success;
  },
};
