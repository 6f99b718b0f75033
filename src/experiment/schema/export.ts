import * as z from 'zod';
import { exportOpsets } from '../../onnx/exporting/exportOpsets.ts';

/** How the student's file is written. */
export const exportSchema = z
  .strictObject({
    opset: z
      .int()
      .min(exportOpsets.oldest)
      .max(exportOpsets.newest)
      .optional()
      .describe(
        'ONNX operator set of student.onnx, for programs that know no newer one. Default: that of the file which the student starts from, or 21.',
      ),
  })
  .describe('How student.onnx is written.');
