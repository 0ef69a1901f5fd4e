// The worker process: decodes and parses untrusted files for the engine. May be killed at any moment; it keeps
// nothing that matters.
import { serveTasks } from '../ipc/serve-tasks.ts';
import { createTasks } from './tasks.ts';

serveTasks(createTasks());
