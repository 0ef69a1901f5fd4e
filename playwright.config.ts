// End-to-end specs in real Chromium against a studio that each worker starts for itself (e2e/fixtures).
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    // Tracing slows a page down, most of all one that draws: only what failed once is traced (with --retries 1).
    trace: 'on-first-retry',
    actionTimeout: 15_000,
  },
});
