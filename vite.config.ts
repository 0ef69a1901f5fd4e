// Builds the renderer: `vite build` -> dist/renderer, served alike by the desktop shell and by `earmark serve`.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome134',
    // One bundle, loaded from this machine: splitting it buys nothing here.
    chunkSizeWarningLimit: 4000,
  },
});
