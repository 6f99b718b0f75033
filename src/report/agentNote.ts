import type { Problem } from '../errors.ts';
import { adviceText } from './sections/adviceSection.ts';
import { comparisonTable } from './reportTable.ts';
import { inEnglish } from './wording/reportText.ts';
import type { Report } from './report.ts';

/** What is known of something that a person hands to an agent. What is left out is not known, or there is none. */
export interface NoteFacts {
  /** What it is about, such as a run's id or a message. */
  readonly title: string;
  /** Path of the run's folder. */
  readonly folder?: string | undefined;
  readonly state?: string | undefined;
  readonly problems?: readonly Problem[] | undefined;
  /** The end of the log. */
  readonly log?: string | undefined;
  /** The experiment as it is or was run. */
  readonly experiment?: unknown;
  readonly report?: Report | undefined;
}

/** What an agent needs to help with a run or an error, in Markdown, in English whatever the person's language. */
export function noteForAgent({ title, folder, state, problems = [], log, experiment, report }: NoteFacts): string {
  return [
    `# Distillery: ${title}`,
    ...(state === undefined ? [] : [`State: ${state}.`]),
    ...(folder === undefined ? [] : [`Folder of the run: \`${folder}\``]),
    ...(problems.length === 0 ? [] : ['## What is wrong', problems.map(problemItem).join('\n')]),
    ...(log === undefined ? [] : ['## End of the log', fenced('text', log)]),
    ...(report === undefined ? [] : ['## What came of it', reportPart(report)]),
    ...(experiment === undefined ? [] : ['## The experiment', fenced('json', JSON.stringify(experiment, null, 2))]),
    '## How to go on',
    howToGoOn(folder),
    '',
  ].join('\n\n');
}

function problemItem({ where, message, hint }: Problem): string {
  const place = where === '' ? '' : `\`${where}\`: `;
  return `- ${place}${message}${hint === undefined ? '' : ` (${hint})`}`;
}

function reportPart(report: Report): string {
  const { head, rows } = comparisonTable(report);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const advice = report.advice.map((each) => `- ${inEnglish(adviceText(each))}`);
  return [
    report.summary,
    [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n'),
    ...(advice.length === 0 ? [] : [`What to do next:\n\n${advice.join('\n')}`]),
  ].join('\n\n');
}

function howToGoOn(folder: string | undefined): string {
  const id = folder?.split(/[\\/]/).at(-1);
  const ofRun =
    id === undefined
      ? []
      : [
          `- \`read_report\` and \`follow_run\` with \`{"run": "${id}"}\`; in a terminal \`distillery report "${folder ?? ''}"\`.`,
          `- \`resume_run\` goes on with a run that was cut short; in a terminal \`distillery resume "${folder ?? ''}"\`.`,
        ];
  return [
    ...ofRun,
    '- `check_experiment` tells every problem of an experiment at once; in a terminal `distillery inspect FILE.distill.json`.',
    '- `inspect_model` and `inspect_dataset` tell what the teacher and the data are.',
  ].join('\n');
}

/** A block whose fence is longer than any in it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
