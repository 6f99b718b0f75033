import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** ONNX Runtime reads whether it may send telemetry when it loads, so there is one place that loads it. */
const loadingOnnxRuntime = {
  name: 'onnxruntime-node',
  allowTypeImports: true,
  message: 'Only src/platform/onnxRuntime.ts loads ONNX Runtime, without its telemetry: import from there.',
};

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
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [loadingOnnxRuntime] }],
    },
  },
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
