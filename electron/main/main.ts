// Entry of Electron's main process.
import { app } from 'electron';
import { startShell } from './shell.ts';

startShell().catch((error: unknown) => {
  console.error(error);
  app.exit(1);
});
