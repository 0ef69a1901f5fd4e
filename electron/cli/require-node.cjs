// Loaded before every TypeScript entry (node --require): says in words that Node is too old, where Node itself would
// say ERR_UNKNOWN_FILE_EXTENSION. Written for Node 12 and later.
'use strict';

var parts = process.versions.node.split('.').map(Number);
var major = parts[0];
var minor = parts[1];
var isNewEnough = major > 22 || (major === 22 && minor >= 12);
// TypeScript is run as it is from these on.
var runsTypeScript = major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (!isNewEnough || !runsTypeScript) {
  console.error(
    'Earmark needs Node 24 and this is Node ' +
      process.versions.node +
      '. Nothing was started. Run `npm ci` once, then `npm start` or `npm run -s earmark -- COMMAND`: they use the Node 24 that comes with it.',
  );
  process.exit(2);
}

// The compiled form of Earmark's modules is kept in the checkout, for this process and those it starts: starting takes
// half as long. Where nothing can be written there, nothing is kept.
if (!process.env.NODE_COMPILE_CACHE) {
  process.env.NODE_COMPILE_CACHE = require('node:path').join(
    __dirname,
    '../../node_modules/.cache/earmark-code',
  );
}
require('node:module').enableCompileCache();
