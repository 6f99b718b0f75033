import type { Translate } from '../translate.ts';

/** What the losses and their fields are called. */
export function objectiveLabels(t: Translate): Readonly<Record<string, string>> {
  const objective = t('Objective');
  return {
    objective,
    'objective[]': t('Term'),
    'objective[].loss': t('Loss'),
    'objective[]:kd': t('Distillation (KD)'),
    'objective[]:labels': t('Labels: cross-entropy'),
    'objective[]:soft-cross-entropy': t('Soft cross-entropy'),
    'objective[]:logit-mse': t('Logits: mean squared error'),
    'objective[]:probability-mse': t('Probabilities: squared error'),
    'objective[]:hard-teacher-labels': t("Teacher's hard labels"),
    'objective[]:dkd': t('Decoupled distillation (DKD)'),
    'objective[]:dist': t('Correlation (DIST)'),
    'objective[]:hint': t('Hint (FitNets)'),
    'objective[]:attention-transfer': t('Attention transfer'),
    'objective[]:rkd': t('Relational distillation (RKD)'),
    'objective[]:contrastive': t('Contrastive'),
    'objective[]:queue-similarity': t('Similarities to a queue (SEED)'),
    'objective[]:cosine': t('Cosine of hidden states'),
    'objective[]:channel-wise': t('Channel-wise distillation'),
    'objective[]:binary-labels': t('Multi-label: binary cross-entropy'),
    'objective[]:binary-kd': t('Multi-label: distillation'),
    'objective[]:mse': t('Numbers: mean squared error'),
    'objective[]:teacher-mse': t("Teacher's output: mean squared error"),
    'objective[].weight': t('Weight'),
    'objective[].temperature': t('Temperature'),
    'objective[].target': t('Target'),
    'objective[].target:soft': t("Teacher's distribution"),
    'objective[].target:hard': t("Teacher's first choice"),
    'objective[].target:rank-weighted': t('Rank-weighted'),
    'objective[].target:clusters': t('Cluster centres'),
    'objective[].target.clusters': t('Clusters'),
    'objective[].standardize': t('Standardise the logits'),
    'objective[].divergence': t('Divergence'),
    'objective[].divergence:forward': t('Forward'),
    'objective[].divergence:reverse': t('Reverse'),
    'objective[].divergence:jensen-shannon': 'Jensen–Shannon',
    'objective[].focal': t('Focal γ'),
    'objective[].classWeights': t('Weights of the classes'),
    'objective[].classWeights:none': t('None'),
    'objective[].classWeights:balanced': t('Balanced'),
    'objective[].classWeights:each': t('Given'),
    'objective[].classWeights.each': t('Weight of each class'),
    'objective[].project': t('Learned map'),
    'objective[].queue': t('Features of earlier batches'),
    'objective[].studentTemperature': t("Student's temperature"),
    'objective[].smoothing': t('Label smoothing'),
    'objective[].alpha': 'α',
    'objective[].beta': 'β',
    'objective[].gamma': 'γ',
    'objective[].pairs': t('Pairs of values'),
    'objective[].power': t('Exponent'),
    'objective[].distance': t('Distances'),
    'objective[].angle': t('Angles'),
    'objective[].features': t('Values inside the networks'),
    'objective[].bounded': t('Bounded by the teacher'),
    'objective[].bounded.margin': t('Margin'),
    ...valueLabels(t, ['objective[]', 'objective[].pairs[]', 'objective[].features']),
    ...rampLabels(t, ['weight', 'temperature', 'studentTemperature', 'alpha', 'beta', 'gamma', 'distance', 'angle']),
  };
}

/** Names of values inside the networks. */
function valueLabels(t: Translate, parents: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    parents.flatMap((parent) => [
      [`${parent}.student`, t("Student's value")],
      [`${parent}.teacher`, t("Teacher's value")],
    ]),
  );
}

/** Numbers that change over the run. */
function rampLabels(t: Translate, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`objective[].${name}.from`, t('From')],
      [`objective[].${name}.to`, t('To')],
      [`objective[].${name}.until`, t('Until')],
    ]),
  );
}
