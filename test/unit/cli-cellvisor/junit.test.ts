import { junitXml } from '../../../src/cli/cellvisor/try/junit';

test('a passed and a failed case', () => {
  const xml = junitXml({
    name: 'gic-demo',
    seconds: 1.5,
    output: 'line\r\nnext\n',
    cases: [{ name: 'runs' }, { name: `prints 'x'`, failure: 'not printed\nhint: more time' }],
  });
  expect(xml).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites tests="2" failures="1" errors="0" skipped="0" time="1.500">',
      '  <testsuite name="gic-demo" tests="2" failures="1" errors="0" skipped="0" time="1.500">',
      '    <testcase classname="gic-demo" name="runs" time="1.500"/>',
      `    <testcase classname="gic-demo" name="prints 'x'" time="1.500">`,
      '      <failure message="not printed">not printed',
      'hint: more time</failure>',
      '    </testcase>',
      '    <system-out>line',
      'next',
      '</system-out>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
});

test('whatever an inmate prints, the file stays XML', () => {
  const output = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1') + '<&">]]>';
  const xml = junitXml({ name: '<&">', seconds: 0, output, cases: [{ name: '"<', failure: '\u0000&' }] });
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  expect(xml).toContain('name="&lt;&amp;&quot;&gt;"');
  expect(xml.match(/<(?!\/?(\?xml|testsuites?|testcase|failure|system-out))/)).toBeNull();
});
