import type { AgentText } from '../protocol/agents.ts';

/** Every text that a person is asked to confirm, in English; each language has a translation (l10n/). */
export const agentLabels = [
  "Start the run '{0}'?",
  "Resume the run '{0}'?",
  "Stop the run '{0}'?",
  "Start the search '{0}'?",
  "It writes the folder '{0}': the student, its report and its checkpoints.",
  "It writes the teacher's outputs to '{0}'.",
  'It takes about {0}, as the last run of this experiment did.',
  'It takes roughly {0} to {1}, estimated from the size of the networks and the data.',
  'How long it takes is not known before it has begun.',
  'It goes on where it ended and writes to the same folder.',
  'The best student so far is kept, and the run can be resumed.',
  'The trials so far are kept, and the same search can go on.',
  "It writes the folder '{0}': a run folder for each of up to {1} trials.",
  'It ends after {0} minutes at the latest.',
  'It stops within a few seconds.',
  'It goes on in a process of its own, also when this window or program is closed.',
  'It goes on in a process of its own while a window is open.',
] as const;

/** A text for a person with the values that its label has places for. */
export function agentText(label: (typeof agentLabels)[number], ...values: readonly string[]): AgentText {
  return { label, values };
}
