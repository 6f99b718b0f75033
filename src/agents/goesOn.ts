import type { AgentText } from '../protocol/agents.ts';
import { agentText } from './agentTexts.ts';
import type { ToolContext } from './tool.ts';

/** How long what is started goes on when whoever started it has gone. */
export function goesOn({ orphanMinutes }: Pick<ToolContext, 'orphanMinutes'>): AgentText {
  return orphanMinutes === Infinity
    ? agentText('It goes on in a process of its own, also when this window or program is closed.')
    : agentText('It goes on in a process of its own while a window is open.');
}
