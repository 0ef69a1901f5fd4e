// Keeps zod from trying whether it may compile code: the content policy forbids it, and the try alone is a breach.
// Imported first: zod tries when the first schema is made.
import { config } from 'zod';

config({ jitless: true });
