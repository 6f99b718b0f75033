import { checkExperiment } from './tools/checkExperiment.ts';
import { compareRuns } from './tools/compareRuns.ts';
import { explainSample } from './tools/explainSample.ts';
import { followRun } from './tools/followRun.ts';
import { inspectDataset } from './tools/inspectDataset.ts';
import { inspectModel } from './tools/inspectModel.ts';
import { listRuns } from './tools/listRuns.ts';
import { readReport } from './tools/readReport.ts';
import { resumeRun } from './tools/resumeRun.ts';
import { startRun } from './tools/startRun.ts';
import { startSearch } from './tools/startSearch.ts';
import { stopRun } from './tools/stopRun.ts';
import type { AgentTool } from './tool.ts';

/** Every tool, in the order in which one comes to need them. */
export const agentTools: readonly AgentTool[] = [
  inspectModel,
  inspectDataset,
  checkExperiment,
  startRun,
  followRun,
  stopRun,
  resumeRun,
  listRuns,
  readReport,
  compareRuns,
  explainSample,
  startSearch,
];
