import * as z from 'zod';
import type { ExperimentFacts, NetworkFacts } from '../../protocol/experimentFacts.ts';
import { formatCount, formatRatio } from '../../report/format.ts';
import { checkGiven } from '../checkGiven.ts';
import { timeText } from '../foreseeRun.ts';
import { experimentFields, readGiven } from '../givenExperiment.ts';
import { inEnglish } from '../inEnglish.ts';
import { defineTool } from '../tool.ts';
import { bulletLines, joinLines } from '../wording.ts';

const MOST_SENTENCES = 10;

export const checkExperiment = defineTool({
  name: 'check_experiment',
  title: 'Check an experiment',
  description:
    'Checks an experiment as a run would before its first step: every problem at once, how the teacher does on the data, sizes of the ' +
    'networks, what it will take. Use it after you wrote or changed an experiment. Reads only.',
  opens: true,
  input: z.strictObject(experimentFields),
  run: async (given, context) => {
    const read = await readGiven(given, context.workspace);
    const { facts, warnings, time, epochs, hasBaseline } = await checkGiven(read, context);
    const { teacher, student, data } = facts;
    const text = joinLines(
      `'${read.name}' can be run.`,
      `${teacher ? `Teacher: ${sizeOf(teacher)}.` : 'No teacher.'} Student: ${sizeOf(student)}` +
        (teacher && !teacher.isGrown && !student.isGrown
          ? `: ${sizeText(teacher.parameters / student.parameters)} the teacher.`
          : '.'),
      `Data: ${data.format}, ${data.task}; training ${data.training}, validation ${data.validation}, test ${data.test} samples.`,
      `At most ${epochs} epochs${hasBaseline ? ', and as many for the same student without the teacher' : ''}. ${inEnglish(timeText(time))}`,
      bulletLines('About the teacher:', (teacher?.notes ?? []).slice(0, MOST_SENTENCES)),
      bulletLines(
        'Look at this before you start:',
        [...(teacher?.warnings ?? []), ...data.findings.map(({ sentence }) => sentence), ...warnings].slice(
          0,
          MOST_SENTENCES,
        ),
      ),
      'Next: start_run with the same input.',
    );
    return {
      text,
      data: { name: read.name, facts: withFewClasses(facts), warnings, time, epochs, hasBaseline },
      whole: given.file === undefined ? null : context.workspace.existing(given.file),
    };
  },
});

function sizeOf({ parameters, macs, isGrown }: NetworkFacts): string {
  if (isGrown) return 'of a size that the data decide, known after the training';
  return `${formatCount(parameters)} parameters, ${formatCount(macs)} MACs`;
}

function sizeText(ratio: number): string {
  return ratio >= 1 ? `${formatRatio(ratio)} smaller than` : `${formatRatio(1 / ratio)} larger than`;
}

/** Names of a thousand classes say no more than their number, and pictures are for people. */
function withFewClasses(facts: ExperimentFacts) {
  const { classes, counts, ...data } = facts.data;
  return {
    ...facts,
    data: {
      ...data,
      examples: undefined,
      classCount: classes.length,
      classes: classes.slice(0, 30),
      counts: counts.slice(0, 30),
    },
  };
}
