import type { ReportText } from '../../src/protocol/reportText.ts';
import { t } from '../l10n.ts';

/** A text of the report in the person's language. */
export function written(text: ReportText): string {
  if (typeof text === 'string') return text;
  const { label, values } = text;
  switch (label) {
    case 'Decisions on the test split':
      return t('Decisions on the test split');
    case 'Top-5 accuracy':
      return t('Top-5 accuracy');
    case 'Balanced accuracy':
      return t('Balanced accuracy');
    case 'Precision, mean of the classes':
      return t('Precision, mean of the classes');
    case 'Recall, mean of the classes':
      return t('Recall, mean of the classes');
    case 'F1, mean of the classes':
      return t('F1, mean of the classes');
    case 'F1 of all decisions':
      return t('F1 of all decisions');
    case 'Area under the ROC curve':
      return t('Area under the ROC curve');
    case 'Calibration error':
      return t('Calibration error');
    case 'Predicted numbers, in their own units':
      return t('Predicted numbers, in their own units');
    case 'Mean absolute error':
      return t('Mean absolute error');
    case 'Root mean squared error':
      return t('Root mean squared error');
    case 'Differences':
      return t('Differences');
    case 'Student against teacher: {0} (95 % interval {1} to {2}).':
      return t('Student against teacher: {0} (95 % interval {1} to {2}).', ...values);
    case 'Student against the same student trained without the teacher: {0} (95 % interval {1} to {2}).':
      return t(
        'Student against the same student trained without the teacher: {0} (95 % interval {1} to {2}).',
        ...values,
      );
    case 'Each teacher on its own':
      return t('Each teacher on its own');
    case 'Share':
      return t('Share');
    case 'Errors':
      return t('Errors');
    case 'Several seeds':
      return t('Several seeds');
    case 'Mean gain over the same student trained without the teacher: {0} (95 % interval {1} to {2}, {3} seeds).':
      return t(
        'Mean gain over the same student trained without the teacher: {0} (95 % interval {1} to {2}, {3} seeds).',
        ...values,
      );
    case 'Seed':
      return t('Seed');
    case 'Without the teacher':
      return t('Without the teacher');
    case 'Gain':
      return t('Gain');
    case 'Mean':
      return t('Mean');
    case 'Mean divergence from the teacher: {0} nats.':
      return t('Mean divergence from the teacher: {0} nats.', ...values);
    case "Worse than the teacher on '{0}' by {1} points (95 % interval {2} to {3}).":
      return t("Worse than the teacher on '{0}' by {1} points (95 % interval {2} to {3}).", ...values);
    case 'The student is not surely worse than the teacher on any class.':
      return t('The student is not surely worse than the teacher on any class.');
    case 'The written student gives the same outputs as the trained one.':
      return t('The written student gives the same outputs as the trained one.');
    case 'The outputs of the written student differ from those of the trained one by at most {0} of the largest.':
      return t(
        'The outputs of the written student differ from those of the trained one by at most {0} of the largest.',
        ...values,
      );
    case 'Pruned, before distilling':
      return t('Pruned, before distilling');
    case 'What distilling gave back':
      return t('What distilling gave back');
    case 'The student began as its teacher with {0} of the channels of every layer, those of the largest L1 norms (structured pruning).':
      return t(
        'The student began as its teacher with {0} of the channels of every layer, those of the largest L1 norms (structured pruning).',
        ...values,
      );
    case 'The student began as its teacher with {0} of the channels of every layer, those without which the loss would change most (structured pruning).':
      return t(
        'The student began as its teacher with {0} of the channels of every layer, those without which the loss would change most (structured pruning).',
        ...values,
      );
    case 'Other forms of the student':
      return t('Other forms of the student');
    case 'Quantised students':
      return t('Quantised students');
    case 'Static int8':
      return t('Static int8');
    case 'Dynamic int8':
      return t('Dynamic int8');
    case 'Float16':
      return t('Float16');
    case 'Trained (float32)':
      return t('Trained (float32)');
    case 'File':
      return t('File');
    case 'File size':
      return t('File size');
    case 'Size of the weights':
      return t('Size of the weights');
    case 'Latency, median':
      return t('Latency, median');
    case 'Latency on {0}, median':
      return t('Latency on {0}, median', ...values);
    case 'Peak memory':
      return t('Peak memory');
    case 'Test accuracy':
      return t('Test accuracy');
    case 'Mean squared error':
      return t('Mean squared error');
    case 'Against the student':
      return t('Against the student');
    case 'Agrees with teacher':
      return t('Agrees with teacher');
    case 'not kept':
      return t('not kept');
    case '{0}: {1}':
      return t('{0}: {1}', ...values);
    case 'The student, class by class':
      return t('The student, class by class');
    case 'Class':
      return t('Class');
    case 'Samples':
      return t('Samples');
    case 'Precision of the class':
      return t('Precision of the class');
    case 'Recall':
      return t('Recall');
    case 'F1':
      return t('F1');
    case 'What the student takes for what':
      return t('What the student takes for what');
    case 'Rows are the classes that samples have, columns those that the student chose.':
      return t('Rows are the classes that samples have, columns those that the student chose.');
    case 'How far the student can be believed':
      return t('How far the student can be believed');
    case 'Decisions by confidence: where bars reach the diagonal, the student is right as often as it is sure.':
      return t('Decisions by confidence: where bars reach the diagonal, the student is right as often as it is sure.');
    case 'Confidence':
      return t('Confidence');
    case 'Decisions':
      return t('Decisions');
    case 'Right':
      return t('Right');
    case '{0} to {1}':
      return t('{0} to {1}', ...values);
    case 'Where teacher and student differ most':
      return t('Where teacher and student differ most');
    case 'Test sample {0}, labelled {1}':
      return t('Test sample {0}, labelled {1}', ...values);
    case '{0}, to be checked: {1}':
      return t('{0}, to be checked: {1}', ...values);
    case 'How the teacher was matched to the data':
      return t('How the teacher was matched to the data');
    case 'Experiment file':
      return t('Experiment file');
    case 'Training data':
      return t('Training data');
    case 'Validation data':
      return t('Validation data');
    case 'Test data':
      return t('Test data');
    case 'SHA-256, its beginning':
      return t('SHA-256, its beginning');
    case 'Where the student comes from':
      return t('Where the student comes from');
    case 'The process that trained took up to {0} of memory.':
      return t('The process that trained took up to {0} of memory.', ...values);
    case 'Teacher: {0}':
      return t('Teacher: {0}', ...values);
    case 'Student: {0}':
      return t('Student: {0}', ...values);
    case 'Teacher':
      return t('Teacher');
    case 'Student':
      return t('Student');
    case 'Baseline':
      return t('Baseline');
    case 'Measured':
      return t('Measured');
    case '{0}; the numbers are in the table below':
      return t('{0}; the numbers are in the table below', ...values);
    case '{0} levels of decisions from node {1} on; the numbers are in the table below':
      return t('{0} levels of decisions from node {1} on; the numbers are in the table below', ...values);
    case 'Node {0}: {1} samples, {2} go right':
      return t('Node {0}: {1} samples, {2} go right', ...values);
    case 'Node {0}: {1} samples':
      return t('Node {0}: {1} samples', ...values);
    case 'Leaf {0}: {1} samples':
      return t('Leaf {0}: {1} samples', ...values);
    case 'Node':
      return t('Node');
    case 'Level':
      return t('Level');
    case 'Go right':
      return t('Go right');
    case 'To the left':
      return t('To the left');
    case 'To the right':
      return t('To the right');
    case 'Looks most at':
      return t('Looks most at');
    case 'Leaf':
      return t('Leaf');
    case 'Mean probability':
      return t('Mean probability');
    case 'Classes':
      return t('Classes');
    case 'Sample {0}: {1}, as the tree says':
      return t('Sample {0}: {1}, as the tree says', ...values);
    case 'Sample {0}: {1}, but the tree says {2}':
      return t('Sample {0}: {1}, but the tree says {2}', ...values);
    case 'leaf {0}, reached with {1}':
      return t('leaf {0}, reached with {1}', ...values);
    case 'right {0}':
      return t('right {0}', ...values);
    case 'left {0}':
      return t('left {0}', ...values);
    case 'Every node decides by a weighted sum of the sample whether it goes to the left or to the right.':
      return t('Every node decides by a weighted sum of the sample whether it goes to the left or to the right.');
    case 'Orange is what sends it to the right, blue what sends it to the left.':
      return t('Orange is what sends it to the right, blue what sends it to the left.');
    case 'It names the numbers that it looks at most: large ones send to the right where the sign is +, to the left where it is −.':
      return t(
        'It names the numbers that it looks at most: large ones send to the right where the sign is +, to the left where it is −.',
      );
    case 'Counts are of test samples, each on the way to its likeliest leaf; lines are as thick as what goes along them.':
      return t(
        'Counts are of test samples, each on the way to its likeliest leaf; lines are as thick as what goes along them.',
      );
    case 'What the tree says is the mean of all leaves by their probability.':
      return t('What the tree says is the mean of all leaves by their probability.');
    case 'What the tree says is its likeliest leaf.':
      return t('What the tree says is its likeliest leaf.');
    case 'From node {0} on: {1} samples, most of {2}':
      return t('From node {0} on: {1} samples, most of {2}', ...values);
    case 'How far the student attends to what the teacher attends to':
      return t('How far the student attends to what the teacher attends to');
    case 'Of {0} test samples: how what each number of a sample contributes to the output correlates with what it contributes in the teacher. +1 is alike, 0 unrelated.':
      return t(
        'Of {0} test samples: how what each number of a sample contributes to the output correlates with what it contributes in the teacher. +1 is alike, 0 unrelated.',
        ...values,
      );
    case 'Mean correlation':
      return t('Mean correlation');
    case '95 % interval':
      return t('95 % interval');
    case 'Student less baseline':
      return t('Student less baseline');
    case 'Contributions are found by integrated gradients.':
      return t('Contributions are found by integrated gradients.');
    case 'Contributions are found by hiding parts of the sample.':
      return t('Contributions are found by hiding parts of the sample.');
    case 'Test sample {0}':
      return t('Test sample {0}', ...values);
    case 'Labelled: {0}.':
      return t('Labelled: {0}.', ...values);
    case "Contributions to '{0}' in teacher and student cannot be compared: one of them has none.":
      return t("Contributions to '{0}' in teacher and student cannot be compared: one of them has none.", ...values);
    case "Contributions to '{0}' in teacher and student correlate with {1}.":
      return t("Contributions to '{0}' in teacher and student correlate with {1}.", ...values);
    case 'What contributes':
      return t('What contributes');
    case 'What contributes most':
      return t('What contributes most');
    case 'Orange speaks for it, blue against it.':
      return t('Orange speaks for it, blue against it.');
    case 'Sample':
      return t('Sample');
    case 'Probabilities':
      return t('Probabilities');
    case 'What they say':
      return t('What they say');
    case 'Size against accuracy':
      return t('Size against accuracy');
    case 'Size against error':
      return t('Size against error');
    case 'Large points are of this run, small ones of other runs of its experiment, hollow ones of other experiments on the same data.':
      return t(
        'Large points are of this run, small ones of other runs of its experiment, hollow ones of other experiments on the same data.',
      );
    case 'Circles are students, squares students without the teacher, triangles quantised students, diamonds pruned ones before distilling.':
      return t(
        'Circles are students, squares students without the teacher, triangles quantised students, diamonds pruned ones before distilling.',
      );
    case 'The line joins the networks that no other one beats in both size and quality.':
      return t('The line joins the networks that no other one beats in both size and quality.');
    case 'Experiment':
      return t('Experiment');
    case 'Network':
      return t('Network');
    case 'Run':
      return t('Run');
    case 'On the line':
      return t('On the line');
    case 'this run':
      return t('this run');
    case 'yes':
      return t('yes');
    case 'no':
      return t('no');
  }
}
