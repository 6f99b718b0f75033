import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { ToolAccess, ToolAnswer } from '../../protocol/agents.ts';
import { callTool, isAllowed } from '../callTool.ts';
import { inputSchema } from '../inputSchema.ts';
import type { ToolContext } from '../tool.ts';
import { agentTools } from '../tools.ts';

/** Offers the tools. What they are given is checked by themselves, so that every door says the same about it. */
export function serveTools(server: McpServer, context: Omit<ToolContext, 'onProgress'>, access: ToolAccess): void {
  const protocol = server.server;
  protocol.registerCapabilities({ tools: {} });
  protocol.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: agentTools
      .filter((tool) => isAllowed(tool, access))
      .map((tool) => ({
        name: tool.name,
        title: tool.title,
        description: tool.description,
        inputSchema: inputSchema(tool),
        annotations: { readOnlyHint: tool.effect !== 'writes', destructiveHint: false, openWorldHint: false },
      })),
  }));
  protocol.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const progressToken = params._meta?.progressToken;
    const onProgress = (progress: number, message: string): void => {
      if (progressToken === undefined) return;
      const notification = {
        method: 'notifications/progress',
        params: { progressToken, progress, total: 1, message },
      } as const;
      // A client that has gone needs no progress.
      sendNotification(notification).catch(() => undefined);
    };
    const call = { tool: params.name, input: params.arguments ?? {}, access };
    const answer = await callTool(call, { ...context, signal: AbortSignal.any([signal, context.signal]), onProgress });
    return asResult(answer);
  });
}

function asResult(answer: ToolAnswer): CallToolResult {
  switch (answer.kind) {
    case 'done':
      return { content: [{ type: 'text', text: answer.text }], structuredContent: { ...answer.data } };
    case 'refused':
      return {
        content: [{ type: 'text', text: answer.text }],
        structuredContent: { problems: answer.problems },
        isError: true,
      };
    case 'confirmation':
      return { content: [] };
  }
}
