import type { Translate } from '../translate.ts';
import { architectureLabels } from './architectureLabels.ts';
import { datasetLabels } from './datasetLabels.ts';
import { objectiveLabels } from './objectiveLabels.ts';
import { trainingLabels } from './trainingLabels.ts';

/**
 * What the form calls things whose names in the experiment file would not explain themselves. Keys are paths with
 * `[]` for any element of a list; a variant or a choice is its path, a colon and its value. What is not listed here is
 * called by its own name.
 */
export function formLabels(t: Translate): Readonly<Record<string, string>> {
  return {
    ...datasetLabels(t),
    ...architectureLabels(t),
    ...objectiveLabels(t),
    ...trainingLabels(t),
    teacher: t('Kind of teacher'),
    'teacher:model': t('An ONNX file'),
    'teacher:ensemble': t('Several ONNX files'),
    'teacher:extractor': t('Train a head on a frozen model first'),
    'teacher:mlp': t('Train an MLP first'),
    'teacher:convnet': t('Train a convolutional network first'),
    'teacher:resnet': t('Train a ResNet first'),
    'teacher:mobilenetv2': t('Train a MobileNetV2 first'),
    'teacher:transformer': t('Train a Transformer first'),
    'teacher:textcnn': t('Train a TextCNN first'),
    'teacher:autoencoder': t('Train an autoencoder first'),
    'teacher:null': t('None: learn from the labels alone'),
    'teacher.model': t('Teacher file'),
    'teacher.output': t('Output'),
    'teacher.ensemble': t('Teachers'),
    'teacher.ensemble[].model': t('Teacher file'),
    'teacher.ensemble[].output': t('Output'),
    'teacher.ensemble[].weight': t('Weight'),
    'teacher.training': t('Training of the teacher'),
    name: t('Name'),
    baseline: t('Train a baseline too'),
    cache: t("Teacher's outputs"),
    'cache.keep': t('Keep for later runs'),
    'cache.precision': t('Precision'),
    'cache.folder': t('Folder'),
    quantization: t('Quantisation'),
    'quantization.staticInt8': t('Static int8'),
    'quantization.dynamicInt8': t('Dynamic int8'),
    'quantization.float16': t('Float16'),
    'quantization.calibrationSamples': t('Calibration samples'),
    'quantization.largestDrop': t('Most accuracy lost'),
    'quantization.largestRise': t('Most error gained'),
    engine: t('Engine'),
    'engine:onnxruntime': 'ONNX Runtime',
    'engine:tensorflow': 'TensorFlow.js',
    device: t('Device'),
    'device:auto': t('Automatic'),
    'device:cpu': 'CPU',
    'device:webgpu': 'WebGPU',
    'device:cuda': 'CUDA',
    'device:dml': 'DirectML',
    'device:coreml': 'Core ML',
  };
}
