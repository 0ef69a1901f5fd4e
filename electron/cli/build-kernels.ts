// Compiles the AssemblyScript sources in compute/kernels/assembly to WebAssembly and writes each as base64 beside that
// folder, because Node runs the sources without a build step. `npm run build:kernels`, and commit what it wrote.
// Development only.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { main } from 'assemblyscript/asc';

/** The sources in assembly/, one WebAssembly module each. */
export const kernelModules = ['frontEnd', 'neighbours', 'probe', 'resample', 'tsne'] as const;

/** Where the sources' folder and what is made of them lie. */
export const kernelFolder = resolve(import.meta.dirname, '../compute/kernels');

/**
 * Shared memory that the caller brings (4 GiB at most), SIMD and atomics; no managed objects. Relaxed SIMD stays off:
 * its results differ between processors.
 */
const options = [
  ...['--runtime', 'stub', '--noAssert', '-O3', '--converge', '--use', 'abort='],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads'],
];

/** The text of the generated file of one module. */
export async function generateKernels(name: (typeof kernelModules)[number]): Promise<string> {
  const sources = new Set(await readdir(join(kernelFolder, 'assembly')));
  let wasm: Uint8Array | string | undefined;
  const { error, stderr } = await main([`${name}.ts`, '--outFile', `${name}.wasm`, ...options], {
    readFile: (file) =>
      sources.has(file) ? readFile(join(kernelFolder, 'assembly', file), 'utf8') : Promise.resolve(null),
    writeFile: (file, contents) => {
      if (file === `${name}.wasm`) wasm = contents;
    },
    listFiles: () => null,
  });
  if (error !== null || wasm === undefined) throw new Error(`${name}: ${error?.message}\n${stderr}`);
  const base64 = Buffer.from(wasm).toString('base64');
  const lines = base64.match(/.{1,104}/g) ?? [];
  return [
    `// Made from assembly/${name}.ts by \`npm run build:kernels\`; not to be edited. ${wasm.length} bytes.`,
    `export const ${name}Wasm = [`,
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

if (import.meta.main) {
  for (const name of kernelModules) {
    const file = join(kernelFolder, `${name}.wasm.ts`);
    await writeFile(file, await generateKernels(name));
    console.log(basename(file));
  }
}
