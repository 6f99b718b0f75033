import { DistilleryError } from '../../errors.ts';
import type { Attributes } from '../node.ts';
import { floatTensor, intTensor, type Tensor } from '../tensor.ts';

/**
 * The contents of a `Constant` node, in whichever of its forms.
 * @throws DistilleryError `UNSUPPORTED` naming the node when it is sparse
 */
export function constantTensor(name: string, attributes: Attributes): Tensor {
  const [attribute] = Object.values(attributes);
  switch (attribute?.kind) {
    case 'tensor':
      return attribute.value;
    case 'float':
    case 'floats':
      return floatTensor(attribute.value);
    case 'int':
    case 'ints':
      return intTensor(attribute.value);
    case 'string':
      return { type: 'string', shape: [], data: [attribute.value] };
    case 'strings':
      return { type: 'string', shape: [attribute.value.length], data: attribute.value };
    case 'graph':
    case undefined:
      throw new DistilleryError('UNSUPPORTED', `Node '${name}' (Constant) has a value of an unsupported kind.`);
  }
}
