// Where the command line finds the project's own version and the sample.
import { resolve } from 'node:path';
import packageData from '../../package.json' with { type: 'json' };

export const version: string = packageData.version;
export const samplePath = resolve(import.meta.dirname, '../../resources/sample');
