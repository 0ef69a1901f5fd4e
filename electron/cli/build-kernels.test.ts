import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateKernels, kernelFolder, kernelModules } from './build-kernels.ts';

it.each(kernelModules)('The committed WebAssembly of %s is what its source compiles to', async (name) => {
  const committed = await readFile(join(kernelFolder, `${name}.wasm.ts`), 'utf8');
  const isSame = committed === (await generateKernels(name));
  expect(isSame, `${name}.wasm.ts is not what assembly/${name}.ts makes: run npm run build:kernels`).toBe(
    true,
  );
});
