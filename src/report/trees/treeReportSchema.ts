import * as z from 'zod';
import { decisionTreeReportSchema } from './decisionTreeReportSchema.ts';
import { softTreeReportSchema } from './softTreeReportSchema.ts';
import type { TreeReport } from './treeReport.ts';

/** `tree.json`. */
export const treeReportSchema = z.union([
  decisionTreeReportSchema,
  softTreeReportSchema,
]) satisfies z.ZodType<TreeReport>;
