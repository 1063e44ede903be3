/** Which way imports may point: server → channels, desk, eval → bot → (store, llm, knowledge). Run by tests/architecture.test.ts. */
const tests = '\\.test\\.tsx?$|/testing/';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'knowledge-knows-nobody',
      severity: 'error',
      from: { path: '^knowledge/', pathNot: tests },
      to: { path: '^(bot|channels|desk|eval|server|prompts)/' },
    },
    {
      name: 'bot-knows-no-channel-and-no-http',
      severity: 'error',
      from: { path: '^bot/', pathNot: tests },
      to: { path: '^(channels|desk|eval|server)/|/node_modules/(express|ws|multer|helmet)/' },
    },
    {
      name: 'store-and-llm-stand-below-the-dialogue',
      severity: 'error',
      from: { path: '^bot/(store|llm)/', pathNot: tests },
      to: { path: '^bot/', pathNot: '^bot/(store|llm)/|^bot/(activity|outcome)\\.ts$' },
    },
    {
      name: 'channels-know-no-business',
      severity: 'error',
      from: { path: '^channels/', pathNot: tests },
      to: { path: '^(desk|eval|server|knowledge|prompts)/' },
    },
    {
      name: 'one-channel-knows-no-other',
      severity: 'error',
      from: { path: '^channels/([^/]+)/', pathNot: tests },
      to: { path: '^channels/([^/]+)/', pathNot: '^channels/$1/' },
    },
    {
      name: 'the-widget-stands-alone',
      severity: 'error',
      from: { path: '^channels/web/widget/', pathNot: tests },
      to: { path: '^(bot|channels|desk|eval|server|knowledge)/', pathNot: '^channels/web/widget/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-desk-app-uses-the-public-api-only',
      severity: 'error',
      from: { path: '^desk/app/', pathNot: tests },
      to: { path: '^(bot|channels|desk|eval|server|knowledge)/', pathNot: '^desk/app/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'desk-api-looks-down-only',
      severity: 'error',
      from: { path: '^desk/', pathNot: tests },
      to: { path: '^(channels|eval|server)/' },
    },
    { name: 'eval-runs-the-core', severity: 'error', from: { path: '^eval/', pathNot: tests }, to: { path: '^(channels|desk|server)/' } },
    {
      name: 'botbuilder-stays-at-the-edge',
      severity: 'error',
      from: { pathNot: '^(bot|channels)/|node_modules' },
      to: { path: 'node_modules/botbuilder' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|node_modules/\\.cache|\\.scratch)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css', '.json'],
    },
  },
};
