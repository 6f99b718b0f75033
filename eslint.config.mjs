import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What each room under src/ may import; see docs/architecture.md. A room may always import itself. */
const rooms = {
  onnx: [],
  data: ['onnx'],
  autodiff: ['onnx'],
  objectives: ['onnx', 'autodiff'],
  students: ['onnx'],
  quantization: ['onnx'],
  training: ['onnx', 'autodiff', 'objectives', 'students', 'data', 'protocol'],
  teacher: ['onnx', 'autodiff', 'objectives', 'training', 'data', 'protocol'],
  drawings: ['protocol'],
  evaluation: ['onnx', 'training', 'data', 'drawings', 'protocol'],
  protocol: ['experiment'],
  experiment: [
    'onnx',
    'autodiff',
    'objectives',
    'students',
    'training',
    'teacher',
    'data',
    'evaluation',
    'quantization',
    'protocol',
  ],
  trainer: ['experiment', 'protocol'],
  extension: ['experiment', 'protocol'],
  cli: ['onnx', 'training', 'teacher', 'evaluation', 'experiment', 'protocol'],
};

const roomRules = Object.entries(rooms).map(([room, allowed]) => {
  const forbidden = Object.keys(rooms).filter((other) => other !== room && !allowed.includes(other));
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
              message: `src/${room}/ may import only: ${allowed.join(', ') || 'itself'}.`,
            },
            ...(room === 'extension'
              ? [
                  {
                    regex: '^(onnxruntime-node|sharp|@julusian/|@tensorflow/)',
                    message: 'Native modules load only in the child process.',
                  },
                  {
                    regex:
                      '^(\\.\\./)+experiment/(?!(schema|jsonSchema|otherReports|parseExperiment|readExperimentFile|runFolder|runId)\\.ts)',
                    message: 'The extension knows the experiment file and the run folder, never the engine.',
                  },
                ]
              : [{ regex: '^vscode$', message: 'Only src/extension/ imports vscode.' }]),
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'node_modules/', 'src/onnx/onnx_pb.ts', 'test/e2e/output/', '**/*.cjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.mjs'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-console': 'error',
    },
  },
  ...roomRules,
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.mjs', 'bench/**', 'test/**'], rules: { 'no-console': 'off', 'no-undef': 'off' } },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['src/cli/**'], rules: { 'no-console': 'off' } },
);
