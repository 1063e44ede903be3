/** Gates and cases in the form that build servers read. */
import type { Judgement } from './judgement.ts';

const xml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 allows none of these
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('\n', '&#10;');

/** One test suite each; a gate is a test that can fail, a case only an information unless the suite has no gate. */
export function junit(judgements: readonly Judgement[]): string {
  const suites = judgements.map(({ result, gates, comparison, verdict }) => {
    const gateTests = [
      ...gates.map((gate) => {
        const name = `gate ${gate.metric} ${gate.rule}`;
        const words = `${gate.metric} = ${gate.value} ${gate.why}`;
        return { name, failed: gate.verdict !== 'pass' && gate.severity === 'block', words };
      }),
      ...(comparison
        ? [
            {
              name: 'baseline',
              failed: comparison.verdict === 'regressed',
              words: `${comparison.broken.length} broken, ${comparison.fixed.length} fixed`,
            },
          ]
        : []),
    ];
    const cases = result.cases.map((one) => {
      const head = `<testcase classname="${xml(result.suite)}" name="${xml(`${one.id} ${one.input}`.slice(0, 200))}" time="${(one.latencyMs / 1000).toFixed(6)}"`;
      if (one.status === 'error') return `${head}><error message="${xml(one.error ?? '')}"/></testcase>`;
      return one.status === 'fail' ? `${head}><skipped message="${xml(`failed: ${one.fault ?? ''}`)}"/></testcase>` : `${head}/>`;
    });
    const tests = gateTests.map(({ name, failed, words }) => {
      const head = `<testcase classname="${xml(result.suite)}.gate" name="${xml(name)}"`;
      return failed ? `${head}><failure message="${xml(words)}"/></testcase>` : `${head}/>`;
    });
    const failures = gateTests.filter((test) => test.failed).length;
    const count = (status: string) => result.cases.filter((one) => one.status === status).length;
    const attributes = `name="${xml(result.suite)}" tests="${tests.length + cases.length}" failures="${failures}" errors="${count('error')}" skipped="${count('fail')}" time="${result.manifest.seconds}"`;
    return `  <testsuite ${attributes}>\n    <properties><property name="verdict" value="${verdict}"/></properties>\n    ${[...tests, ...cases].join('\n    ')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}
