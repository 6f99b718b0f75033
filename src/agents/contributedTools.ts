import { inputSchema } from './inputSchema.ts';
import { agentTools } from './tools.ts';

/** The tools as package.json contributes them to editors; what people read is in package.nls*.json. */
export function contributedTools() {
  return agentTools.map((tool) => ({
    name: tool.name,
    displayName: `%tool.${tool.name}%`,
    toolReferenceName: `distillery_${tool.name}`,
    canBeReferencedInPrompt: true,
    modelDescription: tool.description,
    userDescription: `%tool.${tool.name}.description%`,
    icon: '$(beaker)',
    tags: ['distillery', tool.effect],
    inputSchema: inputSchema(tool),
  }));
}
