import type { AgentText } from '../protocol/agents.ts';
import { formatDuration } from '../report/format.ts';
import { agentText } from './agentTexts.ts';

/** How long a run takes, as far as that can be told before it begins. */
export type ForeseenTime =
  /** As an earlier run of the same experiment, on this machine. */
  | { readonly kind: 'measured'; readonly seconds: number }
  /** From the work there is. */
  | { readonly kind: 'estimated'; readonly least: number; readonly most: number }
  | { readonly kind: 'unknown' };

/** How long a run takes, in words. */
export function timeText(time: ForeseenTime): AgentText {
  switch (time.kind) {
    case 'measured':
      return agentText('It takes about {0}, as the last run of this experiment did.', formatDuration(time.seconds));
    case 'estimated':
      return agentText(
        'It takes roughly {0} to {1}, estimated from the size of the networks and the data.',
        formatDuration(time.least),
        formatDuration(time.most),
      );
    case 'unknown':
      return agentText('How long it takes is not known before it has begun.');
  }
}
