// Which folder may import which. Every rule's comment names the right place.
const anyOf = (...folders) => `^(${folders.join('|')})/`;
// Node's own modules, as dependency-cruiser names them.
const nodeModules =
  '^(node:)?(assert|async_hooks|buffer|child_process|crypto|events|fs|http|https|net|os|path|perf_hooks|process|stream|tls|url|util|v8|vm|worker_threads|zlib)(/|$)';
const no = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    no('no-circular', {}, { circular: true }, 'Two files that need each other want a third, or one file.'),
    no('no-unresolved', {}, { couldNotResolve: true }, 'The import leads nowhere.'),
    no(
      'shared-stands-alone',
      { path: '^shared/', pathNot: '\\.test\\.ts$' },
      { path: ['^(electron|renderer|e2e|bench)/', nodeModules] },
      'shared/ is what both sides know: no Node, DOM or Electron. Put Node code in electron/, interface code in renderer/.',
    ),
    no(
      'renderer-imports-shared-only',
      { path: '^renderer/' },
      { path: ['^(electron|e2e|bench)/', nodeModules] },
      'The renderer talks to the engine through shared/contract only.',
    ),
    no(
      'renderer-features-through-index',
      { path: '^renderer/features/([^/]+)/' },
      {
        path: '^renderer/features/',
        pathNot: ['^renderer/features/$1/', '^renderer/features/[^/]+/index\\.tsx?$'],
      },
      'Another feature is public through its index.ts only.',
    ),
    no(
      'ui-knows-no-product',
      { path: '^renderer/(ui|lib)/' },
      { path: '^renderer/(features|app)/' },
      'renderer/ui and renderer/lib know no features; pass what they need as props.',
    ),
    no(
      'electron-only-in-main-and-preload',
      { pathNot: '^electron/(main|preload)/' },
      { path: '(^|/)node_modules/electron/|^electron$' },
      'Only electron/main and electron/preload import electron.',
    ),
    no(
      'numeric-code-touches-no-files',
      { path: '^electron/(compute|text)/', pathNot: '\\.test\\.ts$' },
      {
        path: [
          '^(node:)?(fs|child_process|net|http|https|worker_threads)(/|$)',
          'better-sqlite3',
          anyOf('electron/(audio|formats|models|catalog|features|engine|worker|analysis|main|cli|serve)'),
        ],
      },
      'compute and text are pure: files belong in formats or audio, SQL in catalog.',
    ),
    no(
      'sql-only-in-catalog',
      { path: '^electron/', pathNot: ['^electron/catalog/', '\\.test\\.ts$'] },
      { path: 'node_modules/better-sqlite3' },
      'SQLite is opened in electron/catalog only.',
    ),
    no(
      'libraries-know-no-features',
      { path: anyOf('electron/(compute|text|audio|formats|models|catalog)') },
      { path: anyOf('electron/(features|engine|worker|analysis|main|preload|cli|serve)') },
      'Imports run one way: shared <- libraries <- features <- engine, worker, analysis <- main, cli, serve.',
    ),
    no(
      'features-know-no-engine',
      { path: '^electron/features/', pathNot: '\\.test\\.ts$' },
      { path: anyOf('electron/(engine|worker|analysis|main|preload|cli|serve)') },
      'Features get what they need as arguments (features/context.ts).',
    ),
    no(
      'engine-knows-no-shell',
      { path: anyOf('electron/(engine|worker|analysis)'), pathNot: '\\.test\\.ts$' },
      { path: anyOf('electron/(main|preload|cli|serve)') },
      'The host knows the engine, not the other way round.',
    ),
    no(
      'engine-parses-no-audio',
      { path: anyOf('electron/(engine|features)'), pathNot: '\\.test\\.ts$' },
      { path: '^electron/audio/decode', dependencyTypesNot: ['type-only'] },
      'Untrusted audio is decoded in the worker process only.',
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|test-results)/' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
    },
  },
};
