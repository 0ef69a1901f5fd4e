// Where things lie in a checkout, for the browser host and the command line. The packaged window has its own places.
import { join, resolve } from 'node:path';
import packageData from '../../package.json' with { type: 'json' };

const checkout = resolve(import.meta.dirname, '../..');

export const version: string = packageData.version;
export const rendererFolder: string = join(checkout, 'dist/renderer');
export const samplePath: string = join(checkout, 'resources/sample');
