// The analysis process: computes on arrays and runs models for the engine. May be killed at any moment; what it has
// done lies in files that the engine takes over only when they are whole.
import { serveTasks } from '../ipc/serve-tasks.ts';
import { createAnalysisTasks } from './tasks.ts';

serveTasks(createAnalysisTasks());
