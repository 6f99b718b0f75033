import type { AgentText } from '../protocol/agents.ts';

/** The text in English. */
export function inEnglish({ label, values }: AgentText): string {
  return label.replace(/\{(\d+)\}/g, (place, index: string) => values[Number(index)] ?? place);
}
