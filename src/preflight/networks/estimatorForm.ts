import type { EstimatorForm } from '../../estimators/estimatorGraph.ts';
import { requireValues, type NetworkForm } from '../../students/networkForm.ts';

/** What an estimator takes and gives, of the form of a network. @throws DistilleryError `BAD_INPUT` when samples are texts */
export function estimatorForm(architecture: string, form: NetworkForm): EstimatorForm {
  const { shape: sampleShape } = requireValues(architecture, form);
  const { output } = form;
  switch (output.kind) {
    case 'logits':
    case 'tokens':
      return { sampleShape, output: { kind: 'classes', classes: output.classes } };
    case 'values':
      return { sampleShape, output: { kind: 'numbers', shape: output.shape } };
  }
}
